import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { createZstdDecompress } from 'node:zlib';
import { errorCode } from '../host/files.ts';
import { SourceFault } from './item.ts';

const CHUNK_BYTES = 256 * 1024;
/**
 * A file that may be opened without harm: no link at its end, no waiting for the writer of a FIFO, no terminal that becomes
 * ours. Windows knows none of these.
 */
const HARMLESS =
  constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);

/**
 * The bytes of a regular file as it stood when it was opened; what its writer adds meanwhile is left out. A file named
 * `.zst` is unpacked on the way.
 * @throws SourceFault where it cannot be read, or not to its end
 */
export async function* readSourceFile(path: string): AsyncGenerator<Uint8Array> {
  try {
    const packed = readPlain(path);
    if (!path.endsWith('.zst')) yield* packed;
    else yield* unpacked(packed);
  } catch (error) {
    throw error instanceof SourceFault ? error : new SourceFault(reasonOf(error), { cause: error });
  }
}

async function* readPlain(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path, HARMLESS);
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw new SourceFault('it is no regular file');
    for (let position = 0; position < stats.size;) {
      const length = Math.min(CHUNK_BYTES, stats.size - position);
      // oxlint-disable-next-line no-await-in-loop -- one piece after the other
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(length), { length, position });
      // It shrank while it was read.
      if (bytesRead === 0) return;
      position += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

async function* unpacked(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const source = Readable.from(packed, { objectMode: false });
  const unpacker = createZstdDecompress();
  // `pipe` alone would not tell the unpacker of a file that cannot be read.
  source.on('error', (error) => unpacker.destroy(error));
  source.pipe(unpacker);
  try {
    for await (const piece of unpacker) yield piece as Uint8Array;
  } finally {
    source.destroy();
    unpacker.destroy();
  }
}

function reasonOf(error: unknown): string {
  const code = errorCode(error);
  if (code === 'ELOOP') return 'it is a link';
  if (code === 'Z_BUF_ERROR' || code === 'ZSTD_error_srcSize_wrong') return 'the compressed file ends early';
  return code.startsWith('ZSTD') ? `the compressed file is damaged (${code})` : code;
}
