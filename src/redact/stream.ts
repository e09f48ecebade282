import type { RedactorOptions } from './redactor.ts';

/** What a stream was and what it became. */
export interface StreamRedaction {
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Lower-case hexadecimal, of what came out. */
  readonly sha256: string;
  /** What was hidden, by rule; sorted by rule. */
  readonly ledger: readonly { readonly rule: string; readonly count: number }[];
  /** Finds of rules that are all but never wrong, such as a provider's own key format. */
  readonly confident: number;
}

/**
 * Redacts text of any size in flat memory: what goes in piece by piece comes out piece by piece, never later than a bounded
 * number of bytes. A secret is found wherever the pieces were cut.
 * @param format `jsonl`: each line is JSON and stays JSON, strings inside of strings included; `text`: anything else, in any
 *   encoding that a byte order mark or its own bytes tell (UTF-8, UTF-16)
 */
export type RedactStream = (
  source: AsyncIterable<Uint8Array>,
  options: RedactorOptions & { readonly format: 'text' | 'jsonl' },
) => {
  /** To be read to its end. */
  readonly output: AsyncIterable<Uint8Array>;
  /** Resolves when `output` has ended; rejects with what the source threw. */
  readonly result: Promise<StreamRedaction>;
};
