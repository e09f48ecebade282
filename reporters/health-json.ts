import { visible } from '../src/redact/control.ts';
import type { CheckResult, RedactedReport } from '../src/doctor/report.ts';
import { outcomeOf, whyLetThrough } from './machine/outcome.ts';
import {
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

type HealthStatus = 'pass' | 'warn' | 'fail';

/** A value that was read from a component. `output` stands there only for what does not pass. */
interface Measurement {
  readonly componentId: string;
  readonly componentType: 'component' | 'datastore' | 'system';
  readonly observedValue: number;
  readonly observedUnit: string;
  readonly status?: HealthStatus;
  /** RFC 3339. */
  readonly time: string;
  readonly output?: string;
}

/**
 * `application/health+json` after draft-inadarei-api-health-check-06. Each check that ran has two measurements: its
 * issues, with its status, and the time that it took, without one. What was skipped is named in the notes.
 *
 * A row that is waived or known from the baseline warns instead of failing, so that a probe does not take an instance
 * out of service for it. A check without an answer warns.
 */
export const healthJson: Reporter = (report) => {
  const rows = Object.values(report.checks);
  const surroundings: Surroundings = {
    report,
    rootCauses: rootCausesOf(report),
    longest: longestOf(rows.length),
  };
  const status = worst(rows.map((row) => healthOf(row, report)));
  const document = {
    status,
    ...(report.target.version !== null && { version: visible(report.target.version) }),
    serviceId: visible(report.target.profile),
    description: visible(
      `${report.target.agent} at ${report.target.home}, examined by stethos ${report.tool.version}`,
    ),
    notes: notesOf(report),
    ...(status !== 'pass' && { output: verdictOfReport(report) }),
    checks: Object.fromEntries(rows.flatMap((row) => measurementsOf(row, surroundings))),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
};

interface Surroundings {
  readonly report: RedactedReport;
  readonly rootCauses: RootCauses;
  /** Of one text. */
  readonly longest: number;
}

/** What HTTP answers with follows from this: `fail` is for codes from 400 on. */
function healthOf(row: CheckResult, report: RedactedReport): HealthStatus {
  const { kind } = outcomeOf(row, report);
  if (kind === 'passed' || kind === 'skipped') return 'pass';
  return row.status === 'fail' && kind !== 'let_through' ? 'fail' : 'warn';
}

const worst = (statuses: readonly HealthStatus[]): HealthStatus =>
  statuses.includes('fail') ? 'fail' : statuses.includes('warn') ? 'warn' : 'pass';

function measurementsOf(
  row: CheckResult,
  { report, rootCauses, longest }: Surroundings,
): readonly (readonly [string, Measurement[]])[] {
  if (row.status === 'skipped') return [];
  const status = healthOf(row, report);
  const component = { componentId: row.id, componentType: typeOf(row) } as const;
  // No id holds a colon, which separates the name of the component from that of the measurement.
  return [
    [
      `${row.id}:issues`,
      [
        {
          ...component,
          observedValue: row.issues.length,
          observedUnit: 'issues',
          status,
          time: row.startedAt,
          ...(status !== 'pass' && { output: shortened(rowText(row, rootCauses), longest) }),
        },
      ],
    ],
    [
      `${row.id}:duration`,
      [{ ...component, observedValue: row.durationMs, observedUnit: 'ms', time: row.startedAt }],
    ],
  ];
}

function typeOf({ id, section }: CheckResult): Measurement['componentType'] {
  if (id.startsWith('state.')) return 'datastore';
  return section === 'Environment' ? 'system' : 'component';
}

/** Causes first, then what is to be known besides, and why rows do not stand among the checks or do not count. */
function notesOf(report: RedactedReport): readonly string[] {
  const rows = Object.values(report.checks);
  return [
    ...report.rootCauses.map((root) => `root cause ${rootCauseLine(root)}`),
    ...report.notes
      .filter(({ kind }) => kind !== 'cause')
      .map(({ kind, check, text }) => `${kind} ${check}: ${text}`),
    ...rows
      .filter(({ status }) => status === 'skipped')
      .map(({ id, summary }) => `skipped ${id}: ${summary}`),
    ...rows.flatMap((row) => {
      const why = whyLetThrough(row, report.gate);
      return why === undefined ? [] : [`${row.id} is ${why}`];
    }),
    ...waiverLines(report),
  ].map((note) => visible(note));
}
