import { realpathSync } from 'node:fs';
import { constants, open } from 'node:fs/promises';
import { basename, dirname, join, relative, isAbsolute } from 'node:path';
import { errorCode, files } from '../../host/files.ts';
import { replaceFile } from '../../host/replace-file.ts';

/** Reports are redacted, and read by whoever may read the folder. */
const FILE_MODE = 0o644;

/** A device, a pipe or a socket is written as it is; nobody waits for the reader of a pipe. */
const WRITE_NOW = constants.O_WRONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);

/**
 * Writes a report to the place that was named. A file is at every moment the old one or the whole new one.
 * @returns why it was not written, such as `ENOENT`
 */
export async function writeOutput(path: string, text: string): Promise<string | undefined> {
  try {
    const seen = files.look(path);
    if (seen.kind !== 'found' || seen.type === 'file') await replaceFile(placeOf(path), text, FILE_MODE);
    else await writeInto(path, text);
    return undefined;
  } catch (error) {
    return errorCode(error);
  }
}

async function writeInto(path: string, text: string): Promise<void> {
  const handle = await open(path, WRITE_NOW);
  try {
    await handle.writeFile(text);
  } finally {
    await handle.close();
  }
}

/** Whether a file would come to stand in a folder, links followed. */
export function isInside(path: string, folder: string): boolean {
  const way = relative(placeOf(folder), placeOf(path));
  return way === '' || (way !== '..' && !/^\.\.[/\\]/.test(way) && !isAbsolute(way));
}

/** A path without links in it, as far as it exists. */
function placeOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const folder = dirname(path);
    return folder === path ? path : join(placeOf(folder), basename(path));
  }
}
