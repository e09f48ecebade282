import type { RedactedReport } from '../src/doctor/report.ts';

/** How a report may look; decided once, from flags, environment and terminal. */
export interface Style {
  readonly color: boolean;
  readonly ascii: boolean;
  /** Columns to fit into. */
  readonly width: number;
  /** Expand lists that are shortened by default. */
  readonly all: boolean;
}

/** A function over finished data: no console, no clock, no judgement. Returns the whole text, ending in one newline. */
export type Reporter = (report: RedactedReport, style: Style) => string | Promise<string>;
