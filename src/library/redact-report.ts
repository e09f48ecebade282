import { redactReport as redactReportWith } from '../doctor/redact-report.ts';
import type { RedactedReport, Report } from '../doctor/report.ts';
import { namesOfThisMachine } from '../host/account.ts';
import type { RedactorOptions } from '../redact/redactor.ts';
import { userDirectory } from '../target/home.ts';
import { secretsOf } from './secrets-of-reports.ts';

/**
 * Hides what must not leave this machine: secrets by their shape and place, the credentials of the installation where
 * `examine` of this process made the report, the user's name and home directory, the name of the machine. Reporters take
 * nothing else.
 * @param options names and secrets that are known besides
 */
export const redactReport = (report: Report, options: Partial<RedactorOptions> = {}): RedactedReport =>
  redactReportWith(report, {
    userDirectory: userDirectory(process.env),
    ...namesOfThisMachine(),
    ...options,
    knownSecrets: [...secretsOf(report), ...(options.knownSecrets ?? [])],
  });
