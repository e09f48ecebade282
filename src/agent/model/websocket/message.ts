import type { ModelEvent } from '../event.ts';
import { textDeltaOf } from '../request/text-delta.ts';

/** A message of the provider: what a text delta means, or the bytes of anything else. */
export type Message = TextDelta | Buffer;
type TextDelta = Extract<ModelEvent, { readonly type: 'text_delta' }>;

export const isTextDelta = (message: Message): message is TextDelta => !Buffer.isBuffer(message);

/**
 * Nearly every message of a long answer is a text delta. It is read as it comes, so that its buffer does not wait for the
 * reader of the response: of hundreds that wait, the collector has to copy each (measured: a third of all the work).
 */
export function readMessage(data: Buffer): Message {
  const delta = textDeltaOf(data.toString('utf8'));
  return delta === undefined ? data : { type: 'text_delta', delta };
}
