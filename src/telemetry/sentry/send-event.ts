import type { Upload } from './client.ts';
import type { SdkEnvelope } from './envelopes.ts';
import { besideEvent } from './plan.ts';
import type { Posted } from './post.ts';
import { attachmentItem, unsettledAttachments } from './send-part.ts';

/**
 * Sends the event with the attachments that fit beside it, once. It is only written anew, without something, where a file
 * changed or the server finds the whole too large.
 */
export async function sendEvent(
  upload: Upload,
  event: SdkEnvelope,
): Promise<Exclude<Posted, { kind: 'too_large' }>> {
  const { sender, progress, limits } = upload;
  const eventBytes = Buffer.byteLength(event.payload);
  if (eventBytes > limits.maxEventBytes)
    return {
      kind: 'refused',
      reason: `the event has ${eventBytes} bytes, more than the ${limits.maxEventBytes} that Sentry takes`,
    };
  const eventItem = { header: event.itemHeader, payload: event.payload };
  for (let travelsAlone = false; ;) {
    const left = unsettledAttachments(upload);
    const beside = travelsAlone ? [] : besideEvent(left, eventBytes, limits);
    const companions = [...left].filter(([position]) => beside.includes(position));
    const items = companions.map(([, attachment]) => attachmentItem(attachment));
    const posted = await sender.send(event, [eventItem, ...items], 'event');
    switch (posted.kind) {
      case 'accepted':
        await progress.settle('event');
        // Where attachments are limited the server keeps the event and says nothing of them: they are sent again.
        if (!sender.isLimited('attachment'))
          for (const position of beside) await progress.settle(`attachment ${position}`);
        return posted;
      case 'changed':
        for (const [position, { filename, path }] of companions)
          if (path === posted.path)
            await progress.settle(`attachment ${position}`, { filename, reason: posted.reason });
        break;
      case 'too_large':
        if (beside.length === 0) return { kind: 'refused', reason: posted.reason };
        travelsAlone = true;
        break;
      case 'failed':
      case 'refused':
        return posted;
    }
  }
}
