import type { FailureClass } from '../failure.ts';
import type { DetailValue, OverallStatus, Status } from '../report.ts';

/** What became of a check between two reports; what a reader must know first comes first. */
export const CHANGES = [
  /** Fails, and did not before. */
  'failed',
  /** Fails as before, with another class of failure. */
  'other_failure',
  /** Warns, and was fine before. */
  'warned',
  /** Warns as before, of another class of failure. */
  'other_warning',
  /** Crashed or ran out of time, and had an answer before. */
  'unanswered',
  /** Was not asked this time. */
  'skipped',
  /** Fine again, or fewer or lesser faults than before. */
  'recovered',
  /** Has an answer, and had none before. */
  'answered',
  'added',
  'removed',
  /** As good or bad as before, with other values or words. */
  'changed',
] as const;
export type Change = (typeof CHANGES)[number];

/** One value; what is not there at all is absent. */
export interface Difference {
  readonly label: string;
  readonly before?: DetailValue;
  readonly after?: DetailValue;
}

/** What a report says of a check, in short. */
export interface Reading {
  readonly status: Status;
  readonly failureClass?: FailureClass;
  readonly summary: string;
}

export interface CheckDifference {
  readonly check: string;
  readonly change: Change;
  readonly before?: Reading;
  readonly after?: Reading;
  /** Id of the check whose fault this is, where it is not its own. */
  readonly cause?: string;
  /** What to do, where it is bad now and the fault its own. */
  readonly remedy?: string;
  readonly details: readonly Difference[];
}

/** Which report it is. */
export interface Side {
  readonly generatedAt: string;
  readonly overallStatus: OverallStatus;
  readonly tool: string;
  readonly agent: string;
}

export interface Comparison {
  readonly schemaVersion: 1;
  readonly before: Side;
  readonly after: Side;
  /** Agent, versions and machine: the probable causes of everything else. */
  readonly surroundings: readonly Difference[];
  /** Most important first. */
  readonly checks: readonly CheckDifference[];
  /** Checks that say the same. */
  readonly unchanged: number;
  /** Values that move from run to run, such as times and sizes: they differ, and were left out. */
  readonly leftOut: number;
}

declare const redacted: unique symbol;

/** A comparison that passed the redactor; the only kind that is shown. */
export type RedactedComparison = Comparison & { readonly [redacted]: true };
