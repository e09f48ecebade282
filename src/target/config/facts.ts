/** A TOML value after parsing. */
export type ConfigValue = string | number | bigint | boolean | Date | readonly ConfigValue[] | ConfigTable;
export interface ConfigTable {
  readonly [key: string]: ConfigValue;
}

/** Rising precedence: a later kind overrides an earlier one. */
export const LAYER_KINDS = ['system', 'user', 'profile', 'project', 'override', 'managed'] as const;
export type LayerKind = (typeof LAYER_KINDS)[number];

export interface ConfigLayer {
  readonly kind: LayerKind;
  /** The file; for overrides the option as given, such as `-c model=…`. */
  readonly origin: string;
  readonly state: 'loaded' | 'missing' | 'unreadable' | 'malformed' | 'untrusted';
  /** Empty unless loaded; a malformed file may still contribute the tables before its error. */
  readonly values: ConfigTable;
}

export type ConfigProblemKind =
  | 'unreadable'
  | 'malformed'
  | 'invalid_value'
  | 'unknown_reference'
  | 'unknown_key'
  | 'deprecated_key'
  | 'shadowed_key';

/** Something wrong in a layer, with the place where it stands. */
export interface ConfigProblem {
  readonly kind: ConfigProblemKind;
  readonly layer: LayerKind;
  readonly origin: string;
  /** 1-based. */
  readonly line?: number;
  readonly column?: number;
  /** Dotted, as the user would write it, such as `mcp_servers.docs.url`. */
  readonly keyPath?: string;
  /** One sentence, without the place. */
  readonly message: string;
  readonly expected?: string;
  readonly allowed?: readonly string[];
  /** The key to use instead, or the nearest known one. */
  readonly suggestion?: string;
  /** The agent itself refuses to start on this. */
  readonly fatal: boolean;
}

/** The configuration that the agent would use, read as far as it can be read. */
export interface ConfigFacts {
  readonly layers: readonly ConfigLayer[];
  /** Merged over all loaded layers. Values that are invalid are left out, so that a reader gets the agent's default. */
  readonly effective: ConfigTable;
  readonly problems: readonly ConfigProblem[];
  /** The layer that set the effective value of a dotted key path, or undefined when the default holds. */
  sourceOf(keyPath: string): ConfigLayer | undefined;
  /** Effective feature flags after layers, `--enable` and `--disable`; only those that some layer names. */
  readonly features: Readonly<Record<string, boolean>>;
}

/** The value at a dotted key path, or undefined. */
export function valueAt(table: ConfigTable, keyPath: string): ConfigValue | undefined {
  let value: ConfigValue | undefined = table;
  for (const key of keyPath.split('.')) {
    if (!isTable(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

export function stringAt(table: ConfigTable, keyPath: string): string | undefined {
  const value = valueAt(table, keyPath);
  return typeof value === 'string' ? value : undefined;
}

export function booleanAt(table: ConfigTable, keyPath: string): boolean | undefined {
  const value = valueAt(table, keyPath);
  return typeof value === 'boolean' ? value : undefined;
}

export function tableAt(table: ConfigTable, keyPath: string): ConfigTable | undefined {
  const value = valueAt(table, keyPath);
  return isTable(value) ? value : undefined;
}

export function isTable(value: ConfigValue | undefined): value is ConfigTable {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
