import { existsSync, mkdirSync, rmdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorCode } from '../../../host/files.ts';

/**
 * Empty folders that stand where a protected folder could be made, so that there is something to mount read-only. They
 * are shared by every sandbox of this process, and go when the last launch that needs them has ended. Should this process
 * be killed, an empty folder stays, which is no repository and no configuration.
 */
const inUse = new Map<string, number>();
let isWatching = false;

/** What is there now, in the place of paths that may be missing. */
export interface Shields {
  /**
   * Each path itself when it exists, otherwise the shield in its way. What this account could not make is left out: a
   * command, which has fewer rights, cannot either.
   */
  readonly paths: readonly string[];
  remove(): void;
}

/**
 * @param protectedPaths absolute and canonical
 * @throws when a folder can be made, but not now: no space, a race
 */
export function raiseShields(protectedPaths: readonly string[]): Shields {
  const raised = new Set<string>();
  const paths = protectedPaths.flatMap((path) => {
    const shield = inUse.has(path) ? path : firstMissing(path);
    if (shield === undefined) return [path];
    if (!inUse.has(shield) && !make(shield)) return [];
    raised.add(shield);
    return [shield];
  });
  for (const path of raised) inUse.set(path, (inUse.get(path) ?? 0) + 1);
  if (!isWatching && raised.size > 0) {
    process.once('exit', removeAll);
    isWatching = true;
  }
  let isRemoved = false;
  return {
    paths: [...new Set(paths)],
    remove() {
      if (isRemoved) return;
      isRemoved = true;
      for (const path of raised) lower(path);
    },
  };
}

/** False where this account may not. */
function make(path: string): boolean {
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    const code = errorCode(error);
    // The owner of a folder could give the right back to himself.
    const isOwned = statSync(dirname(path)).uid === process.geteuid?.();
    if (code === 'EROFS' || (!isOwned && (code === 'EACCES' || code === 'EPERM'))) return false;
    throw error;
  }
}

function lower(path: string): void {
  const left = (inUse.get(path) ?? 0) - 1;
  if (left > 0) {
    inUse.set(path, left);
    return;
  }
  inUse.delete(path);
  removeEmpty(path);
}

function removeAll(): void {
  for (const path of inUse.keys()) removeEmpty(path);
}

function removeEmpty(path: string): void {
  try {
    rmdirSync(path);
  } catch {
    // Somebody outside put something into it: then it is theirs.
  }
}

/** The outermost part of a path that does not exist; undefined when all of it does. */
function firstMissing(path: string): string | undefined {
  let missing: string | undefined;
  for (let part = path; !existsSync(part) && dirname(part) !== part; part = dirname(part)) missing = part;
  return missing;
}
