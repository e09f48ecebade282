import type { Files } from '../host/files.ts';
import { findThread, listThreads } from '../store/rollouts/list.ts';
import type { ListedThread } from '../store/rollouts/list.ts';
import { parentOf } from './thread-parent.ts';

export interface ThreadMeans {
  readonly files: Files;
  readonly home: string;
  readonly signal: AbortSignal;
}

/** What feedback is about. */
export type ChosenThread =
  | { readonly kind: 'thread'; readonly thread: ListedThread }
  /** An id whose session file is gone; the log may still know it. */
  | { readonly kind: 'id_only'; readonly id: string }
  | { readonly kind: 'none' }
  /** A name that no thread has. */
  | { readonly kind: 'unknown' };

/** Sub-agents are passed over: so many of them may have worked since the user's own thread did. */
const MAX_LISTED = 200;
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** @param wanted id or name of a thread; undefined: the one that was used last */
export async function chooseThread(wanted: string | undefined, means: ThreadMeans): Promise<ChosenThread> {
  if (wanted === undefined) {
    const [latest] = await recentThreads(means, { limit: 1 });
    return latest ? { kind: 'thread', thread: latest } : { kind: 'none' };
  }
  const thread = await findThread({ ...means, idOrName: wanted });
  if (thread) return { kind: 'thread', thread };
  return UUID.test(wanted) ? { kind: 'id_only', id: wanted.toLowerCase() } : { kind: 'unknown' };
}

/** Threads that a user began, the one that was used last first. */
export async function recentThreads(
  means: ThreadMeans,
  { limit }: { readonly limit: number },
): Promise<readonly ListedThread[]> {
  const listed = await listThreads({ ...means, limit: MAX_LISTED });
  return listed.filter(({ meta }) => parentOf(meta) === undefined).slice(0, limit);
}
