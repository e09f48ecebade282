import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { flushFolder } from './flush-folder.ts';

/** While it is written, a file that holds a secret is for its owner alone. */
const PRIVATE_MODE = 0o600;

/**
 * Puts a text in the place of a file, which is at every moment either the old one or the new one, whole: a file beside it
 * is written, flushed and renamed over it.
 * @param path of the file itself, not of a link to it
 * @throws what the file system throws; nothing is left behind then
 */
export async function replaceFile(path: string, text: string, mode = PRIVATE_MODE): Promise<void> {
  const folder = dirname(path);
  const draft = join(folder, `.${basename(path)}.${randomBytes(6).toString('hex')}`);
  try {
    const handle = await open(draft, 'wx', PRIVATE_MODE);
    await filled(handle, text, mode);
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  await flushFolder(folder);
}

async function filled(handle: FileHandle, text: string, mode: number): Promise<void> {
  try {
    await handle.writeFile(text);
    await handle.chmod(mode);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
