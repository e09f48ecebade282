import type { SentryReport } from '../../telemetry/sentry/report.ts';

/** The event of a report as it stands in a bundle: the members that release 0.169 writes there, and the rest of ours. */
export function eventOf(report: SentryReport): Readonly<Record<string, unknown>> {
  const { eventId, timestampMs, level, message, reason, feedback, release, environment, tags, contexts } =
    report;
  return {
    event_id: eventId,
    message,
    timestamp: timestampMs / 1_000,
    level,
    ...(reason !== undefined && { exception: { values: [{ type: message, value: reason }] } }),
    release,
    environment,
    tags,
    contexts: feedback ? { ...contexts, feedback } : contexts,
  };
}
