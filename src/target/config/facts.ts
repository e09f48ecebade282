import { splitKeyPath } from './key-path.ts';

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
  /** Known, but not read in this layer: a project must not redirect a credential. */
  | 'ignored_key'
  | 'deprecated_key'
  | 'shadowed_key';

/** Why a file that should be read was not. `missing` is a link that leads nowhere. */
export type ReadFault =
  | 'missing'
  | 'permissions'
  | 'wrong_type'
  | 'not_utf8'
  | 'too_large'
  | 'loop'
  | 'failed';

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
  /** What stands there instead, such as `the number 5` or `a directory`; a value only when it is a short plain word. */
  readonly found?: string;
  readonly readFault?: ReadFault;
  /** The agent itself refuses to start on this. */
  readonly fatal: boolean;
}

/** A feature flag that some layer sets. */
export interface FeatureFlag {
  readonly name: string;
  /** The older spelling that was used, when it differs. */
  readonly writtenAs?: string;
  readonly enabled: boolean;
  readonly stage: FeatureStage;
  readonly layer: ConfigLayer;
}

export type FeatureStage = 'stable' | 'experimental' | 'under development' | 'deprecated' | 'removed';

/** The folder that the agent is started in, as the configuration judges it. */
export interface ProjectFacts {
  /** Nearest folder upwards with a root marker such as `.git`; the working directory when there is none. */
  readonly root: string;
  /** From `[projects."<root>"] trust_level`; only a trusted project's own configuration is read. */
  readonly trust: 'trusted' | 'untrusted' | 'unknown';
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
  /** The flags behind `features`, with the layer that decides each. */
  readonly flags: readonly FeatureFlag[];
  readonly project: ProjectFacts;
  /**
   * Folders that hold configuration besides the files in `layers`, such as rules: the administrator's, the home, those of
   * a trusted project from its root down. In rising precedence; not every one exists.
   */
  readonly folders: readonly string[];
}

/**
 * The value at a dotted key path, or undefined.
 * @param keyPath as a user would write it: a key with dots of its own stands in quotes, `projects."/home/a.b".trust_level`
 */
export function valueAt(table: ConfigTable, keyPath: string): ConfigValue | undefined {
  let value: ConfigValue | undefined = table;
  for (const key of splitKeyPath(keyPath)) {
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

/** Whole numbers beyond what a JavaScript number holds exactly arrive as `bigint`. */
export const isWholeNumber = (value: ConfigValue): value is number | bigint =>
  typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));

/**
 * The problem leaves open which provider the agent would use: a file that cannot be read could name any, whereas a wrong
 * value elsewhere changes nothing about it.
 */
export function leavesProviderOpen({ fatal, kind, keyPath }: ConfigProblem): boolean {
  if (!fatal) return false;
  return kind === 'malformed' || kind === 'unreadable' || keyPath?.startsWith('model_provider') === true;
}
