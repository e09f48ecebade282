import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { StagedItem } from '../../feedback/item.ts';
import { readSourceFile } from '../../feedback/source-file.ts';
import { errorCode } from '../../host/files.ts';
import { EXIT_FAILED } from '../command.ts';

/** Prints the exact redacted bytes of items, one after the other. */
export async function printItems(
  items: readonly Pick<StagedItem, 'path'>[],
  output: Writable,
): Promise<void> {
  for (const { path } of items) await printPieces(readSourceFile(path), output);
}

/** Prints piece by piece. A reader that leaves ends it, and is no fault. */
export async function printPieces(pieces: AsyncIterable<Uint8Array>, output: Writable): Promise<void> {
  let isGone = false;
  const onError = (error: unknown): void => {
    isGone = true;
    if (errorCode(error) !== 'EPIPE') process.exitCode = EXIT_FAILED;
  };
  // Kept: a broken pipe may tell of itself after the last piece.
  output.on('error', onError);
  for await (const piece of pieces) {
    if (isGone) return;
    if (!output.write(piece))
      await Promise.race([once(output, 'drain'), once(output, 'close')]).catch(onError);
  }
}
