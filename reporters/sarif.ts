import type { RedactedReport } from '../src/doctor/report.ts';
import type { Reporter } from './reporter.ts';
import { cleanText } from './sarif/message.ts';
import { notificationsOf } from './sarif/notifications.ts';
import { resultsOf } from './sarif/results.ts';
import { rulesOf } from './sarif/rules.ts';

/**
 * SARIF 2.1.0 with one run: a result for each issue, a rule for each check that has one.
 *
 * A finding of the doctor is about a machine and seldom about a line of code. With `Style.anchorFile` each result
 * points at line 1 of that file, because GitHub shows only what has a place in the repository; without one the results
 * have logical locations alone, such as `codex/state.integrity`. Nothing in a report is known to be a file of the
 * repository, so no finding has a place of its own.
 *
 * Waived rows carry a suppression, rows known from the baseline `baselineState: unchanged`. Checks without an answer and
 * those that were skipped are no findings: they stand among the notifications of the invocation.
 */
export const sarif: Reporter = (report, style) => {
  const { results, rows, leftOut } = resultsOf(report, style);
  const document = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'stethos',
            version: cleanText(report.tool.version),
            rules: rulesOf(rows),
          },
        },
        // Reports of several targets stand beside each other at GitHub instead of replacing one another.
        automationDetails: { id: `stethos/${cleanText(report.target.profile)}/` },
        invocations: [invocationOf(report, leftOut)],
        columnKind: 'utf16CodeUnits',
        results,
      },
    ],
  };
  return `${JSON.stringify(document, null, 2)}\n`;
};

function invocationOf(report: RedactedReport, leftOut: number): Readonly<Record<string, unknown>> {
  const start = Date.parse(report.generatedAt);
  return {
    executionSuccessful: !report.interrupted,
    ...(report.gate && { exitCode: report.gate.exitCode }),
    startTimeUtc: new Date(start).toISOString(),
    endTimeUtc: new Date(start + report.durationMs).toISOString(),
    toolExecutionNotifications: notificationsOf(report, leftOut),
  };
}
