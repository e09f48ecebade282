import type { Redactor } from '../redact/redactor.ts';
import { inspectStream } from '../redact/stream.ts';
import type { HiddenCount, StagedItem } from './item.ts';
import { readSourceFile } from './source-file.ts';

/** Something secret in what was redacted: a fault of ours, which must not leave. */
export interface Leftover {
  readonly item: StagedItem;
  readonly found: readonly HiddenCount[];
  /** The bytes are not those that were shown. */
  readonly isChanged: boolean;
}

/** Looks once more at the very bytes that are to leave, and whether they are those that were shown. */
export async function scanAgain(
  items: readonly StagedItem[],
  { redactor, signal }: { readonly redactor: Redactor; readonly signal: AbortSignal },
): Promise<readonly Leftover[]> {
  const leftovers: Leftover[] = [];
  for (const item of items) {
    // oxlint-disable-next-line no-await-in-loop -- one stream at a time keeps memory flat
    const seen = await inspectStream(readSourceFile(item.path), { redactor, signal, format: item.format });
    const isChanged = seen.ledger.length === 0 && seen.sha256 !== item.sha256;
    if (seen.ledger.length > 0 || isChanged) leftovers.push({ item, found: seen.ledger, isChanged });
  }
  return leftovers;
}
