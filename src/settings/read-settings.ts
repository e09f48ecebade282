import type { Files } from '../host/files.ts';
import type { Waiver } from '../doctor/report.ts';
import type { Environment } from '../target/home.ts';
import { readEnvironment } from './environment.ts';
import { readSettingsText } from './file-text.ts';
import type { FileText } from './file-text.ts';
import { readSettingsFile, settingsPlaces } from './files.ts';
import type { SettingsPlace } from './files.ts';
import {
  DOCTOR_KEYS,
  HISTORY_ENABLED_KEY,
  HISTORY_KEEP_KEY,
  pathOf,
  PLUGINS_KEY,
  SETTING_KEYS,
} from './keys.ts';
import type { SettingKey, SettingValue } from './keys.ts';
import { resolvePaths } from './paths.ts';
import type {
  DeclaredCheck,
  PluginReference,
  Setting,
  Settings,
  SettingsFault,
  SettingsRead,
} from './settings.ts';
import { withoutTrust } from './trust.ts';

export interface SettingsSurroundings {
  readonly env: Environment;
  readonly cwd: string;
  readonly files: Pick<Files, 'look' | 'readText' | 'realpath'>;
  readonly platform?: NodeJS.Platform;
  /** `--trust-project` was given. */
  readonly trustProject: boolean;
}

/** One file or the environment, with everything that counts of it. */
interface Layer {
  readonly values: ReadonlyMap<string, Setting<SettingValue>>;
  readonly waivers: readonly Waiver[];
  readonly checks: readonly DeclaredCheck[];
  readonly pluginsFrom: string;
  readonly untrusted: readonly string[];
}

/**
 * Reads what files and environment say in place of options. A machine without `stethos.toml` pays for a few looks at
 * paths. Any fault anywhere, and nothing is followed: half of a gate would be no gate.
 */
export function readSettings(surroundings: SettingsSurroundings): SettingsRead {
  const { env, cwd, files, platform = process.platform } = surroundings;
  const environment = readEnvironment(env, cwd);
  const faults: SettingsFault[] = [...environment.faults];
  const trustProject = surroundings.trustProject || environment.trustProject;
  const layers: Layer[] = [
    { values: environment.values, waivers: [], checks: [], pluginsFrom: cwd, untrusted: [] },
  ];
  const read: SettingsPlace[] = [];
  for (const place of settingsPlaces({ env, cwd, files, platform })) {
    const content = readSettingsFile(place.path, place.shown, files);
    if (content.kind === 'faulty') faults.push(content.fault);
    if (content.kind !== 'text') continue;
    const text = readSettingsText(content.text, place);
    faults.push(...text.faults);
    read.push(place);
    layers.push(layerOf(text, place, { isTrusted: trustProject || place.kind === 'user', files }));
  }
  if (faults.length > 0) return { kind: 'faulty', faults };
  return { kind: 'read', settings: settingsOf(layers, read) };
}

function settingsOf(layers: readonly Layer[], read: readonly SettingsPlace[]): Settings {
  const find = (key: SettingKey): Setting<SettingValue> | undefined =>
    layers.flatMap(({ values }) => values.get(pathOf(key)) ?? [])[0];
  const doctor = Object.fromEntries(
    Object.entries(DOCTOR_KEYS).flatMap(([name, key]) => {
      const found = find(key);
      return found ? [[name, found]] : [];
    }),
  ) as Settings['doctor'];
  const orDefault = <Value extends SettingValue>(key: SettingKey): Setting<Value> =>
    (find(key) ?? { value: key.default, source: DEFAULT_SOURCE }) as Setting<Value>;
  return {
    doctor,
    waivers: layers.flatMap(({ waivers }) => waivers),
    plugins: layers.flatMap(pluginsOf),
    checks: layers.flatMap(({ checks }) => checks),
    history: {
      enabled: orDefault<boolean>(HISTORY_ENABLED_KEY),
      keep: orDefault<number>(HISTORY_KEEP_KEY),
    },
    files: read.map(({ kind, path }) => ({ kind, path })),
    untrusted: layers.flatMap(({ untrusted }) => untrusted),
  };
}

export const DEFAULT_SOURCE = { kind: 'default', where: 'default' } as const;

/** Plugins add up: each file brings its own. */
function pluginsOf({ values, pluginsFrom }: Layer): PluginReference[] {
  const load = values.get(pathOf(PLUGINS_KEY));
  return ((load?.value ?? []) as readonly string[]).map((specifier) => ({
    specifier,
    from: pluginsFrom,
    source: load?.source ?? DEFAULT_SOURCE,
  }));
}

const KEYS: ReadonlyMap<string, SettingKey> = new Map(SETTING_KEYS.map((key) => [pathOf(key), key]));

function layerOf(
  { values, waivers, checks }: FileText,
  place: SettingsPlace,
  { isTrusted, files }: { readonly isTrusted: boolean; readonly files: Pick<Files, 'look' | 'realpath'> },
): Layer {
  const counted = new Map<string, Setting<SettingValue>>();
  const untrusted: string[] = [];
  for (const [path, setting] of values) {
    const key = KEYS.get(path);
    if (!key) continue;
    const value = resolvePaths(key, setting.value, place.folder);
    const allowed = isTrusted ? value : withoutTrust(key, value, { place, files });
    if (allowed !== undefined) counted.set(path, { ...setting, value: allowed });
    if (allowed !== value) untrusted.push(allowed === undefined ? path : `${path} with a FILE`);
  }
  if (!isTrusted)
    untrusted.push(
      ...checks.map(({ table }) => `check ${typeof table['id'] === 'string' ? table['id'] : ''}`),
    );
  return {
    values: counted,
    waivers,
    checks: isTrusted ? checks.map((check) => ({ ...check, from: place.folder })) : [],
    pluginsFrom: place.folder,
    untrusted,
  };
}
