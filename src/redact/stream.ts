import type { Redactor } from './redactor.ts';
import { beginRedaction, partsOf } from './stream/redaction.ts';

/**
 * `jsonl`: each line is JSON and stays JSON, strings inside of strings included. `json`: one document. `text`: anything
 * else, in any encoding that a byte order mark or its own bytes tell (UTF-8, UTF-16).
 */
export type RedactionFormat = 'text' | 'json' | 'jsonl';

/** Where something was hidden; never what. */
export interface StreamFinding {
  /** Id of the rule. */
  readonly rule: string;
  /** In what went in, from 1. */
  readonly line: number;
  /** In characters from the beginning of what went in. */
  readonly offset: number;
  readonly length: number;
  /** Found by a rule that is all but never wrong, such as a provider's own key format. */
  readonly confident: boolean;
}

/** What a stream was and what it became. */
export interface StreamRedaction {
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Lower-case hexadecimal, of what came out. */
  readonly sha256: string;
  /** What was hidden in this stream, by rule; sorted by rule. */
  readonly ledger: readonly { readonly rule: string; readonly count: number }[];
  /** Finds of rules that are all but never wrong, such as a provider's own key format. */
  readonly confident: number;
  /** The first finds, confident ones before others; no more than a preview can show. */
  readonly findings: readonly StreamFinding[];
  /** Finds that {@link findings} leaves out. */
  readonly unlisted: number;
}

export interface RedactStreamOptions {
  /** Shared by all streams of a bundle, so that the same secret gets the same placeholder in each. */
  readonly redactor: Redactor;
  readonly format: RedactionFormat;
  readonly signal?: AbortSignal;
}

export interface RedactedStream {
  /** To be read to its end. */
  readonly output: AsyncIterable<Uint8Array>;
  /** Resolves when `output` has ended; rejects with what the source threw, or with the reason of the abort. */
  readonly result: Promise<StreamRedaction>;
}

/**
 * Redacts text of any size in flat memory: what goes in piece by piece comes out piece by piece, in UTF-8, never later than
 * a bounded number of bytes. A secret is found wherever the pieces were cut. Redacting what came out changes nothing.
 */
export function redactStream(
  source: AsyncIterable<Uint8Array>,
  { redactor, format, signal }: RedactStreamOptions,
): RedactedStream {
  const { promise, resolve, reject } = Promise.withResolvers<StreamRedaction>();
  // Who reads the output learns of the failure there.
  promise.catch(() => {});
  async function* output(): AsyncGenerator<Uint8Array> {
    try {
      const redaction = beginRedaction({ redactor, format });
      for await (const bytes of source) {
        signal?.throwIfAborted();
        for (const part of partsOf(bytes)) yield* redaction.push(part);
      }
      signal?.throwIfAborted();
      yield* redaction.end();
      resolve(redaction.result());
    } catch (error) {
      reject(error);
      throw error;
    } finally {
      reject(new Error('the output was not read to its end'));
    }
  }
  return { output: output(), result: promise };
}

/**
 * What there is to hide in a stream. For what has been redacted the ledger is empty: whoever sends asks this about the very
 * bytes that go out.
 */
export async function inspectStream(
  source: AsyncIterable<Uint8Array>,
  options: RedactStreamOptions,
): Promise<StreamRedaction> {
  const { output, result } = redactStream(source, options);
  const bytes = output[Symbol.asyncIterator]();
  // oxlint-disable-next-line no-await-in-loop -- the pieces come one after the other
  while (!(await bytes.next()).done);
  return result;
}
