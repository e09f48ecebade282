import type { SentryLimits } from './limits.ts';
import type { SentryAttachment } from './report.ts';

/** Headers of items, and what packing adds to bytes that do not shrink. */
const ALLOWANCE = 0.99;

/** Attachments that cannot be sent whatever happens, by position, with the reason. */
export function unsendable(
  attachments: readonly Pick<SentryAttachment, 'bytes'>[],
  { maxUnpackedBytes, maxReportBytes }: Pick<SentryLimits, 'maxUnpackedBytes' | 'maxReportBytes'>,
): ReadonlyMap<number, string> {
  const reasons = new Map<number, string>();
  let inReport = 0;
  for (const [index, { bytes }] of attachments.entries()) {
    if (bytes > maxUnpackedBytes * ALLOWANCE)
      reasons.set(index, `larger than the ${inMegabytes(maxUnpackedBytes)} that Sentry takes at once`);
    else if (inReport + bytes > maxReportBytes)
      reasons.set(index, `the report is full: it holds ${inMegabytes(maxReportBytes)}`);
    else inReport += bytes;
  }
  return reasons;
}

/**
 * Which of these attachments, by position, travel in the envelope of the event: those that fit for certain, in order.
 * Each other one travels in an envelope of its own.
 */
export function besideEvent(
  attachments: ReadonlyMap<number, Pick<SentryAttachment, 'bytes'>>,
  eventBytes: number,
  { maxCompressedBytes }: Pick<SentryLimits, 'maxCompressedBytes'>,
): readonly number[] {
  let total = eventBytes;
  const beside: number[] = [];
  for (const [index, { bytes }] of attachments) {
    // Packing makes nothing noticeably larger.
    if (total + bytes > maxCompressedBytes * ALLOWANCE) continue;
    total += bytes;
    beside.push(index);
  }
  return beside;
}

const inMegabytes = (bytes: number): string => `${Math.round(bytes / 1_000_000)} MB`;
