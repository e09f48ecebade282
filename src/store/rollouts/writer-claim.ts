import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { claimFile } from '../sqlite/claim-file.ts';
import type { FileClaim } from '../sqlite/claim-file.ts';

/** The right to write one thread's rollout. */
export type WriterClaim = FileClaim;

export type ClaimResult =
  | { readonly kind: 'claimed'; readonly claim: WriterClaim }
  /** Another writer is alive: one of ours, or the real agent. */
  | { readonly kind: 'held'; readonly by: 'stethos' | 'codex' };

/** Where both agents keep the locks of their writers. */
const FOLDER = 'thread-writer-locks';

/**
 * Claims a thread for this process, so that no two processes ever write one rollout.
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
  const claim = await claimFile(join(folder, `${threadId}.stethos`));
  return claim ? { kind: 'claimed', claim } : { kind: 'held', by: 'stethos' };
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
