import type { Transform } from 'node:stream';

/** One coding is usual, two are a mistake, more are an attack. */
const MAX_CODINGS = 2;

export interface Decoded {
  readonly bytes: Buffer;
  /** More would have come out, or what came in is damaged. */
  readonly isTruncated: boolean;
}

/**
 * Undoes `Content-Encoding` (RFC 9110 section 8.4). Whatever comes out is bounded, so that a bomb is cut off at
 * `maxBytes`; input that was cut gives what can be had of it. Never throws: what cannot be decoded is empty.
 */
export async function decodeContent(
  bytes: Buffer,
  contentEncoding: string | undefined,
  { maxBytes }: { readonly maxBytes: number },
): Promise<Decoded> {
  const codings = (contentEncoding ?? '')
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity');
  let decoded: Decoded = { bytes, isTruncated: false };
  if (bytes.length === 0 || codings.length === 0) return decoded;
  if (codings.length > MAX_CODINGS) return { bytes: Buffer.alloc(0), isTruncated: true };
  for (const coding of codings.toReversed()) {
    const decoder = decoderOf(coding, decoded.bytes);
    if (!decoder) return { bytes: Buffer.alloc(0), isTruncated: true };
    const { isTruncated } = decoded;
    decoded = await run(decoder, decoded.bytes, maxBytes);
    decoded = { bytes: decoded.bytes, isTruncated: isTruncated || decoded.isTruncated };
  }
  return decoded;
}

function decoderOf(coding: string, bytes: Buffer): Transform | undefined {
  const zlib = process.getBuiltinModule('node:zlib');
  const { Z_SYNC_FLUSH, BROTLI_OPERATION_FLUSH, ZSTD_e_flush } = zlib.constants;
  // A flush at the end, instead of a finish, is content with input that was cut.
  const flush = { finishFlush: Z_SYNC_FLUSH };
  switch (coding) {
    case 'gzip':
    case 'x-gzip':
      return zlib.createGunzip(flush);
    case 'deflate':
      // Many servers send it without the zlib header that the standard asks for.
      return ((bytes[0] ?? 0) & 0x0f) === 0x08 ? zlib.createInflate(flush) : zlib.createInflateRaw(flush);
    case 'br':
      return zlib.createBrotliDecompress({ finishFlush: BROTLI_OPERATION_FLUSH });
    case 'zstd':
      return zlib.createZstdDecompress({ finishFlush: ZSTD_e_flush });
    default:
      return undefined;
  }
}

async function run(decoder: Transform, bytes: Buffer, maxBytes: number): Promise<Decoded> {
  const chunks: Buffer[] = [];
  let length = 0;
  decoder.end(bytes);
  try {
    // Leaving the loop destroys the decoder.
    for await (const chunk of decoder as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > maxBytes) break;
    }
  } catch {
    return { bytes: Buffer.concat(chunks).subarray(0, maxBytes), isTruncated: true };
  }
  return { bytes: Buffer.concat(chunks).subarray(0, maxBytes), isTruncated: length > maxBytes };
}
