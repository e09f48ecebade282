import type { NetworkFailureClass } from '../../net/failure.ts';
import { makeEnvelopes } from './envelopes.ts';
import { eventOf, feedbackOf } from './event.ts';
import { SENTRY_LIMITS } from './limits.ts';
import type { SentryLimits } from './limits.ts';
import { unsendable } from './plan.ts';
import type { Posted } from './post.ts';
import type { RateLimits } from './rate-limits.ts';
import type { LostPart, SentryReport } from './report.ts';
import { sendEvent } from './send-event.ts';
import { attachmentItem, sendPart, unsettledAttachments } from './send-part.ts';
import { createSender } from './sender.ts';
import type { SenderOptions } from './sender.ts';

export interface UploadOptions extends Pick<SenderOptions, 'dsn' | 'network' | 'clock'> {
  /** Ends the upload; what is not accepted by then is deferred. */
  readonly signal: AbortSignal;
  readonly limits?: Partial<SentryLimits>;
  /** What the server did not want when it was last asked. */
  readonly knownLimits?: RateLimits;
  /** What the server has already, kept by whoever may ask again. */
  readonly progress: UploadProgress;
}

/** Which parts of a report are settled, so that the next try leaves them out. */
export interface UploadProgress {
  isSettled(part: ReportPart): boolean;
  /** @param lost when it is settled that the server will never have it */
  settle(part: ReportPart, lost?: LostPart): Promise<void>;
  /** Everything that was lost so far. */
  lost(): readonly LostPart[];
}

export type ReportPart = 'event' | 'feedback' | `attachment ${number}`;

export type UploadOutcome =
  | { readonly kind: 'sent'; readonly lost: readonly LostPart[] }
  | Deferred
  | { readonly kind: 'refused'; readonly reason: string; readonly failureClass?: NetworkFailureClass };

/** To be tried again, by this process or another one. */
export interface Deferred {
  readonly kind: 'deferred';
  readonly reason: string;
  readonly failureClass?: NetworkFailureClass;
  /** What the server does not want for now. */
  readonly limits: RateLimits;
}

/** What the sending of one report shares. */
export interface Upload extends Pick<UploadOptions, 'progress' | 'signal'> {
  readonly report: SentryReport;
  readonly sender: ReturnType<typeof createSender>;
  readonly limits: SentryLimits;
}

/**
 * Sends what the server does not have yet of a report: the event with the attachments that fit beside it, the feedback item
 * that points at it, then each other attachment in an envelope of its own under the same id (spec/observability.md 6). An
 * attachment that the server does not take hinders no other. Rejects with what `progress` throws, and with nothing else.
 */
export async function uploadReport(report: SentryReport, options: UploadOptions): Promise<UploadOutcome> {
  const { progress, signal } = options;
  const limits = { ...SENTRY_LIMITS, ...options.limits };
  const sender = createSender({ ...options, limits, client: report.release.replace('@', '/') });
  const upload: Upload = { report, sender, limits, progress, signal };
  const feedbackEvent = feedbackOf(report);
  const [event, feedback] = await makeEnvelopes([eventOf(report), ...(feedbackEvent ? [feedbackEvent] : [])]);
  if (!event) return { kind: 'refused', reason: 'the SDK made no envelope of the event' };

  for (const [position, reason] of unsendable(report.attachments, limits))
    if (!progress.isSettled(`attachment ${position}`))
      await progress.settle(`attachment ${position}`, {
        filename: report.attachments[position]?.filename ?? 'attachment',
        reason,
      });
  if (!progress.isSettled('event')) {
    const end = await sendEvent(upload, event);
    if (end.kind === 'refused') return end;
    if (end.kind === 'failed') return deferredBy(end, sender);
  }
  const failures: Failed[] = [];
  if (feedback && !progress.isSettled('feedback'))
    failures.push(
      ...(await sendPart(upload, {
        part: 'feedback',
        filename: 'feedback item',
        category: 'feedback',
        tries: 1,
        header: feedback.header,
        item: { header: feedback.itemHeader, payload: feedback.payload },
      })),
    );
  for (const [position, attachment] of unsettledAttachments(upload)) {
    if (failures.some(hindersAll)) break;
    failures.push(
      ...(await sendPart(upload, {
        part: `attachment ${position}`,
        filename: attachment.filename,
        category: 'attachment',
        tries: limits.attachmentTries,
        header: event.header,
        item: attachmentItem(attachment),
      })),
    );
  }
  const [first] = failures;
  return first ? deferredBy(first, sender) : { kind: 'sent', lost: progress.lost() };
}

const deferredBy = ({ reason, failureClass }: Failed, sender: Upload['sender']): Deferred => ({
  kind: 'deferred',
  reason,
  ...(failureClass && { failureClass }),
  limits: sender.limits(),
});

type Failed = Extract<Posted, { kind: 'failed' }>;

/** What the server says is about one envelope or one kind; everything else on the way meets the next one too. */
const hindersAll = ({ failureClass }: Failed): boolean =>
  failureClass !== 'http_server_error' && failureClass !== 'http_rate_limited';
