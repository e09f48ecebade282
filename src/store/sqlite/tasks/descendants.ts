import type { ReadOnlyDatabase } from '../database.ts';
import { tableNames } from './tables.ts';

export type Descendants =
  /** Breadth first, by id within each depth; without the thread itself. `isCut`: there are more than were asked for. */
  | { readonly kind: 'found'; readonly ids: readonly string[]; readonly isCut: boolean }
  /** The database holds no such edges. */
  | { readonly kind: 'absent' };

const CHILDREN = `SELECT CAST(child_thread_id AS TEXT) AS id FROM thread_spawn_edges
  WHERE parent_thread_id = ? ORDER BY child_thread_id LIMIT ?`;

/** The threads that a thread spawned, and those that these spawned, whether they still run or not. */
export function descendants(
  database: ReadOnlyDatabase,
  { threadId, limit }: { readonly threadId: string; readonly limit: number },
): Descendants {
  if (!tableNames(database).includes('thread_spawn_edges')) return { kind: 'absent' };
  const seen = new Set([threadId]);
  // A set keeps the order of arrival while it is walked, so that it is the queue as well. A circle ends by itself.
  for (const parent of seen) {
    for (const row of database.all(CHILDREN, parent, limit + 1)) seen.add(String(row['id']));
    if (seen.size > limit + 1) break;
  }
  const ids = [...seen].slice(1);
  return { kind: 'found', ids: ids.slice(0, limit), isCut: ids.length > limit };
}
