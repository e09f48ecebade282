import { once } from '../host/once.ts';
import { isSafe } from '../redact/control.ts';
import { findSecrets } from '../redact/find.ts';
import { withNamesOf } from '../redact/member-names.ts';
import { createRedactor } from '../redact/redactor.ts';
import type { Redactor, RedactorOptions } from '../redact/redactor.ts';
import type {
  CheckResult,
  Details,
  Gate,
  Note,
  RedactedReport,
  Redaction,
  Report,
  Waiver,
} from './report.ts';

/**
 * Redacts a report and, before it is finished, its rows one by one. One for each run: the same secret has the same
 * placeholder in a row that was told early and in the report.
 */
export interface ReportRedactor {
  /** A row and what it promotes, as they will stand in the report. */
  row(result: CheckResult, notes: readonly Note[]): RedactedRow;
  report(report: Report): RedactedReport;
}

export interface RedactedRow {
  readonly result: CheckResult;
  readonly notes: readonly Note[];
}

/**
 * The only maker of a {@link RedactedReport}: everything that is shown, written or sent passes here. Words of closed
 * lists and ids of checks are what programs match on, so they stay as they are even if the user is called `fail`.
 * @param findOptions called for the first row or the report, when the checks have read what there is to be known
 */
export function createReportRedactor(findOptions: () => RedactorOptions): ReportRedactor {
  const redactor = once(() => createRedactor(findOptions()));
  return {
    row: (result, notes) => {
      const [parts, cleanNotes] = redactor().value([partsOf(result), notes] as const);
      return { result: shownRow(result, parts), notes: shownNotes(notes, cleanNotes) };
    },
    // A branch, because what the rows hid when they were told alone stands in the report once more.
    report: (report) => redactWhole(report, redactor().branch()),
  };
}

/** Redacts a finished report. Redacting it again changes nothing, what was hidden before stays counted. */
export function redactReport(report: Report, options: RedactorOptions): RedactedReport {
  return createReportRedactor(() => options).report(report);
}

function redactWhole({ redactions = [], gate, ...report }: Report, redactor: Redactor): RedactedReport {
  const { checks, ...frame } = report;
  const rows = Object.entries(checks);
  // In one go, so that the redactor sees once for the whole report which of its rules have anything to look for.
  const [redacted, parts] = redactor.value([frame, rows.map(([, row]) => partsOf(row))] as const);
  const clean = withNamesOf(frame, redacted);
  const shown: Report = {
    ...report,
    ...clean,
    ...only(report, ['overallStatus', 'importedFrom']),
    tool: shownTool(report.tool, clean.tool),
    notes: shownNotes(frame.notes, clean.notes),
    rootCauses: clean.rootCauses.map((cause, index) => ({
      ...cause,
      ...only(frame.rootCauses[index], ['check', 'status', 'failureClass', 'symptoms']),
    })),
    checks: Object.fromEntries(rows.map(([id, row], index) => [id, shownRow(row, parts[index])])),
    ...(gate && { gate: redactGate(gate, redactor) }),
  };
  const shownRule = ({ rule, count }: Redaction): Redaction => ({
    rule: RULE_ID.test(rule) ? rule : redactor.text(rule),
    count,
  });
  return {
    ...shown,
    redactions: added(redactions.map(shownRule), redactor.ledger()),
  } as unknown as RedactedReport;
}

/** A row label that a check may have. A plugin or a pasted report may say anything in its place, which is no such word. */
const LABEL = /^[a-z][a-z -]{0,23}$/;
const RULE_ID = /^[a-z]{1,24}(?:-[a-z]{1,24}){0,4}$/;
const TOOL_NAME = /^[a-z]{1,24}$/;
const TOOL_VERSION = /^\d{1,6}(?:\.\d{1,6}){2}$/;

const shownTool = (original: Report['tool'], clean: Report['tool']): Report['tool'] => ({
  name: TOOL_NAME.test(original.name) ? original.name : clean.name,
  version: TOOL_VERSION.test(original.version) ? original.version : clean.version,
});

type RowParts = readonly [frame: Omit<CheckResult, 'details'>, details: Details];

/** The names of details are text, those of everything else are not. */
const partsOf = ({ details, ...frame }: CheckResult): RowParts => [frame, details];

function shownRow(original: CheckResult, redacted: RowParts | undefined): CheckResult {
  if (!redacted) throw new TypeError(`the redactor lost the row of ${original.id}`);
  const [frame] = partsOf(original);
  const clean = withNamesOf(frame, redacted[0]);
  return {
    ...original,
    ...clean,
    details: redacted[1],
    ...only(original, ['id', 'section', 'status', 'causedBy', 'startedAt']),
    ...(LABEL.test(original.category) && { category: original.category }),
    ...(clean.failure && { failure: { ...clean.failure, ...only(original.failure, ['class', 'phase']) } }),
    issues: clean.issues.map((issue, index) => ({
      ...issue,
      ...only(original.issues[index], ['severity', 'failureClass']),
    })),
  };
}

const shownNotes = (original: readonly Note[], redacted: readonly Note[]): Note[] =>
  withNamesOf(original, redacted).map((note, index) => ({
    ...note,
    ...only(original[index], ['kind', 'check']),
  }));

/** Ids stay; what somebody wrote into a file of settings may be a secret in any place. */
function redactGate(gate: Gate, redactor: Redactor): Gate {
  const word = (text: string): string =>
    isSafe(text) && findSecrets(text).length === 0 ? text : redactor.text(text);
  const redactWaiver = (waiver: Waiver): Waiver => ({
    ...waiver,
    check: word(waiver.check),
    reason: redactor.text(waiver.reason),
    expires: word(waiver.expires),
    source: redactor.text(waiver.source),
  });
  return {
    ...gate,
    waived: gate.waived.map(({ check, reason, expires }) => ({
      check,
      reason: redactor.text(reason),
      expires: word(expires),
    })),
    expired: gate.expired.map(redactWaiver),
    unused: gate.unused.map(redactWaiver),
  };
}

/** The counts of two ledgers by rule. */
function added(first: readonly Redaction[], second: readonly Redaction[]): readonly Redaction[] {
  if (first.length === 0) return second;
  const counts = new Map(first.map(({ rule, count }) => [rule, count]));
  for (const { rule, count } of second) counts.set(rule, (counts.get(rule) ?? 0) + count);
  return [...counts].map(([rule, count]) => ({ rule, count })).toSorted((a, b) => (a.rule < b.rule ? -1 : 1));
}

function only<Value extends object, Name extends keyof Value>(
  value: Value | undefined,
  names: readonly Name[],
): Partial<Pick<Value, Name>> {
  const picked: Partial<Pick<Value, Name>> = {};
  for (const name of names) if (value && name in value) picked[name] = value[name];
  return picked;
}
