import type { FailOn, Waiver } from '../doctor/report.ts';

/** From the strongest to the weakest (peers' convention): the first that says something decides. */
export const SOURCES = ['flag', 'environment', 'project', 'user', 'default'] as const;
export type SourceKind = (typeof SOURCES)[number];

/** Where a value comes from: `--fail-on`, `STETHOS_FAIL_ON`, `./stethos.toml, line 3`. */
export interface Source {
  readonly kind: SourceKind;
  readonly where: string;
}

export interface Setting<Value> {
  readonly value: Value;
  readonly source: Source;
}

/** What `[doctor]` in `stethos.toml` and `STETHOS_*` may say in place of an option of the same name. */
export interface DoctorSettings {
  readonly target: 'auto' | 'codex' | 'stethos';
  readonly only: readonly string[];
  readonly skip: readonly string[];
  readonly failOn: FailOn;
  /** As `--timeout` takes it: `30s`. */
  readonly timeout: string;
  /** As `--format` takes it: `NAME` or `NAME=FILE`; a FILE that a file or variable says is absolute. */
  readonly format: readonly string[];
  readonly offline: boolean;
  readonly noExec: boolean;
  /** Path of a report; absolute where a file or variable says it. */
  readonly baseline: string;
  /** The file at which SARIF shows what has no file of its own, from the repository's root, with `/` between parts. */
  readonly anchorFile: string;
}

export type DoctorSettingName = keyof DoctorSettings;

/** A plugin that is to be loaded: a path beginning with `.` or `/`, or the name of a package. */
export interface PluginReference {
  readonly specifier: string;
  /** Folder that relative paths and packages are looked up from. */
  readonly from: string;
  readonly source: Source;
}

/** One `[[check]]` as it is written; `src/plugins/declarative` gives it a meaning. */
export interface DeclaredCheck {
  readonly table: Readonly<Record<string, unknown>>;
  /** Folder that relative paths in it are meant from. */
  readonly from: string;
  readonly source: Source;
}

export interface HistorySettings {
  readonly enabled: Setting<boolean>;
  /** Runs that are kept. */
  readonly keep: Setting<number>;
}

export interface SettingsFile {
  readonly kind: 'project' | 'user';
  readonly path: string;
}

/** Everything that files and environment say, before the command line has its word. */
export interface Settings {
  /** Only what something other than the default says. */
  readonly doctor: { readonly [Name in DoctorSettingName]?: Setting<DoctorSettings[Name]> };
  readonly waivers: readonly Waiver[];
  readonly plugins: readonly PluginReference[];
  readonly checks: readonly DeclaredCheck[];
  readonly history: HistorySettings;
  /** Files that were read, strongest first. */
  readonly files: readonly SettingsFile[];
  /**
   * What a project's file says that only its owner may decide: code, commands and files to be written. It counts with
   * `--trust-project` or `STETHOS_TRUST_PROJECT=1` alone. Keys, for a note.
   */
  readonly untrusted: readonly string[];
}

/** A settings file that cannot be followed. A gate with a misread waiver would be no gate, so nothing runs then. */
export interface SettingsFault {
  /** A file, or the name of a variable. */
  readonly path: string;
  /** 1-based; absent where the file as a whole or a variable is at fault. */
  readonly line?: number;
  readonly column?: number;
  /** One sentence without a final stop, such as `doctor.fail_on is "wran"; known are warn, fail, never`. */
  readonly problem: string;
  /** What was probably meant. */
  readonly suggestion?: string;
}

export type SettingsRead =
  | { readonly kind: 'read'; readonly settings: Settings }
  | { readonly kind: 'faulty'; readonly faults: readonly SettingsFault[] };
