import { compareReports } from '../../../doctor/compare/compare.ts';
import type { Change } from '../../../doctor/compare/comparison.ts';
import type { RedactedReport } from '../../../doctor/report.ts';
import { visibleInOneLine } from '../../../redact/control.ts';

/** What became of a row between two runs; that a number moved is not told. */
const WORDS: Readonly<Record<Exclude<Change, 'changed'>, string>> = {
  failed: 'fails now',
  other_failure: 'fails in another way',
  warned: 'warns now',
  other_warning: 'warns of something else',
  unanswered: 'has no answer now',
  skipped: 'is skipped now',
  recovered: 'recovered',
  answered: 'has an answer again',
  added: 'is new',
  removed: 'is gone',
};

/** More are not read at a glance. */
const MOST_LINES = 5;

/** One line for each row that became better or worse, the worst first. */
export function changesBetween(before: RedactedReport, after: RedactedReport): string[] {
  const lines = compareReports(before, after).checks.flatMap(({ check, change, after: row }) =>
    change === 'changed'
      ? []
      : [visibleInOneLine(`${check} ${WORDS[change]}${row === undefined ? '' : `: ${row.summary}`}`)],
  );
  if (lines.length === 0) return ['nothing changed since the last run'];
  const more = lines.length - MOST_LINES;
  return more > 0 ? [...lines.slice(0, MOST_LINES), `and ${more} more`] : lines;
}
