import { open, rm } from 'node:fs/promises';
import { errorCode } from '../host/files.ts';
import { formatBytes } from '../host/units.ts';
import type { Redactor } from '../redact/redactor.ts';
import { redactStream } from '../redact/stream.ts';
import type { Omission, SourceItem, StagedItem } from './item.ts';
import { copyStream } from './copy-stream.ts';
import { SourceFault } from './item.ts';

export interface StageMeans {
  /** One for a whole report. Undefined: nothing is hidden, which a user must have asked for. */
  readonly redactor: Redactor | undefined;
  readonly signal: AbortSignal;
  /** Bytes of one item before redaction; what comes behind is left out, and said to be. */
  readonly maxBytes?: number;
}

/** Four times what the largest sessions hold; a compressed file can unpack to more than any disk. */
const MAX_ITEM_BYTES = 4 * 1024 * 1024 * 1024;
/** Longer names are cut by some receivers. */
const MAX_NAME_LENGTH = 200;
/** Readable by this user alone. */
const FILE_MODE = 0o600;

export type Staged =
  | { readonly kind: 'staged'; readonly item: StagedItem }
  | { readonly kind: 'omitted'; readonly omission: Omission };

/**
 * Writes the redacted bytes of an item to a new file, in flat memory. What could be read of a damaged item is kept.
 * @throws the reason of `signal`; nothing else
 */
export async function stageItem(source: SourceItem, path: string, means: StageMeans): Promise<Staged> {
  const { kind, contentType, format } = source;
  const name = fileNameOf(source.name, means.redactor);
  const reading: Reading = { cutShort: undefined };
  try {
    const { redactor, signal } = means;
    const bytes = bounded(source, reading, means);
    const { output, result } = redactor
      ? redactStream(bytes, { redactor, format, signal })
      : copyStream(bytes);
    // The loop below tells of the same failure.
    result.catch(() => undefined);
    const file = await open(path, 'wx', FILE_MODE);
    try {
      for await (const piece of output) await file.writeFile(piece);
    } finally {
      await file.close();
    }
    const { bytesIn, bytesOut, sha256, ledger, confident, findings } = await result;
    if (bytesIn === 0)
      return await omitted({ kind, name, reason: reading.cutShort ?? 'there is nothing in it' });
    const item = {
      kind,
      name,
      contentType,
      format,
      path,
      bytes: bytesOut,
      sha256,
      bytesBefore: bytesIn,
      hidden: ledger,
      confident,
      findings,
      ...(reading.cutShort !== undefined && { cutShort: reading.cutShort }),
    };
    return { kind: 'staged', item };
  } catch (error) {
    means.signal.throwIfAborted();
    return await omitted({ kind, name, reason: `it cannot be prepared (${errorCode(error)})` });
  }

  async function omitted(omission: Omission): Promise<Staged> {
    await rm(path, { force: true });
    return { kind: 'omitted', omission };
  }
}

interface Reading {
  cutShort: string | undefined;
}

async function* bounded(
  source: SourceItem,
  reading: Reading,
  { signal, maxBytes = MAX_ITEM_BYTES }: StageMeans,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  try {
    for await (const piece of source.open()) {
      signal.throwIfAborted();
      bytes += piece.length;
      if (bytes > maxBytes) {
        reading.cutShort = `it is larger than ${formatBytes(maxBytes)}`;
        return;
      }
      yield piece;
    }
  } catch (error) {
    if (!(error instanceof SourceFault)) throw error;
    reading.cutShort = error.message;
  }
}

/** A name that says nothing private, that a terminal shows as it is, and that is one file on every system. */
function fileNameOf(name: string, redactor: Redactor | undefined): string {
  const shown = (redactor?.text(name) ?? name).replaceAll(/[^\p{L}\p{N}._ ()+=@~-]/gu, '_');
  return shown.slice(-MAX_NAME_LENGTH).replace(/^\.{0,2}$/, '_');
}
