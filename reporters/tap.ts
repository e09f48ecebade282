import type { CheckResult, RedactedReport } from '../src/doctor/report.ts';
import { outcomeOf } from './machine/outcome.ts';
import {
  lineOf,
  longestOf,
  rootCauseLine,
  rootCausesOf,
  shownCauseOf,
  verdictOfReport,
  waiverLines,
} from './machine/words.ts';
import type { RootCauses } from './machine/words.ts';
import type { Reporter } from './reporter.ts';

/**
 * TAP 14: a test point for each check, with a block of YAML where there is more to say.
 *
 * A test point fails a harness exactly where the row counts at the gate, or has no answer. A warning below the threshold
 * is `not ok` with a `TODO`, which fails nobody and stays visible; so is a row that is waived or known from the baseline,
 * with the reason. An interrupted run ends with `Bail out!`.
 */
export const tap: Reporter = (report) => {
  const rows = Object.values(report.checks);
  const surroundings: Surroundings = {
    report,
    rootCauses: rootCausesOf(report),
    longest: longestOf(rows.length * FIELDS),
  };
  const lines = [
    'TAP version 14',
    comment(verdictOfReport(report)),
    ...report.rootCauses.map((root) => comment(`Root cause ${rootCauseLine(root)}`)),
    ...waiverLines(report).map(comment),
    // A plan of no tests says that everything was skipped.
    rows.length === 0 ? '1..0 # no check was selected' : `1..${rows.length}`,
    ...rows.flatMap((row, index) => testPoint({ row, number: index + 1 }, surroundings)),
    ...(report.interrupted ? ['Bail out! The run was interrupted.'] : []),
  ];
  return `${lines.join('\n')}\n`;
};

const comment = (text: string): string => `# ${lineOf(text)}`;

interface Surroundings {
  readonly report: RedactedReport;
  readonly rootCauses: RootCauses;
  /** Of one text. */
  readonly longest: number;
}

interface TestPoint {
  readonly row: CheckResult;
  readonly number: number;
}

function testPoint({ row, number }: TestPoint, surroundings: Surroundings): readonly string[] {
  const outcome = outcomeOf(row, surroundings.report);
  const point = (result: 'ok' | 'not ok', directive = ''): string =>
    `${result} ${number} - ${row.id}${directive}`;
  const details = yamlBlock(row, surroundings);
  switch (outcome.kind) {
    case 'passed':
      return [point('ok'), ...details];
    case 'skipped':
      return [point('ok', ` # SKIP ${reason(row.summary)}`)];
    case 'failed':
    case 'unanswered':
      return [point('not ok'), ...details];
    case 'warned':
      return [point('not ok', ` # TODO ${reason(row.summary)}`), ...details];
    case 'let_through':
      return [point('not ok', ` # TODO ${reason(outcome.why)}`), ...details];
  }
}

/** On the line of a test point, `#` begins a directive, unless a backslash stands before it. */
const reason = (text: string): string =>
  lineOf(text)
    .replaceAll(/[\\#]/g, String.raw`\$&`)
    .trim();

/** Values as JSON writes them, which YAML reads as the same; so no text can end the block. */
function yamlBlock(row: CheckResult, { rootCauses, longest }: Surroundings): readonly string[] {
  const text = (value: string): string => JSON.stringify(lineOf(value, longest));
  const root = shownCauseOf(row, rootCauses);
  const fields: readonly string[] = [
    `message: ${text(row.summary)}`,
    `status: ${row.status}`,
    `duration_ms: ${row.durationMs}`,
    ...(row.failure ? [`class: ${row.failure.class}`] : []),
    ...(root === undefined ? [] : [`root_cause: ${root}`]),
    ...(row.issues.length > 0 ? ['issues:'] : []),
    ...row.issues.flatMap((issue) => [
      `  - severity: ${issue.severity}`,
      `    cause: ${text(issue.cause)}`,
      `    measured: ${text(issue.measured)}`,
      `    expected: ${text(issue.expected)}`,
      `    remedy: ${text(issue.remedy)}`,
      ...(issue.command === undefined ? [] : [`    command: ${text(issue.command)}`]),
    ]),
    ...(row.issues.length === 0 && row.remediation !== null ? [`remedy: ${text(row.remediation)}`] : []),
  ];
  return ['  ---', ...fields.map((field) => `  ${field}`), '  ...'];
}

/** Texts of a row in its block; rows with many more issues than usual are few. */
const FIELDS = 8;
