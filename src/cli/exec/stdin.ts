/** Everything that a stream brings; undefined when it is more than `maxBytes`. A stream that fails has ended. */
export async function readAll(
  stream: AsyncIterable<Uint8Array | string>,
  maxBytes: number,
): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      size += bytes.length;
      if (size > maxBytes) return undefined;
      chunks.push(bytes);
    }
  } catch {
    // A closed standard input (EAGAIN, EIO) says no more than one that ended.
  }
  return Buffer.concat(chunks);
}
