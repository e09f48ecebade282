import type { ProfileId } from '../profile.ts';
import type { ShapeFinding } from './check-shape.ts';
import type { ConfigLayer, ConfigTable, ConfigValue, FeatureFlag } from './facts.ts';
import { isTable } from './facts.ts';
import { knownFeatures, LEGACY_FEATURES, TABLE_FEATURES } from './schema/features.ts';
import { nearest } from './suggest.ts';

/** The flag that a name sets: itself, the one an older spelling stands for, or undefined. */
export function canonicalFeature(name: string, profile: ProfileId): string | undefined {
  return knownFeatures(profile).has(name) ? name : LEGACY_FEATURES.get(name);
}

export function nearestFeature(name: string, profile: ProfileId): string | undefined {
  return nearest(name, knownFeatures(profile).keys());
}

/** Names under `[features]` that no flag has, which the agent passes over, and tables for flags that take none. */
export function checkFeatures(values: ConfigTable, profile: ProfileId): ShapeFinding[] {
  return Object.entries(tableOf(values['features'])).flatMap(([written, value]): ShapeFinding[] => {
    const path = ['features', written];
    const name = canonicalFeature(written, profile);
    if (name === undefined) {
      const suggestion = nearestFeature(written, profile);
      const message = 'the agent has no such feature flag and passes over it';
      return [{ kind: 'unknown_key', path, message, ...(suggestion !== undefined && { suggestion }) }];
    }
    if (typeof value === 'boolean' || TABLE_FEATURES.has(name)) return [];
    return [
      {
        kind: 'invalid_value',
        path,
        message: 'this flag takes no settings, only true or false',
        found: 'a table',
        expected: 'true or false',
      },
    ];
  });
}

export function withoutUnknownFeatures(values: ConfigTable, profile: ProfileId): ConfigTable {
  const features = values['features'];
  if (!isTable(features)) return values;
  const known = Object.entries(features).filter(([name]) => canonicalFeature(name, profile) !== undefined);
  return { ...values, features: Object.fromEntries(known) };
}

/** The flags that some layer sets, each as the highest of those layers has it. */
export function resolveFeatures(layers: readonly ConfigLayer[], profile: ProfileId): FeatureFlag[] {
  const flags = new Map<string, FeatureFlag>();
  for (const layer of layers) {
    const written = { ...rootSpelling(layer.values), ...tableOf(layer.values['features']) };
    for (const [writtenAs, value] of Object.entries(written)) {
      const name = canonicalFeature(writtenAs, profile);
      const enabled = isOn(value);
      if (name === undefined || enabled === undefined) continue;
      const stage = knownFeatures(profile).get(name)?.stage ?? 'removed';
      flags.set(name, { name, enabled, stage, layer, ...(writtenAs !== name && { writtenAs }) });
    }
  }
  return [...flags.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** One flag also has an older key at the root of the file. */
function rootSpelling(values: ConfigTable): ConfigTable {
  const value = values['experimental_use_unified_exec_tool'];
  return value === undefined ? {} : { experimental_use_unified_exec_tool: value };
}

/** A table of settings turns its flag on unless it says `enabled = false`. */
function isOn(value: ConfigValue): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (!isTable(value)) return undefined;
  const enabled = value['enabled'];
  return typeof enabled === 'boolean' ? enabled : undefined;
}

const tableOf = (value: ConfigValue | undefined): ConfigTable => (isTable(value) ? value : {});
