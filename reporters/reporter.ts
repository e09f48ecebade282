import type { CheckResult, Note, RedactedReport, Report } from '../src/doctor/report.ts';

/** How a report may look; decided once, from flags, environment and terminal. */
export interface Style {
  readonly color: boolean;
  readonly ascii: boolean;
  /** Columns to fit into. */
  readonly width: number;
  /** Expand lists that are shortened by default. */
  readonly all: boolean;
  /** The terminal follows OSC 8 hyperlinks. */
  readonly links?: boolean;
  /** Where links are followed: the URL of the page that explains a check, by its id. Checks without a page are not in it. */
  readonly pages?: Readonly<Record<string, string>>;
  /**
   * A file of the repository, relative to its root and with `/` between parts, at which a finding is shown that has no
   * file of its own there.
   */
  readonly anchorFile?: string;
}

/** A function over finished data: no console, no clock, no judgement. Returns the whole text, ending in one newline. */
export type Reporter = (report: RedactedReport, style: Style) => string | Promise<string>;

/** What a run tells while it goes on, already redacted. */
export interface RunEvents {
  /** Before anything else; where it is missing nothing is written yet. */
  onBegin?(run: RunBeginning): string;
  onStart(check: Pick<CheckResult, 'id' | 'section' | 'category' | 'title'>): string;
  onFinish(result: CheckResult, notes: readonly Note[]): string;
  onEnd(report: RedactedReport): string;
}

/** What is known of a run before its first check. */
export interface RunBeginning extends Pick<Report, 'tool'> {
  /** Ids of the checks that will have a row, in the order of the report. */
  readonly checks: readonly string[];
}

/** A format that is written while the checks run. Each call gives the text to be written now, possibly none. */
export type StreamReporter = (style: Style) => RunEvents;

/** One output format of `--format NAME[=FILE]`. */
export interface Format {
  /** One line for `--help` and the documentation. */
  readonly description: string;
  /** Where it stands in files: with the dot. */
  readonly extension: string;
  readonly mediaType: string;
  /** For people on a terminal: colour, width and progress apply. Others look the same everywhere. */
  readonly forTerminal: boolean;
  /** Loaded at first use. */
  load(): Promise<Reporter>;
  /** Where the format can be written while the run goes on. */
  loadStream?(): Promise<StreamReporter>;
}
