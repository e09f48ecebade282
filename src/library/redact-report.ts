import { redactReport as redactReportWith } from '../doctor/redact-report.ts';
import type { RedactedReport, Report } from '../doctor/report.ts';
import { namesOfThisMachine } from '../host/account.ts';
import type { RedactorOptions } from '../redact/redactor.ts';
import { userDirectory } from '../target/home.ts';

/**
 * Hides what must not leave this machine: secrets by their shape and place, the user's name and home directory, the name of
 * the machine. Reporters take nothing else.
 * @param options names and secrets that are known besides
 */
export const redactReport = (report: Report, options: Partial<RedactorOptions> = {}): RedactedReport =>
  redactReportWith(report, {
    userDirectory: userDirectory(process.env),
    ...namesOfThisMachine(),
    ...options,
  });
