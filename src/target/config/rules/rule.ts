import type { Files } from '../../../host/files.ts';
import type { Environment, Home } from '../../home.ts';
import type { ConfigProblem, ConfigTable, LayerKind } from '../facts.ts';
import { isTable } from '../facts.ts';
import { formatKeyPath } from '../key-path.ts';
import type { KeyPath } from '../key-path.ts';
import type { LoadedLayer } from '../layer.ts';
import { valueAtPath } from '../merge.ts';

/** What a rule that spans keys, layers or files looks at. */
export interface RuleInput {
  /** Merged over all layers, without values that do not fit the schema. */
  readonly effective: ConfigTable;
  /** Rising precedence. */
  readonly layers: readonly LoadedLayer[];
  readonly home: Home;
  readonly files: Files;
  readonly cwd: string;
  readonly env: Environment;
}

export type Rule = (input: RuleInput) => ConfigProblem[];

/** The highest layer that sets a path. */
export function layerSetting(layers: readonly LoadedLayer[], path: KeyPath): LoadedLayer | undefined {
  return layers.findLast(({ layer }) => valueAtPath(layer.values, path) !== undefined);
}

/** A problem at a path, placed in the highest layer that sets it. */
export function problemAt(
  { layers }: RuleInput,
  path: KeyPath,
  problem: Omit<ConfigProblem, 'layer' | 'origin' | 'line' | 'column' | 'keyPath'>,
): ConfigProblem {
  const setting = layerSetting(layers, path);
  const kind: LayerKind = setting?.layer.kind ?? 'user';
  return {
    layer: kind,
    origin: setting?.layer.origin ?? layers.find(({ layer }) => layer.kind === 'user')?.layer.origin ?? '',
    keyPath: formatKeyPath(path),
    ...setting?.locate?.(path),
    ...problem,
  };
}

/** The tables below a key, by name: providers, servers, profiles. */
export function namedTables(effective: ConfigTable, key: string): (readonly [string, ConfigTable])[] {
  const value = effective[key];
  if (!Object.hasOwn(effective, key) || !isTable(value)) return [];
  return Object.entries(value).flatMap(([name, table]) => (isTable(table) ? [[name, table] as const] : []));
}

/** Makes problems of values below one table on which the agent refuses to start. */
export function refusalsUnder(
  input: RuleInput,
  table: KeyPath,
): (keys: KeyPath, message: string, expected: string) => ConfigProblem {
  return (keys, message, expected) =>
    problemAt(input, [...table, ...keys], { kind: 'invalid_value', message, expected, fatal: true });
}
