import { isUtf8 } from 'node:buffer';
import { readSync } from 'node:fs';

interface Window {
  readonly offset: number;
  readonly maxBytes: number;
  /** What the file says about itself. */
  readonly size: number;
}

interface Content {
  readonly bytes: Buffer;
  /** The file goes on behind these bytes. */
  readonly truncated: boolean;
}

/** Reads a part of an open file. Files under /proc say that they are empty and still have content. */
export function readWindow(descriptor: number, { offset, maxBytes, size }: Window): Content {
  return size === 0
    ? readUnsized(descriptor, offset, maxBytes)
    : readSized(descriptor, { offset, maxBytes, size });
}

function readSized(descriptor: number, { offset, maxBytes, size }: Window): Content {
  const buffer = Buffer.allocUnsafe(Math.min(maxBytes, Math.max(0, size - offset)));
  const bytes = buffer.subarray(0, fill(descriptor, buffer, offset));
  // A file that shrank while it was read ends where it ends now.
  return { bytes, truncated: bytes.length === buffer.length && offset + bytes.length < size };
}

const UNSIZED_CHUNK_BYTES = 64 * 1024;

function readUnsized(descriptor: number, offset: number, maxBytes: number): Content {
  const chunks: Buffer[] = [];
  let length = 0;
  while (length <= maxBytes) {
    // One byte more than asked for shows whether anything was left.
    const chunk = Buffer.allocUnsafe(Math.min(UNSIZED_CHUNK_BYTES, maxBytes + 1 - length));
    const count = fill(descriptor, chunk, offset + length);
    chunks.push(chunk.subarray(0, count));
    length += count;
    if (count < chunk.length) break;
  }
  return { bytes: Buffer.concat(chunks).subarray(0, maxBytes), truncated: length > maxBytes };
}

/** Reads until the buffer is full or the file ends. */
function fill(descriptor: number, buffer: Buffer, offset: number): number {
  let length = 0;
  while (length < buffer.length) {
    const count = readSync(descriptor, buffer, length, buffer.length - length, offset + length);
    if (count === 0) break;
    length += count;
  }
  return length;
}

/** Whether bytes are UTF-8; of a cut text, whether they could be its beginning. */
export function isUtf8Prefix(bytes: Buffer, truncated: boolean): boolean {
  if (isUtf8(bytes)) return true;
  if (!truncated) return false;
  try {
    // `stream` forgives a character cut in two by the size limit, and nothing else.
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}
