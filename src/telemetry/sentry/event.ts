import { createHash } from 'node:crypto';
import type { Event } from '@sentry/node';
import { MAX_FEEDBACK_LENGTH, MAX_TAG_VALUE_LENGTH } from './limits.ts';
import type { SentryReport } from './report.ts';
import { shortened } from './shorten.ts';

/** The event of a report (https://develop.sentry.dev/sdk/data-model/event-payloads/). */
export function eventOf(report: SentryReport): Event {
  const { level, message, reason, contexts, fingerprint } = report;
  return {
    ...commonParts(report),
    event_id: report.eventId,
    message,
    // Without a level an event is an error.
    ...(level !== 'error' && { level }),
    ...(reason !== undefined && { exception: { values: [{ type: message, value: reason }] } }),
    ...(fingerprint && { fingerprint: [...fingerprint] }),
    contexts: structuredClone(contexts) as Record<string, Record<string, unknown>>,
  };
}

/** The feedback item that points at the event, with an id that is the same for every try; undefined without feedback. */
export function feedbackOf(report: SentryReport): Event | undefined {
  const { feedback, eventId } = report;
  if (!feedback) return undefined;
  return {
    type: 'feedback',
    ...commonParts(report),
    event_id: createHash('sha256').update(`feedback ${eventId}`).digest('hex').slice(0, eventId.length),
    level: 'info',
    contexts: {
      feedback: {
        message: shortened(feedback.message, MAX_FEEDBACK_LENGTH),
        source: feedback.source,
        associated_event_id: eventId,
      },
    },
  };
}

const commonParts = ({ timestampMs, release, environment, tags }: SentryReport): Event => ({
  platform: 'node',
  timestamp: timestampMs / 1_000,
  release,
  environment,
  // Sentry would note the address that the report comes from.
  sdk: { settings: { infer_ip: 'never' } },
  tags: Object.fromEntries(
    Object.entries(tags).map(([key, value]) => [key, shortened(value, MAX_TAG_VALUE_LENGTH)]),
  ),
});
