import { z } from 'zod';
import type { ReportPart } from '../../telemetry/sentry/client.ts';
import { EVENT_ID } from '../../telemetry/sentry/event-id.ts';
import type { SentryReport } from '../../telemetry/sentry/report.ts';

/** A larger number of attachments is none of ours. */
const MAX_ATTACHMENTS = 1_000;

const attachment = z.object({
  filename: z.string(),
  contentType: z.string(),
  bytes: z.int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

const record = z.object({
  version: z.literal(1),
  /** Whom the user agreed to send it to: as `describeDsn` says it, and without the key. */
  destination: z.string(),
  spooledAtMs: z.number(),
  report: z.object({
    eventId: z.string().regex(EVENT_ID),
    timestampMs: z.number(),
    level: z.enum(['fatal', 'error', 'warning', 'info']),
    message: z.string(),
    reason: z.string().exactOptional(),
    feedback: z.object({ message: z.string(), source: z.string() }).exactOptional(),
    release: z.string(),
    environment: z.string(),
    tags: z.record(z.string(), z.string()),
    contexts: z.record(z.string(), z.record(z.string(), z.unknown())),
    fingerprint: z.array(z.string()).exactOptional(),
    attachments: z.array(attachment).max(MAX_ATTACHMENTS),
  }),
});

const progress = z.object({
  settled: z.array(z.custom<ReportPart>((part) => typeof part === 'string')),
  lost: z.array(z.object({ filename: z.string(), reason: z.string() })),
  /** By category of Sentry's rate limits: milliseconds since the epoch. */
  limits: z.record(z.string(), z.number()),
});

/** What is written once of a report that waits. Its files stand beside it under their positions. */
export type SpoolRecord = z.infer<typeof record>;
/** What changes: which parts the server has. */
export type SpoolProgress = z.infer<typeof progress>;

export const NO_PROGRESS: SpoolProgress = { settled: [], lost: [], limits: {} };

/** Undefined for what is none, whatever it is. */
export const readRecord = (text: string): SpoolRecord | undefined => read(record, text);
export const readProgress = (text: string): SpoolProgress | undefined => read(progress, text);

function read<Value>(schema: z.ZodType<Value>, text: string): Value | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** The report again, with its files where they stand now. */
export const restored = ({ report }: SpoolRecord, fileAt: (position: number) => string): SentryReport => ({
  ...report,
  attachments: report.attachments.map((file, position) => ({ ...file, path: fileAt(position) })),
});
