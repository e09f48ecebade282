import {
  constants,
  copyFileSync,
  createReadStream,
  createWriteStream,
  mkdtempSync,
  rmSync,
  statfsSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, sep } from 'node:path';
import { journalOf, walOf } from './layout.ts';
import type { Layout } from './layout.ts';

export interface PrivateCopy {
  readonly path: string;
  remove(): void;
}

export type CopyMade =
  | { readonly kind: 'copied'; readonly copy: PrivateCopy }
  | { readonly kind: 'not_copied'; readonly code: string; readonly message: string };

/** A larger database is not copied: it would take longer than any budget and could fill a small disk. */
const MAX_COPY_BYTES = 2 * 1024 * 1024 * 1024;
/** Left free beside the copy, so that a diagnosis never fills the disk of the patient. */
const SPARE_BYTES = 256 * 1024 * 1024;

/**
 * Copies main file, log and rollback journal into a folder that only this user can enter. The index (`-shm`) is left
 * behind: SQLite builds a new one from the log. The folder goes when `remove` is called, or with the process.
 *
 * `atOnce` copies without giving up the thread: closing a file drops all locks that this process holds on it, so a
 * database that is also opened in this process must not be copied in the background.
 */
export async function copyPrivately(
  layout: Layout,
  { signal, atOnce }: { signal: AbortSignal; atOnce: boolean },
): Promise<CopyMade> {
  const bytes = (layout.isWalForeign ? layout.main.size : layout.bytes) + (layout.journal?.size ?? 0);
  if (bytes > MAX_COPY_BYTES)
    return notCopied('COPY_TOO_LARGE', `${bytes} bytes are more than a diagnosis copies`);
  let folder: string | undefined;
  try {
    const parent = temporaryParent(layout.path);
    const { bavail, bsize } = statfsSync(parent);
    if (bavail * bsize < bytes + SPARE_BYTES) return notCopied('ENOSPC', `${parent} is too full for a copy`);
    folder = mkdtempSync(join(parent, 'stethos-db-'));
    removeAtExit(folder);
    const path = join(folder, basename(layout.path));
    const pairs = [
      [layout.path, path],
      // SQLite passes over a log that is not one, whatever its size.
      ...(layout.wal && !layout.isWalForeign ? [[walOf(layout.path), walOf(path)]] : []),
      ...(layout.journal ? [[journalOf(layout.path), journalOf(path)]] : []),
    ] as [string, string][];
    for (const [from, to] of pairs) {
      signal.throwIfAborted();
      // Where the file system can share blocks the copy costs nothing.
      if (atOnce) copyFileSync(from, to, constants.COPYFILE_FICLONE);
      else await copyStoppably(from, to, signal);
    }
    const made = folder;
    return { kind: 'copied', copy: { path, remove: () => removeFolder(made) } };
  } catch (error) {
    if (folder !== undefined) removeFolder(folder);
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN';
    return notCopied(code, error instanceof Error ? error.message : String(error));
  }
}

/** As a stream, because a plain copy of a large file cannot be stopped. */
async function copyStoppably(from: string, to: string, signal: AbortSignal): Promise<void> {
  // Most runs copy nothing in the background, and these two modules are slow to load.
  const [{ copyFile }, { pipeline }] = await Promise.all([
    import('node:fs/promises'),
    import('node:stream/promises'),
  ]);
  try {
    await copyFile(from, to, constants.COPYFILE_FICLONE_FORCE);
  } catch {
    const options = { highWaterMark: COPY_BLOCK_BYTES };
    await pipeline(createReadStream(from, options), createWriteStream(to, options), { signal });
  }
}

/** Larger blocks copy no faster. */
const COPY_BLOCK_BYTES = 1024 * 1024;

const notCopied = (code: string, message: string): CopyMade => ({ kind: 'not_copied', code, message });

/** The system's temporary folder, unless that was pointed into the folder under examination. */
function temporaryParent(database: string): string {
  const folder = dirname(database) + sep;
  return [tmpdir(), '/tmp', '/var/tmp'].find((parent) => !(parent + sep).startsWith(folder)) ?? tmpdir();
}

const standing = new Set<string>();
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

function removeAtExit(folder: string): void {
  if (standing.size === 0) {
    process.on('exit', removeAll);
    for (const signal of SIGNALS) process.on(signal, endedBySignal);
  }
  standing.add(folder);
}

function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  standing.delete(folder);
  if (standing.size > 0) return;
  process.off('exit', removeAll);
  for (const signal of SIGNALS) process.off(signal, endedBySignal);
}

function removeAll(): void {
  for (const folder of standing) removeFolder(folder);
}

/** Cleans up; where nobody else handles the signal it must still end the process, as it would have without us. */
function endedBySignal(signal: NodeJS.Signals): void {
  removeAll();
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
}
