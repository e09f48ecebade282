import type { CheckResult, RedactedReport } from '../../src/doctor/report.ts';
import { longestOf, verdictOfReport, waiverLines } from '../machine/words.ts';
import { cleanText, messageOf } from './message.ts';

/** What a viewer should know that is no finding: the verdict, checks without an answer, what was not looked at. */
export function notificationsOf(
  report: RedactedReport,
  leftOut: number,
): readonly Readonly<Record<string, unknown>>[] {
  const rows = Object.values(report.checks);
  const longest = longestOf(rows.length);
  const about = (
    { id, summary }: CheckResult,
    level: 'error' | 'warning' | 'note',
  ): Readonly<Record<string, unknown>> => ({
    level,
    message: messageOf(`${id}: ${summary}`, longest),
    properties: { check: id },
  });
  return [
    { level: 'note', message: { text: cleanText(verdictOfReport(report)) } },
    ...waiverLines(report).map((line) => ({ level: 'note', message: { text: cleanText(line) } })),
    ...(leftOut === 0
      ? []
      : [
          {
            level: 'warning',
            message: { text: `${leftOut} more findings are left out: no consumer takes them.` },
          },
        ]),
    ...rows.flatMap((row) => {
      if (row.status === 'crashed') return [about(row, 'error')];
      if (row.status === 'incomplete') return [about(row, 'warning')];
      return row.status === 'skipped' ? [about(row, 'note')] : [];
    }),
  ];
}
