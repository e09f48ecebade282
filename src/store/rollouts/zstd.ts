import { once } from 'node:events';

/** A compressed file that cannot be unpacked. `truncated`: everything up to the end of the file was sound. */
export interface UnpackFault {
  readonly kind: 'corrupt' | 'truncated';
  readonly code: string;
}

/**
 * Unpacks zstd chunk by chunk and hands each piece on; `onPiece` ends the work by returning false. Memory stays at a few
 * chunks however large the content is. Resolves with the fault that ended it, if one did.
 * @param chunks compressed bytes in order; may end before the content does when `onPiece` stops early
 */
export async function unpack(
  chunks: Iterable<Buffer>,
  onPiece: (piece: Buffer) => boolean,
): Promise<UnpackFault | undefined> {
  const { createZstdDecompress } = process.getBuiltinModule('node:zlib');
  const stream = createZstdDecompress();
  let stopped = false;
  let fault: UnpackFault | undefined;
  stream.on('data', (piece: Buffer) => {
    if (!stopped && !onPiece(piece)) stopped = true;
  });
  const settled = new Promise<void>((resolve) => {
    stream.once('end', resolve);
    stream.once('close', resolve);
    stream.once('error', (error: NodeJS.ErrnoException) => {
      const code = error.code ?? 'ZSTD_error_unknown';
      fault = {
        kind: code === 'ZSTD_error_srcSize_wrong' || code === 'Z_BUF_ERROR' ? 'truncated' : 'corrupt',
        code,
      };
      resolve();
    });
  });
  for (const chunk of chunks) {
    if (stopped || fault || stream.destroyed) break;
    if (!stream.write(chunk)) await Promise.race([once(stream, 'drain').catch(() => undefined), settled]);
  }
  if (stopped) stream.destroy();
  else stream.end();
  await settled;
  return fault;
}
