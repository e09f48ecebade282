import { createRedactor } from '../redact/redactor.ts';
import type { RedactorOptions } from '../redact/redactor.ts';
import type { CheckResult, RedactedReport, Report } from './report.ts';

/**
 * The only maker of a {@link RedactedReport}: everything that is shown, written or sent passes here. Words of closed
 * lists and ids of checks are what programs match on, so they stay as they are even if the user is called `fail`.
 */
export function redactReport(report: Report, options: RedactorOptions): RedactedReport {
  const redactor = createRedactor(options);
  // In one go, so that the redactor sees once for the whole report which of its rules have anything to look for.
  const clean = redactor.value(report);
  const rows = Object.values(clean.checks);
  const shown: Report = {
    ...clean,
    overallStatus: report.overallStatus,
    tool: report.tool,
    notes: clean.notes.map((note, index) => ({ ...note, ...only(report.notes[index], ['kind', 'check']) })),
    rootCauses: clean.rootCauses.map((cause, index) => ({
      ...cause,
      ...only(report.rootCauses[index], ['check', 'status', 'failureClass', 'symptoms']),
    })),
    checks: Object.fromEntries(
      Object.entries(report.checks).map(([id, result], index) => [id, restoreCheck(rows[index], result)]),
    ),
  };
  return { ...shown, redactions: redactor.ledger() } as unknown as RedactedReport;
}

function restoreCheck(clean: CheckResult | undefined, original: CheckResult): CheckResult {
  if (!clean) throw new TypeError(`the redactor lost the row of ${original.id}`);
  return {
    ...clean,
    ...only(original, ['id', 'section', 'category', 'status', 'causedBy', 'startedAt']),
    ...(clean.failure && { failure: { ...clean.failure, ...only(original.failure, ['class', 'phase']) } }),
    issues: clean.issues.map((issue, index) => ({
      ...issue,
      ...only(original.issues[index], ['severity', 'failureClass']),
    })),
  };
}

function only<Value extends object, Name extends keyof Value>(
  value: Value | undefined,
  names: readonly Name[],
): Partial<Pick<Value, Name>> {
  const picked: Partial<Pick<Value, Name>> = {};
  for (const name of names) if (value && name in value) picked[name] = value[name];
  return picked;
}
