import type { Issue, RedactedReport } from '../../src/doctor/report.ts';
import { commandsOf, findingsOf, remediesOf } from '../findings.ts';
import type { Finding, Passed } from '../findings.ts';
import { unicode as glyphs } from '../text/glyphs.ts';
import { code, prose } from './text.ts';

export const TABLE_HEAD: readonly string[] = [
  '| check | what is wrong | measured | expected | what to do |',
  '|---|---|---|---|---|',
];

/** A line of the table for each row that is not well, what is worst first. */
export const findingRows = (report: RedactedReport): readonly string[] => findingsOf(report).map(rowOf);

/** Of one row: more than a check says; a pasted report may say anything. */
const ISSUES = 8;

function rowOf({ result, root, passed }: Finding): string {
  const { id, status, summary } = result;
  const issues = result.issues.slice(0, ISSUES);
  const each = (member: 'measured' | 'expected'): string =>
    several(
      issues.map((issue: Issue) => (member === 'measured' ? code(issue[member]) : prose(issue[member]))),
    );
  const wrong = issues.length === 0 ? prose(summary) : several(issues.map(({ cause }) => prose(cause)));
  const cells = [
    `${glyphs.status[status]} ${status} ${code(id)}`,
    passed ? `${wrong} (${sayPassed(passed)})` : wrong,
    each('measured'),
    each('expected'),
    root === undefined
      ? several([
          ...remediesOf(result).slice(0, ISSUES).map(prose),
          ...commandsOf(result)
            .slice(0, ISSUES)
            .map((command) => code(command)),
        ])
      : `one fault with ${code(root)}: see there`,
  ];
  return `| ${cells.join(' | ')} |`;
}

const several = (parts: readonly string[]): string => parts.join('<br>');

const sayPassed = (passed: Passed): string =>
  passed.because === 'waived'
    ? `waived until ${prose(passed.expires)}: ${prose(passed.reason)}`
    : 'known from the baseline';
