import type {
  CheckResult,
  Details,
  DetailValue,
  Note,
  RedactedReport,
  Status,
} from '../src/doctor/report.ts';
import type { Reporter } from './reporter.ts';

/**
 * The shape of `codex doctor --json`, 0.169, for readers that are strict about it: names, order, and every value a
 * string. What that shape has no place for, such as the class of a failure and root causes, is left out.
 */
export const codex: Reporter = (report) => `${JSON.stringify(codexReport(report), null, 2)}\n`;

function codexReport({ generatedAt, overallStatus, target, checks, notes }: RedactedReport): object {
  const promoted = Map.groupBy(notes, ({ check }) => check);
  const rows = Object.values(checks);
  return {
    schemaVersion: 1,
    generatedAt: secondsSinceEpoch(generatedAt),
    overallStatus,
    codexVersion: text(target.version ?? 'unknown'),
    checks: sorted(rows.map((row) => [text(row.id), codexCheck(row, promoted.get(row.id) ?? [])])),
  };
}

function secondsSinceEpoch(time: string): string {
  const milliseconds = Date.parse(time);
  // As that tool says it of a clock before the epoch.
  if (Number.isNaN(milliseconds) || milliseconds < 0) return 'unknown';
  return `${Math.floor(milliseconds / 1_000)}s since unix epoch`;
}

/** It has three. A row that nobody looked at is ok there, and its summary says so. */
const STATUS: Readonly<Record<Status, 'ok' | 'warning' | 'fail'>> = {
  ok: 'ok',
  idle: 'ok',
  skipped: 'ok',
  warning: 'warning',
  incomplete: 'warning',
  crashed: 'warning',
  fail: 'fail',
};

function codexCheck(row: CheckResult, promoted: readonly Note[]): object {
  const issues = row.issues.map((issue) => ({
    severity: issue.severity,
    cause: text(issue.cause),
    measured: textOrNull(issue.measured),
    expected: textOrNull(issue.expected),
    remedy: textOrNull(issue.remedy),
    fields: issue.fields.map(text),
  }));
  const notes = notesOf(row, promoted);
  return {
    id: text(row.id),
    category: text(row.category),
    status: STATUS[row.status],
    summary: text(row.summary),
    details: codexDetails(row.details),
    ...(issues.length > 0 && { issues }),
    ...(notes.length > 0 && { notes }),
    remediation: row.remediation === null ? null : text(row.remediation),
    durationMs: Math.max(0, Math.round(row.durationMs)),
  };
}

/** What the other statuses lose, and what is told of a row at the top of our report. */
function notesOf({ status, skippedBecause }: CheckResult, promoted: readonly Note[]): string[] {
  return [
    ...(skippedBecause === undefined ? [] : [`skipped because of ${skippedBecause}`]),
    ...(status === 'incomplete' || status === 'crashed' ? [`the check is ${status}`] : []),
    ...promoted.filter(({ kind }) => kind !== 'cause').map((note) => note.text),
  ].map(text);
}

function codexDetails(details: Details): object {
  return sorted(Object.entries(details).map(([label, value]) => [text(label), detailText(value)]));
}

function detailText(value: DetailValue): string | string[] {
  if (value === null) return 'unknown';
  if (typeof value !== 'object') return text(String(value));
  // A list of one is what a line that stands there once is.
  const [first = 'none', ...more] = value.map(text);
  return more.length === 0 ? first : [first, ...more];
}

/** Sorted by the bytes of the names, as the maps of that tool are. */
function sorted<Value>(entries: readonly (readonly [string, Value])[]): Record<string, Value> {
  return Object.fromEntries(entries.toSorted(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
}

/** Its readers take no half of a surrogate pair. */
const text = (value: string): string => value.toWellFormed();
const textOrNull = (value: string): string | null => (value === '' ? null : text(value));
