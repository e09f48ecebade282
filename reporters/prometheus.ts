import { STATUSES } from '../src/doctor/report.ts';
import type { CheckResult, RedactedReport } from '../src/doctor/report.ts';
import { passedAt } from './findings.ts';
import { rootCausesOf, shownCauseOf } from './machine/words.ts';
import { exposition } from './prometheus/exposition.ts';
import type { Gauge, Sample } from './prometheus/exposition.ts';
import type { Reporter } from './reporter.ts';

const OVERALL = ['ok', 'warning', 'fail'] as const;

/**
 * Gauges of one run in Prometheus' text format, for a scrape or for the node exporter's folder of text files.
 *
 * Labels are bounded: ids of checks, statuses, failure classes, the target. What was measured, paths and messages are no
 * labels. A status is one series per possible value, of which one is 1, so that a rule can count and match by name.
 * Every series says its target, so files of several targets can stand side by side. Waived and known rows keep their
 * status and have a gauge of their own to leave them out by.
 */
export const prometheus: Reporter = (report) =>
  exposition([...gaugesOfRun(report), ...gaugesOfChecks(report)], { target: report.target.profile });

function gaugesOfRun(report: RedactedReport): readonly Gauge[] {
  const { tool, target, platform, gate, counts } = report;
  return [
    {
      name: 'stethos_doctor_info',
      help: 'Who examined what; always 1.',
      samples: [
        {
          labels: {
            version: tool.version,
            agent_version: target.version ?? '',
            os: platform.os,
            architecture: platform.architecture,
          },
          value: 1,
        },
      ],
    },
    {
      name: 'stethos_doctor_last_run_timestamp_seconds',
      help: 'When the run began, in seconds since 1970.',
      samples: [{ value: secondsOf(report.generatedAt) }],
    },
    {
      name: 'stethos_doctor_duration_seconds',
      help: 'How long the run took.',
      samples: [{ value: report.durationMs / 1_000 }],
    },
    {
      name: 'stethos_doctor_status',
      help: 'Overall status of the run: 1 for the one that it has.',
      samples: oneOf(OVERALL, report.overallStatus),
    },
    {
      name: 'stethos_doctor_interrupted',
      help: 'Whether the run was interrupted.',
      samples: [{ value: Number(report.interrupted) }],
    },
    {
      name: 'stethos_doctor_checks',
      help: 'Checks by status.',
      samples: STATUSES.map((status) => ({ labels: { status }, value: counts[status] })),
    },
    {
      name: 'stethos_doctor_root_causes',
      help: 'Faults that are not only symptoms of another.',
      samples: [{ value: report.rootCauses.length }],
    },
    {
      name: 'stethos_doctor_exit_code',
      help: 'Exit code that the gate decided on.',
      samples: gate ? [{ value: gate.exitCode }] : [],
    },
    {
      name: 'stethos_doctor_counted_checks',
      help: 'Checks at or above the threshold that nothing lets through.',
      samples: gate ? [{ value: gate.counted.length }] : [],
    },
    {
      name: 'stethos_doctor_expired_waivers',
      help: 'Waivers whose last day is over.',
      samples: gate ? [{ value: gate.expired.length }] : [],
    },
    {
      name: 'stethos_doctor_unused_waivers',
      help: 'Waivers that no check needs any more.',
      samples: gate ? [{ value: gate.unused.length }] : [],
    },
  ];
}

function gaugesOfChecks(report: RedactedReport): readonly Gauge[] {
  const rows = Object.values(report.checks);
  const rootCauses = rootCausesOf(report);
  const each = (samples: (row: CheckResult) => readonly Sample[]): readonly Sample[] =>
    rows.flatMap((row) =>
      samples(row).map(({ labels, value }) => ({ labels: { check: row.id, ...labels }, value })),
    );
  return [
    {
      name: 'stethos_doctor_check_status',
      help: 'Status of a check: 1 for the one that it has.',
      samples: each(({ status }) => oneOf(STATUSES, status)),
    },
    {
      name: 'stethos_doctor_check_duration_seconds',
      help: 'How long a check took.',
      samples: each(({ durationMs }) => [{ value: durationMs / 1_000 }]),
    },
    {
      name: 'stethos_doctor_check_issues',
      help: 'Issues of a check by severity.',
      samples: each(({ issues }) =>
        (['warning', 'fail'] as const).map((severity) => ({
          labels: { severity },
          value: issues.filter((issue) => issue.severity === severity).length,
        })),
      ),
    },
    {
      name: 'stethos_doctor_check_failure',
      help: 'Failure class of a check that is not well; always 1.',
      samples: each(({ failure }) => (failure ? [{ labels: { class: failure.class }, value: 1 }] : [])),
    },
    {
      name: 'stethos_doctor_check_symptom',
      help: 'The check whose fault a check only shows; always 1.',
      samples: each((row) => {
        const root = shownCauseOf(row, rootCauses);
        return root === undefined ? [] : [{ labels: { root_cause: root }, value: 1 }];
      }),
    },
    {
      name: 'stethos_doctor_check_waived_until_timestamp_seconds',
      help: 'End of the last day on which a waiver holds for a check, in seconds since 1970.',
      samples: each(({ id }) => lastDaysOf(id, report)),
    },
    {
      name: 'stethos_doctor_check_known',
      help: 'A check that was as bad in the baseline already; always 1.',
      samples: each(({ id }) => (report.gate?.known.includes(id) ? [{ value: 1 }] : [])),
    },
  ];
}

/** Several waivers may answer for one check; a series stands once, and the first day to end is the one to know. */
function lastDaysOf(id: string, { gate }: RedactedReport): readonly Sample[] {
  if (passedAt(gate, id)?.because !== 'waived') return [];
  const ends = (gate?.waived ?? [])
    .filter(({ check }) => check === id)
    .map(({ expires }) => secondsOf(`${expires}T00:00:00Z`) + SECONDS_OF_DAY);
  return [{ value: Math.min(...ends) }];
}

const SECONDS_OF_DAY = 86_400;

const oneOf = (statuses: readonly string[], actual: string): readonly Sample[] =>
  statuses.map((status) => ({ labels: { status }, value: Number(status === actual) }));

const secondsOf = (time: string): number => Date.parse(time) / 1_000;
