import { constants, open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { errorCode, files } from '../../host/files.ts';
import { canonicalPath } from '../../host/inside.ts';
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
    if (seen.kind !== 'found' || seen.type === 'file')
      await replaceFile(canonicalPath(path, files), text, FILE_MODE);
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
