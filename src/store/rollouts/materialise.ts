import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm, stat, utimes } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createZstdDecompress } from 'node:zlib';
import { plainName } from './name.ts';

/**
 * The plain file of a rollout that may be compressed, so that it can be appended to. The compressed twin goes last, so that
 * there is a whole file at every moment. The caller holds the thread's claim.
 * @throws the error of the file system, or of unpacking a damaged file; both files are as they were then
 */
export async function materialise(path: string): Promise<string> {
  const plain = plainName(path);
  if (plain === path) return plain;
  const partial = `${plain}.partial`;
  try {
    const { atime, mtime } = await stat(path);
    await pipeline(createReadStream(path), createZstdDecompress(), createWriteStream(partial));
    await utimes(partial, atime, mtime);
    await rename(partial, plain);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
  await rm(path);
  return plain;
}
