/** What a server of Sentry takes, and how long it is asked. Units are bytes and milliseconds. */
export interface SentryLimits {
  /** Of one envelope, as it travels. */
  readonly maxCompressedBytes: number;
  /** Of one envelope, unpacked. */
  readonly maxUnpackedBytes: number;
  /** Of all attachments of a report. */
  readonly maxReportBytes: number;
  readonly maxEventBytes: number;
  /** From the first look-up to the answer to one envelope. */
  readonly requestTimeoutMs: number;
  readonly attachmentTries: number;
  readonly retryDelayMs: number;
}

/** Envelopes and events: https://develop.sentry.dev/sdk/data-model/envelopes/#size-limits. */
export const SENTRY_LIMITS: SentryLimits = {
  maxCompressedBytes: 20_000_000,
  maxUnpackedBytes: 100_000_000,
  // As the reference limits a report (spec/observability.md 6).
  maxReportBytes: 200 * 1024 * 1024,
  maxEventBytes: 1_000_000,
  // The largest envelope at 2.7 Mbit/s.
  requestTimeoutMs: 60_000,
  // As the reference tries (spec/observability.md 6).
  attachmentTries: 3,
  // A relay that restarts needs about as long.
  retryDelayMs: 1_000,
};

/** Sentry discards a tag that is longer (https://docs.sentry.io/platforms/javascript/enriching-events/tags/). */
export const MAX_TAG_VALUE_LENGTH = 200;
/** Of the message of a feedback item (https://develop.sentry.dev/sdk/telemetry/feedbacks/). */
export const MAX_FEEDBACK_LENGTH = 4_096;
