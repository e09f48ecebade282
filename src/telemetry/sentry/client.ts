import { setTimeout as sleep } from 'node:timers/promises';
import type { NetworkFailureClass } from '../../net/failure.ts';
import { makeEnvelopes } from './envelopes.ts';
import { eventOf, feedbackOf } from './event.ts';
import { SENTRY_LIMITS } from './limits.ts';
import type { SentryLimits } from './limits.ts';
import { besideEvent, unsendable } from './plan.ts';
import type { Posted } from './post.ts';
import type { RateLimits } from './rate-limits.ts';
import type { LostPart, SentryAttachment, SentryReport } from './report.ts';
import type { EnvelopeItem } from './seal.ts';
import { createSender } from './sender.ts';
import type { Category, SenderOptions } from './sender.ts';

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

/**
 * Sends what the server does not have yet of a report: the event with the attachments that fit beside it, the feedback item
 * that points at it, then each other attachment in an envelope of its own under the same id (spec/observability.md 6). An
 * attachment that fails does not hinder the others. Rejects with what `progress` throws, and with nothing else.
 */
export async function uploadReport(report: SentryReport, options: UploadOptions): Promise<UploadOutcome> {
  const { progress, signal } = options;
  const limits = { ...SENTRY_LIMITS, ...options.limits };
  const sender = createSender({ ...options, limits, client: report.release.replace('@', '/') });
  const feedback = feedbackOf(report);
  const [event, feedbackEnvelope] = await makeEnvelopes([eventOf(report), ...(feedback ? [feedback] : [])]);
  if (!event) return { kind: 'refused', reason: 'the SDK made no envelope of the event' };
  const eventBytes = Buffer.byteLength(event.payload);
  if (eventBytes > limits.maxEventBytes)
    return {
      kind: 'refused',
      reason: `the event has ${eventBytes} bytes, more than the ${limits.maxEventBytes} that Sentry takes`,
    };

  const lose = (part: ReportPart, filename: string, reason: string): Promise<void> =>
    progress.settle(part, { filename, reason });
  for (const [index, reason] of unsendable(report.attachments, limits))
    if (!progress.isSettled(`attachment ${index}`))
      await lose(`attachment ${index}`, nameOf(report.attachments[index]), reason);
  const unsettled = (): ReadonlyMap<number, SentryAttachment> =>
    new Map(
      [...report.attachments.entries()].filter(([index]) => !progress.isSettled(`attachment ${index}`)),
    );

  let deferred: Deferred | undefined;
  const defer = ({ reason, failureClass }: Extract<Posted, { kind: 'failed' }>): Deferred => {
    deferred ??= { kind: 'deferred', reason, ...(failureClass && { failureClass }), limits: sender.limits() };
    return deferred;
  };

  const sendEvent = async (): Promise<Exclude<UploadOutcome, { kind: 'sent' }> | undefined> => {
    for (let travelsAlone = false; ;) {
      const left = unsettled();
      const beside = travelsAlone ? [] : besideEvent(left, eventBytes, limits);
      const items = beside.flatMap((index) => itemOf(left.get(index)));
      const posted = await sender.send(
        event,
        [{ header: event.itemHeader, payload: event.payload }, ...items],
        'event',
      );
      switch (posted.kind) {
        case 'accepted':
          await progress.settle('event');
          // Where attachments are limited the server keeps the event and says nothing of them: they are sent again.
          if (!sender.isLimited('attachment'))
            for (const index of beside) await progress.settle(`attachment ${index}`);
          return undefined;
        case 'failed':
          return defer(posted);
        case 'changed': {
          const index = beside.find((candidate) => left.get(candidate)?.path === posted.path);
          if (index === undefined) return { kind: 'refused', reason: posted.reason };
          await lose(`attachment ${index}`, nameOf(left.get(index)), posted.reason);
          break;
        }
        case 'too_large':
          if (travelsAlone || beside.length === 0) return { kind: 'refused', reason: posted.reason };
          travelsAlone = true;
          break;
        case 'refused':
          return posted;
      }
    }
  };

  const sendOther = async (
    part: Exclude<ReportPart, 'event'>,
    { filename, category, tries, items }: OtherPart,
  ): Promise<void> => {
    for (let tried = 1; ; tried += 1) {
      const header = category === 'feedback' ? (feedbackEnvelope ?? event).header : event.header;
      const posted = await sender.send({ header }, items, category);
      if (posted.kind === 'accepted') return progress.settle(part);
      if (posted.kind !== 'failed') return lose(part, filename, posted.reason);
      const isOver = tried >= tries || signal.aborted || sender.isLimited(category);
      if (isOver) return void defer(posted);
      await sleep(limits.retryDelayMs, undefined, { signal }).catch(() => undefined);
    }
  };

  if (!progress.isSettled('event')) {
    const failed = await sendEvent();
    if (failed) return failed;
  }
  if (feedbackEnvelope && !progress.isSettled('feedback')) {
    const items = [{ header: feedbackEnvelope.itemHeader, payload: feedbackEnvelope.payload }];
    await sendOther('feedback', { filename: 'feedback item', category: 'feedback', tries: 1, items });
  }
  for (const [index, attachment] of unsettled())
    await sendOther(`attachment ${index}`, {
      filename: attachment.filename,
      category: 'attachment',
      tries: limits.attachmentTries,
      items: itemOf(attachment),
    });
  return deferred ?? { kind: 'sent', lost: progress.lost() };
}

interface OtherPart {
  /** How it is spoken of when it is lost. */
  readonly filename: string;
  readonly category: Category;
  readonly tries: number;
  readonly items: readonly EnvelopeItem[];
}

const nameOf = (attachment: SentryAttachment | undefined): string => attachment?.filename ?? 'attachment';

const itemOf = (attachment: SentryAttachment | undefined): readonly EnvelopeItem[] =>
  attachment
    ? [
        {
          header: {
            type: 'attachment',
            filename: attachment.filename,
            content_type: attachment.contentType,
          },
          file: { path: attachment.path, bytes: attachment.bytes, sha256: attachment.sha256 },
        },
      ]
    : [];
