import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../../host/files.ts';

/** The right to write one thread's rollout. */
export interface WriterClaim {
  release(): void;
}

export type ClaimResult =
  | { readonly kind: 'claimed'; readonly claim: WriterClaim }
  /** Another writer is alive: one of ours, or the real agent. */
  | { readonly kind: 'held'; readonly by: 'stethos' | 'codex' };

/** Where both agents keep the locks of their writers. */
const FOLDER = 'thread-writer-locks';
/** A file that is replaced between two looks at it was released in that moment; twice in a row does not happen. */
const TRIES = 5;

/**
 * Claims a thread for this process, so that no two processes ever write one rollout. The claim is a lock that SQLite holds
 * in the kernel on an empty file: it ends with the process, however that ends, so nothing stale is ever left to judge.
 * The real agent locks `<thread id>.lock` by flock(2), which Node cannot take but Linux shows in `/proc/locks`: its claim is
 * respected. It does not see ours, and removes only files named `*.lock` from the folder.
 * @throws when the folder cannot be written
 */
export async function claimWriter({
  home,
  threadId,
}: {
  readonly home: string;
  readonly threadId: string;
}): Promise<ClaimResult> {
  const folder = join(home, FOLDER);
  mkdirSync(folder, { recursive: true });
  if (isFlocked(join(folder, `${threadId}.lock`))) return { kind: 'held', by: 'codex' };
  const path = join(folder, `${threadId}.stethos`);
  // A second connection of this process would be granted nothing either, but closing it would drop the first one's lock.
  if (heldHere.has(path)) return { kind: 'held', by: 'stethos' };
  heldHere.add(path);
  try {
    const lock = await lockFile(path);
    if (lock === undefined) {
      heldHere.delete(path);
      return { kind: 'held', by: 'stethos' };
    }
    return {
      kind: 'claimed',
      claim: {
        release: () => {
          if (!heldHere.delete(path)) return;
          // Removed while it is still locked: whoever opens the name afterwards gets a new file.
          rmSync(path, { force: true });
          lock.close();
        },
      },
    };
  } catch (error) {
    heldHere.delete(path);
    throw error;
  }
}

const heldHere = new Set<string>();

async function lockFile(path: string): Promise<{ close(): void } | undefined> {
  const { default: Database } = await import('better-sqlite3');
  for (let tries = 0; tries < TRIES; tries += 1) {
    writeFileSync(path, '', { flag: 'a' });
    const before = inodeOf(path);
    const database = new Database(path, { timeout: 0 });
    try {
      database.exec('BEGIN EXCLUSIVE');
    } catch (error) {
      database.close();
      if (errorCode(error) === 'SQLITE_BUSY') return undefined;
      throw error;
    }
    if (before !== undefined && inodeOf(path) === before) return database;
    database.close();
  }
  return undefined;
}

function inodeOf(path: string): bigint | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false })?.ino;
}

function isFlocked(path: string): boolean {
  const inode = inodeOf(path);
  if (inode === undefined) return false;
  try {
    return isInodeFlocked(readFileSync('/proc/locks', 'utf8'), inode);
  } catch {
    return false;
  }
}

const FLOCK_LINE = /^\d+: FLOCK +\S+ +WRITE +-?\d+ [\da-f]+:[\da-f]+:(\d+) /;

/** Whether somebody holds an exclusive flock(2) on a file, by the text of `/proc/locks`; waiting for one does not count. */
export const isInodeFlocked = (locks: string, inode: bigint): boolean =>
  locks.split('\n').some((line) => FLOCK_LINE.exec(line)?.[1] === String(inode));
