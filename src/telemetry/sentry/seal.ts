import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { errorCode } from '../../host/files.ts';

/** One item of an envelope: its header without the length, and its payload. */
export type EnvelopeItem =
  | { readonly header: Readonly<Record<string, unknown>>; readonly payload: string }
  | { readonly header: Readonly<Record<string, unknown>>; readonly file: PayloadFile };

export interface PayloadFile {
  readonly path: string;
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

export type Sealed =
  | { readonly kind: 'sealed'; readonly body: Buffer }
  | { readonly kind: 'too_large'; readonly reason: string }
  /** A file is not what it was when it was shown. */
  | { readonly kind: 'changed'; readonly path: string; readonly reason: string };

export interface SealLimits {
  readonly maxCompressedBytes: number;
  readonly maxUnpackedBytes: number;
}

/** Read at once; small enough for flat memory, large enough to be quick. */
const PIECE_BYTES = 256 * 1024;

/**
 * Writes an envelope and packs it (https://develop.sentry.dev/sdk/data-model/envelopes/). Files are read piece by piece, so
 * memory holds the packed envelope and no more. Each file is compared with its checksum on the way: whatever is not what
 * was shown is told before anything is sent.
 */
export async function sealEnvelope(
  header: Readonly<Record<string, unknown>>,
  items: readonly EnvelopeItem[],
  { maxCompressedBytes, maxUnpackedBytes }: SealLimits,
): Promise<Sealed> {
  const packed: Buffer[] = [];
  let packedBytes = 0;
  try {
    await pipeline(
      Readable.from(limited(written(header, items), maxUnpackedBytes)),
      createGzip(),
      async (pieces: AsyncIterable<Buffer>) => {
        for await (const piece of pieces) {
          packedBytes += piece.length;
          if (packedBytes > maxCompressedBytes) throw new TooLarge(maxCompressedBytes, 'packed');
          packed.push(piece);
        }
      },
    );
    return { kind: 'sealed', body: Buffer.concat(packed) };
  } catch (error) {
    if (error instanceof TooLarge) return { kind: 'too_large', reason: error.message };
    if (error instanceof Changed) return { kind: 'changed', path: error.path, reason: error.message };
    throw error;
  }
}

class TooLarge extends Error {
  constructor(maxBytes: number, state: 'packed' | 'unpacked') {
    super(`larger than the ${maxBytes / 1_000_000} MB (${state}) that Sentry takes at once`);
  }
}

class Changed extends Error {
  readonly path: string;

  constructor(path: string, reason: string) {
    super(reason);
    this.path = path;
  }
}

async function* limited(pieces: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const piece of pieces) {
    bytes += piece.length;
    if (bytes > maxBytes) throw new TooLarge(maxBytes, 'unpacked');
    yield piece;
  }
}

async function* written(
  header: Readonly<Record<string, unknown>>,
  items: readonly EnvelopeItem[],
): AsyncGenerator<Buffer> {
  yield lineOf(header);
  for (const item of items) {
    if ('file' in item) {
      yield lineOf({ ...item.header, length: item.file.bytes });
      yield* checkedPieces(item.file);
    } else {
      const payload = Buffer.from(item.payload);
      yield lineOf({ ...item.header, length: payload.length });
      yield payload;
    }
    yield NEW_LINE;
  }
}

const NEW_LINE = Buffer.from('\n');
const lineOf = (header: Readonly<Record<string, unknown>>): Buffer =>
  Buffer.from(`${JSON.stringify(header)}\n`);

/**
 * The content of a file, which ends with an error where it is not the one that was shown. Never follows a link and never
 * waits for a FIFO: whoever can plant something in its place must not choose what is sent.
 */
export async function* checkedPieces({ path, bytes, sha256 }: PayloadFile): AsyncGenerator<Buffer> {
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  const handle = await open(path, flags).catch((error: unknown) => {
    throw new Changed(path, `it cannot be read any more (${errorCode(error)})`);
  });
  try {
    if (!(await handle.stat()).isFile()) throw new Changed(path, 'no file stands in its place any more');
    const hash = createHash('sha256');
    let seen = 0;
    for (;;) {
      const { buffer, bytesRead } = await handle.read({ buffer: Buffer.allocUnsafe(PIECE_BYTES) });
      if (bytesRead === 0) break;
      seen += bytesRead;
      if (seen > bytes) break;
      const piece = buffer.subarray(0, bytesRead);
      hash.update(piece);
      yield piece;
    }
    if (seen !== bytes || hash.digest('hex') !== sha256)
      throw new Changed(path, 'it changed after it was shown');
  } finally {
    await handle.close();
  }
}

/** Why a file could not be read as it was shown; undefined for any other error. */
export const changeOf = (error: unknown): string | undefined =>
  error instanceof Changed ? error.message : undefined;
