import type { CheckResult, RedactedReport } from '../src/doctor/report.ts';
import { element, xmlDocument } from './junit/xml.ts';
import type { XmlElement } from './junit/xml.ts';
import { outcomeOf } from './machine/outcome.ts';
import type { Outcome } from './machine/outcome.ts';
import {
  lineOf,
  longestOf,
  rootCauseLine,
  rootCausesOf,
  rowText,
  shortened,
  verdictOfReport,
  waiverLines,
} from './machine/words.ts';
import type { RootCauses } from './machine/words.ts';
import type { Reporter } from './reporter.ts';

/**
 * A JUnit file as GitLab, Jenkins and Azure read it: one suite, one test for each check.
 *
 * A test fails exactly where the row counts at the gate. One that is waived or known from the baseline is `skipped` with
 * that reason, so that a build does not turn unstable over what somebody has accepted; a warning below the threshold
 * passes and says what it found in `system-out`; a check that crashed or ran out of time is an `error`.
 *
 * Identity is `classname` and `name`: the target and the check's id. So reports of two targets go into one job, and a
 * test keeps its history when titles change. None of the consumers decides about the job: the exit code does.
 */
export const junit: Reporter = (report) => {
  const rows = Object.values(report.checks);
  const surroundings: Surroundings = {
    report,
    rootCauses: rootCausesOf(report),
    longest: longestOf(rows.length),
  };
  const tests = rows.map((row) => ({ row, outcome: outcomeOf(row, report) }));
  const count = (...kinds: Outcome['kind'][]): number =>
    tests.filter(({ outcome }) => kinds.includes(outcome.kind)).length;
  const totals = { tests: tests.length, failures: count('failed'), errors: count('unanswered') };
  const time = seconds(report.durationMs);
  const name = `stethos doctor ${lineOf(report.target.profile)}`;
  return xmlDocument(
    element('testsuites', { name: 'stethos doctor', ...totals, time }, [
      element(
        'testsuite',
        {
          name,
          ...totals,
          skipped: count('skipped', 'let_through'),
          time,
          // Without a zone, as the format has it; the time is UTC.
          timestamp: report.generatedAt.replace(/(\.\d+)?Z$/, ''),
        },
        [properties(report), ...tests.map((test) => testCase(test, surroundings))],
      ),
    ]),
  );
};

/** What belongs to no test: the verdict first, then the causes, then who was examined. */
function properties(report: RedactedReport): XmlElement {
  const { target, tool, platform, gate } = report;
  const facts: readonly (readonly [string, string])[] = [
    ['verdict', verdictOfReport(report)],
    ...report.rootCauses.map((root) => [`root cause ${root.check}`, rootCauseLine(root)] as const),
    ...waiverLines(report).map((line) => ['waiver', line] as const),
    ...(gate ? [['fail-on', gate.failOn] as const, ['exit code', String(gate.exitCode)] as const] : []),
    ['agent', `${target.agent} ${target.version ?? 'unknown'}`],
    ['home', target.home],
    ['platform', `${platform.os}-${platform.architecture}`],
    ['stethos', tool.version],
  ];
  return element(
    'properties',
    {},
    facts.map(([name, value]) => element('property', { name, value: lineOf(value) })),
  );
}

interface Surroundings {
  readonly report: RedactedReport;
  readonly rootCauses: RootCauses;
  /** Of one text. */
  readonly longest: number;
}

interface Test {
  readonly row: CheckResult;
  readonly outcome: Outcome;
}

function testCase({ row, outcome }: Test, surroundings: Surroundings): XmlElement {
  const { id, durationMs } = row;
  return element(
    'testcase',
    {
      classname: `stethos.${lineOf(surroundings.report.target.profile)}`,
      name: id,
      time: seconds(durationMs),
    },
    resultOf({ row, outcome }, surroundings),
  );
}

/** GitLab shows the text of these elements and not their messages: what matters stands in both. */
function resultOf({ row, outcome }: Test, { rootCauses, longest }: Surroundings): readonly XmlElement[] {
  const message = lineOf(row.summary);
  const text = (): string => shortened(rowText(row, rootCauses), longest);
  const output = (): XmlElement => element('system-out', {}, text());
  switch (outcome.kind) {
    case 'passed':
      return [];
    case 'failed':
      return [element('failure', { message, type: row.failure?.class ?? row.status }, text())];
    case 'unanswered':
      return [element('error', { message, type: row.status }, text())];
    case 'warned':
      return [output()];
    case 'skipped':
      return [element('skipped', { message }, message)];
    case 'let_through': {
      const why = lineOf(outcome.why);
      return [element('skipped', { message: why }, why), output()];
    }
  }
}

/** Three decimals: some readers take no more. */
const seconds = (durationMs: number): string => (durationMs / 1_000).toFixed(3);
