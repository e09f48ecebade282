import { createRedactor } from '../redact/redactor.ts';
import type { RedactorOptions } from '../redact/redactor.ts';
import type { RedactedReport, Report } from './report.ts';

/** The only maker of a {@link RedactedReport}: everything that is shown, written or sent passes here. */
export function redactReport(report: Report, options: RedactorOptions): RedactedReport {
  const redactor = createRedactor(options);
  const clean = redactor.value(report);
  return { ...clean, redactions: redactor.ledger() } as unknown as RedactedReport;
}
