import { eventOf, feedbackOf } from '../../telemetry/sentry/event.ts';
import type { SentryReport } from '../../telemetry/sentry/report.ts';

/** The event, and the feedback item that points at it, as they are sent. */
export const showReport = (report: SentryReport): string =>
  `${JSON.stringify({ event: eventOf(report), feedback: feedbackOf(report) }, null, 2)}\n`;
