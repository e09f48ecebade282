import type { Failure, FailureClass } from './failure.ts';

/** Sections of the human report, in the order in which they are shown. */
export const SECTIONS = [
  'Environment',
  'Configuration',
  'Updates',
  'Connectivity',
  'Background Server',
  'Agent',
  'Telemetry',
  'Plugins',
] as const;
export type Section = (typeof SECTIONS)[number];

/** `incomplete` ran out of time, `crashed` threw: both count as a warning for the overall status. */
export const STATUSES = ['ok', 'idle', 'warning', 'fail', 'skipped', 'incomplete', 'crashed'] as const;
export type Status = (typeof STATUSES)[number];
export type Severity = 'warning' | 'fail';
export type OverallStatus = 'ok' | 'warning' | 'fail';

/** Values keep their types: milliseconds and bytes are numbers, booleans booleans, times RFC 3339 strings. */
export type DetailValue = string | number | boolean | null | readonly string[];
export type Details = Readonly<Record<string, DetailValue>>;

export interface Issue {
  readonly severity: Severity;
  /** What is wrong, one sentence without a final stop. */
  readonly cause: string;
  /** What was observed. */
  readonly measured: string;
  /** What a healthy machine shows there. */
  readonly expected: string;
  /** What to do, fitting the class of the failure. */
  readonly remedy: string;
  /** Labels of the details concerned; may be empty. */
  readonly fields: readonly string[];
  readonly failureClass?: FailureClass;
  /** A command that is safe to copy and run. */
  readonly command?: string;
  /** The page that explains this check. */
  readonly docs: string;
}

export interface CheckResult {
  readonly id: string;
  readonly section: Section;
  /** Short lower-case row label, as the shipping tool prints it; two checks may share one. */
  readonly category: string;
  readonly title: string;
  readonly status: Status;
  readonly summary: string;
  readonly details: Details;
  readonly issues: readonly Issue[];
  readonly failure?: Failure;
  readonly remediation: string | null;
  /** Id of the check whose failure made this one pointless, or why it was not asked for. */
  readonly skippedBecause?: string;
  /** Id of the check whose fault this row shows from another side. */
  readonly causedBy?: string;
  /** RFC 3339. */
  readonly startedAt: string;
  readonly durationMs: number;
}

export type NoteKind = 'cause' | 'update' | 'warning' | 'info';

/** A promoted line: what a reader must know first. Not a status. */
export interface Note {
  readonly kind: NoteKind;
  /** The check that the line comes from. */
  readonly check: string;
  readonly text: string;
}

/** One fault and the rows that are only its symptoms. */
export interface RootCause {
  readonly check: string;
  readonly status: 'warning' | 'fail';
  readonly failureClass?: FailureClass;
  readonly cause: string;
  readonly remedy: string;
  /** Ids of the checks that were skipped because of it, or show the same fault from another side. */
  readonly symptoms: readonly string[];
}

export type Counts = Readonly<Record<Status, number>> & { readonly notes: number };

export interface TargetSummary {
  readonly profile: string;
  /** The product's name, as it spells itself. */
  readonly agent: string;
  readonly home: string;
  /** Where the home's path came from, such as `--home`, `CODEX_HOME` or `default`. */
  readonly homeSource: string;
  readonly version: string | null;
  /** Homes of other profiles that exist on this machine and were not examined. */
  readonly alsoPresent: readonly { readonly profile: string; readonly home: string }[];
}

export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly runtime: string;
}

/** A count of what was hidden, by rule. */
export interface Redaction {
  readonly rule: string;
  readonly count: number;
}

/** Exit codes of whatever judges a report, the same in every format. */
export const EXIT = { healthy: 0, threshold: 1, usage: 2, incomplete: 3, interrupted: 130 } as const;

/** What makes the exit code 1. */
export const FAIL_ON = ['warn', 'fail', 'never'] as const;
export type FailOn = (typeof FAIL_ON)[number];

/** Rows that are bad, for a reason that somebody has put their name to, until a day. */
export interface Waiver {
  /** Id of a check, or a glob over ids. */
  readonly check: string;
  /** Only faults of this class; all when absent. */
  readonly failureClass?: FailureClass;
  readonly reason: string;
  /** The last day on which it holds, `2026-12-31`, in UTC. */
  readonly expires: string;
  /** Where it is written, such as `stethos.toml, line 4`. */
  readonly source: string;
}

/** What the gate made of the rows: which count, which were let through, and why. */
export interface Gate {
  readonly failOn: FailOn;
  /** First match of DESIGN section 4; the same in every format. */
  readonly exitCode: number;
  /** Ids of the rows at or above the threshold that nothing lets through. */
  readonly counted: readonly string[];
  readonly waived: readonly { readonly check: string; readonly reason: string; readonly expires: string }[];
  /** Ids of the rows that were as bad in the baseline already. */
  readonly known: readonly string[];
  /** Waivers whose last day is over: their rows count again. */
  readonly expired: readonly Waiver[];
  /** Waivers that no bad row needs any more. */
  readonly unused: readonly Waiver[];
}

/**
 * Whose shape a report had that was read from a file: our own, that of `codex doctor --json`, or that with names such as
 * `overall_status`.
 */
export const IMPORT_FORMATS = ['stethos', 'codex', 'snake_case'] as const;

export interface ImportedFrom {
  readonly format: (typeof IMPORT_FORMATS)[number];
}

export interface Report {
  readonly schemaVersion: 1;
  /** RFC 3339. */
  readonly generatedAt: string;
  readonly overallStatus: OverallStatus;
  /** True when the run was interrupted and rows are therefore `incomplete`. */
  readonly interrupted: boolean;
  readonly tool: { readonly name: string; readonly version: string };
  readonly target: TargetSummary;
  readonly platform: Platform;
  readonly durationMs: number;
  readonly counts: Counts;
  readonly notes: readonly Note[];
  readonly rootCauses: readonly RootCause[];
  readonly checks: Readonly<Record<string, CheckResult>>;
  /** Absent where nobody asked whether the run passes, as in a library. */
  readonly gate?: Gate;
  /** Present where nothing was examined here: the report was read from a file. */
  readonly importedFrom?: ImportedFrom;
  /** What was hidden before, where the report passed a redactor already. */
  readonly redactions?: readonly Redaction[];
}

declare const redacted: unique symbol;

/** A report that passed the redactor; the only kind that a reporter or exporter accepts. */
export type RedactedReport = Report & {
  readonly redactions: readonly Redaction[];
  readonly [redacted]: true;
};

/** Worst of the rows: `incomplete` and `crashed` count as warning. */
export function overallStatusOf(results: Iterable<Pick<CheckResult, 'status'>>): OverallStatus {
  let worst: OverallStatus = 'ok';
  for (const { status } of results) {
    if (status === 'fail') return 'fail';
    if (status === 'warning' || status === 'incomplete' || status === 'crashed') worst = 'warning';
  }
  return worst;
}
