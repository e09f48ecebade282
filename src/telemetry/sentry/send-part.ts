import { setTimeout as sleep } from 'node:timers/promises';
import type { ReportPart, Upload } from './client.ts';
import type { Posted } from './post.ts';
import type { SentryAttachment } from './report.ts';
import type { EnvelopeItem } from './seal.ts';
import type { Category } from './sender.ts';

/** What travels in an envelope of its own. */
export interface SeparatePart {
  readonly part: Exclude<ReportPart, 'event'>;
  /** How it is spoken of when it is lost. */
  readonly filename: string;
  readonly category: Category;
  readonly tries: number;
  /** Of the envelope. */
  readonly header: Readonly<Record<string, unknown>>;
  readonly item: EnvelopeItem;
}

/**
 * Sends one part until the server has it, will never have it, or the tries are spent.
 * @returns why it is to be tried later; empty when it is settled
 */
export async function sendPart(
  { sender, progress, limits, signal }: Upload,
  { part, filename, category, tries, header, item }: SeparatePart,
): Promise<readonly Extract<Posted, { kind: 'failed' }>[]> {
  for (let tried = 1; ; tried += 1) {
    const posted = await sender.send({ header }, [item], category);
    if (posted.kind === 'failed') {
      if (tried >= tries || signal.aborted || sender.isLimited(category)) return [posted];
      await sleep(limits.retryDelayMs, undefined, { signal }).catch(() => undefined);
      continue;
    }
    const { kind } = posted;
    await progress.settle(part, kind === 'accepted' ? undefined : { filename, reason: posted.reason });
    return [];
  }
}

/** Attachments of which nothing is decided yet, by position. */
export const unsettledAttachments = ({
  report,
  progress,
}: Pick<Upload, 'report' | 'progress'>): ReadonlyMap<number, SentryAttachment> =>
  new Map(
    [...report.attachments.entries()].filter(([position]) => !progress.isSettled(`attachment ${position}`)),
  );

export const attachmentItem = ({
  filename,
  contentType,
  path,
  bytes,
  sha256,
}: SentryAttachment): EnvelopeItem => ({
  header: { type: 'attachment', filename, content_type: contentType },
  file: { path, bytes, sha256 },
});
