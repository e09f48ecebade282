import type { RedactedReport } from '../../../doctor/report.ts';
import { doctorTags } from '../../../telemetry/sentry/doctor-tags.ts';
import type { SentryReport } from '../../../telemetry/sentry/report.ts';

/** How serious each overall status is to whoever watches a fleet. */
const LEVELS = { ok: 'info', warning: 'warning', fail: 'error' } as const satisfies Record<
  RedactedReport['overallStatus'],
  SentryReport['level']
>;

/** A run of the doctor as an event of Sentry, without its attachment (spec/observability.md 6). */
export function doctorEvent(
  report: RedactedReport,
): Omit<SentryReport, 'eventId' | 'attachments' | 'environment'> {
  const { overallStatus, target, tool, platform, generatedAt, checks, rootCauses } = report;
  const idsWith = (status: string): readonly string[] =>
    Object.values(checks)
      .filter((check) => check.status === status)
      .map(({ id }) => id);
  return {
    timestampMs: Date.parse(generatedAt),
    level: LEVELS[overallStatus],
    message: titleOf(report),
    release: `${tool.name}@${tool.version}`,
    tags: {
      ...doctorTags(report),
      agent: target.profile,
      ...(target.version !== null && { agent_version: target.version }),
      os: platform.os,
      architecture: platform.architecture,
    },
    contexts: {
      doctor: {
        overall_status: overallStatus,
        failed_checks: idsWith('fail'),
        warning_checks: idsWith('warning'),
        root_causes: rootCauses.map(({ check, failureClass, cause }) => ({
          check,
          class: failureClass,
          cause,
        })),
        duration_ms: report.durationMs,
      },
      os: { name: platform.os },
      runtime: { name: platform.runtime },
    },
    fingerprint: ['stethos-doctor', target.profile, ...classesOf(report)],
  };
}

function titleOf({ target, overallStatus, rootCauses }: RedactedReport): string {
  const [first] = rootCauses.filter(({ status }) => status === overallStatus);
  if (!first) return `stethos doctor on ${target.agent}: ${overallStatus}`;
  return `stethos doctor on ${target.agent}: ${first.check}: ${first.cause}`;
}

/**
 * What is wrong, in words that are the same on every machine of a fleet: the failure classes of the worst causes, or the
 * check where a cause has no class.
 */
export function classesOf({ overallStatus, rootCauses }: RedactedReport): readonly string[] {
  const classes = rootCauses
    .filter(({ status }) => status === overallStatus)
    .map(({ failureClass, check }) => failureClass ?? check);
  return classes.length === 0 ? [overallStatus] : [...new Set(classes)].toSorted();
}
