import { realpathSync, statSync } from 'node:fs';
import { constants, open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, join, relative, isAbsolute } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { errorCode, files } from '../../host/files.ts';
import { replaceFile } from '../../host/replace-file.ts';

/** Reports are redacted, and read by whoever may read the folder. */
const FILE_MODE = 0o644;

/** A device, a pipe or a socket is written as it is; nobody waits until somebody opens a pipe to read it. */
const WRITE_NOW = constants.O_WRONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);

const FULL_PIPE_PAUSE_MS = 5;
/** A reader that takes nothing for so long has stopped. */
const LONGEST_STANDSTILL_MS = 10_000;

interface Patience {
  readonly standstillMs: number;
}

/**
 * Writes a report to the place that was named. A file is at every moment the old one or the whole new one.
 * @returns why it was not written, such as `ENOENT`
 */
export async function writeOutput(
  path: string,
  text: string,
  patience: Patience = { standstillMs: LONGEST_STANDSTILL_MS },
): Promise<string | undefined> {
  try {
    const seen = files.look(path);
    if (seen.kind !== 'found' || seen.type === 'file') await replaceFile(placeOf(path), text, FILE_MODE);
    else await writeInto(path, text, patience);
    return undefined;
  } catch (error) {
    return errorCode(error);
  }
}

async function writeInto(path: string, text: string, patience: Patience): Promise<void> {
  const handle = await open(path, WRITE_NOW);
  try {
    let left = Buffer.from(text);
    while (left.length > 0) left = left.subarray(await writeSome(handle, left, patience));
  } finally {
    await handle.close();
  }
}

/** A pipe holds less than a large report: its reader is given time to take some. */
async function writeSome(handle: FileHandle, bytes: Uint8Array, { standstillMs }: Patience): Promise<number> {
  const waitUntil = performance.now() + standstillMs;
  for (;;)
    try {
      return (await handle.write(bytes)).bytesWritten;
    } catch (error) {
      if (errorCode(error) !== 'EAGAIN' || performance.now() > waitUntil) throw error;
      await pause(FULL_PIPE_PAUSE_MS);
    }
}

/** Whether a file would come to stand in a folder: links are followed, and a folder is known under every name. */
export function isInside(path: string, folder: string): boolean {
  const place = placeOf(path);
  const way = relative(placeOf(folder), place);
  const isBelow = way === '' || (way !== '..' && !/^\.\.[/\\]/.test(way) && !isAbsolute(way));
  return isBelow || foldersAbove(place).some((each) => isSame(each, folder));
}

function foldersAbove(path: string): readonly string[] {
  const folder = dirname(path);
  return folder === path ? [] : [folder, ...foldersAbove(folder)];
}

/** Mounted twice, or spelt in other letters where that makes no difference, a folder has two paths. */
function isSame(path: string, other: string): boolean {
  try {
    const [one, two] = [statSync(path, { bigint: true }), statSync(other, { bigint: true })];
    return one.dev === two.dev && one.ino === two.ino;
  } catch {
    return false;
  }
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
