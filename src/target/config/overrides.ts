import { parse } from 'smol-toml';
import type { ProfileId } from '../profile.ts';
import type { ConfigLayer, ConfigProblem, ConfigTable, ConfigValue } from './facts.ts';
import { canonicalFeature, nearestFeature } from './features.ts';
import { formatKeyPath } from './key-path.ts';
import { checkValues } from './layer.ts';
import type { LoadedLayer } from './layer.ts';
import { tableWith } from './merge.ts';

/** Overrides of the examined configuration, as the agent's own command line takes them. */
export interface ConfigOverrides {
  /** `key=value`, each value a TOML value or, failing that, a bare string. */
  readonly set: readonly string[];
  readonly enable: readonly string[];
  readonly disable: readonly string[];
  /** `--profile`: the layer `<name>.config.toml` of the home. */
  readonly profile?: string | undefined;
  /** `--ignore-user-config`: the home's own `config.toml` is not read. */
  readonly ignoreUserConfig?: boolean;
}

/** One layer per option, in the order in which the agent applies them: `-c`, then `--enable`, then `--disable`. */
export function overrideLayers(overrides: ConfigOverrides, profile: ProfileId): LoadedLayer[] {
  const { profile: named } = overrides;
  const wrongName =
    named === undefined || isProfileName(named)
      ? []
      : [
          refused('--profile', {
            kind: 'invalid_value',
            message: 'the profile is not a plain name such as `work`',
            expected: '--profile <name>',
          }),
        ];
  return [
    ...wrongName,
    ...overrides.set.map((option) => setLayer(option, profile)),
    ...overrides.enable.map((name) => featureLayer({ name, enabled: true, profile })),
    ...overrides.disable.map((name) => featureLayer({ name, enabled: false, profile })),
  ];
}

/** A profile is named, not given as a path: `<name>.config.toml` of the home. */
export const isProfileName = (name: string): boolean => /^[\w.-]+$/.test(name);

function setLayer(option: string, profile: ProfileId): LoadedLayer {
  const equals = option.indexOf('=');
  const key = (equals < 0 ? option : option.slice(0, equals)).trim();
  // The origin names the key only: the value may be a secret.
  const origin = `-c ${formatKeyPath(key.split('.'))}=…`;
  if (equals < 0 || key === '')
    return refused(origin, {
      kind: 'malformed',
      message: 'the option is not of the form `key=value`',
      expected: '-c key=value',
    });
  const written = tableWith(key.split('.'), valueOf(option.slice(equals + 1).trim()));
  return layerOf({ origin, written, profile });
}

function featureLayer({
  name,
  enabled,
  profile,
}: {
  name: string;
  enabled: boolean;
  profile: ProfileId;
}): LoadedLayer {
  const origin = `${enabled ? '--enable' : '--disable'} ${formatKeyPath([name])}`;
  if (canonicalFeature(name, profile) === undefined) {
    const suggestion = nearestFeature(name, profile);
    return refused(origin, {
      kind: 'invalid_value',
      message: 'the agent has no such feature flag and does not start',
      keyPath: formatKeyPath(['features', name]),
      ...(suggestion !== undefined && { suggestion }),
    });
  }
  return layerOf({ origin, written: tableWith(['features', name], enabled), profile });
}

function layerOf({
  origin,
  written,
  profile,
}: {
  origin: string;
  written: ConfigTable;
  profile: ProfileId;
}): LoadedLayer {
  const { values, problems } = checkValues({ kind: 'override', origin, written, profile });
  return { layer: { kind: 'override', origin, state: 'loaded', values }, written, problems };
}

function refused(origin: string, problem: Omit<ConfigProblem, 'layer' | 'origin' | 'fatal'>): LoadedLayer {
  const layer: ConfigLayer = { kind: 'override', origin, state: 'malformed', values: {} };
  return { layer, written: {}, problems: [{ layer: 'override', origin, fatal: true, ...problem }] };
}

function valueOf(text: string): ConfigValue {
  try {
    const value = (parse(`value = ${text}`, { integersAsBigInt: 'asNeeded' }) as ConfigTable)['value'];
    if (value !== undefined) return value;
  } catch {
    // Not TOML: the agent takes the text itself.
  }
  return /^(["']).*\1$/s.test(text) ? text.slice(1, -1) : text;
}
