import type { CheckResult, Gate, ImportedFrom, Note, Redaction, Report } from '../report.ts';
import type { JsonRecord } from './narrow.ts';

/** More rows than any registry has; what is beyond them is counted, not read. */
export const MOST_ROWS = 10_000;

/** What a file says, each part in a form that a report may have, but not yet whether the parts fit together. */
export interface Draft extends Pick<
  Report,
  'generatedAt' | 'interrupted' | 'tool' | 'target' | 'platform' | 'durationMs'
> {
  readonly format: ImportedFrom['format'];
  readonly rows: readonly CheckResult[];
  readonly notes: readonly Note[];
  /** What it says of its own rows: believed where the rows say the same. */
  readonly said: {
    readonly overallStatus?: unknown;
    readonly counts?: unknown;
    readonly rootCauses?: unknown;
  };
  readonly gate?: Gate;
  readonly redactions?: readonly Redaction[];
  /** What was wrong with it, in words for its reader. */
  readonly problems: readonly string[];
}

/** A row before it is read, under the id that it will have. */
export interface RawRow {
  readonly id: string;
  readonly row: JsonRecord;
}
