import { lengthOf } from './files.ts';
import type { RolloutList } from './files.ts';
import type { SessionMeta } from './header.ts';
import { createNumbering } from './numbering.ts';
import { NONE, numberOfId } from './path-table.ts';

export type HistoryBase = NonNullable<SessionMeta['historyBase']>;

/**
 * Tells whether the history that a file continues is there and long enough. A segment's own thread must have another
 * file; what a compressed file would unpack to is not known here.
 */
export function createBases(lists: readonly RolloutList[]): (base: HistoryBase, id: string) => boolean {
  const total = lengthOf(lists);
  const ids = createNumbering(total);
  const files = new Uint32Array(total);
  const longest = new Float64Array(total);
  for (const list of lists)
    for (const [index, thread] of list.paths.numberIds(ids).entries()) {
      if (thread === NONE) continue;
      const bytes = list.paths.isCompressed(index) ? Number.POSITIVE_INFINITY : list.bytesAt(index);
      files[thread] = (files[thread] ?? 0) + 1;
      longest[thread] = Math.max(longest[thread] ?? 0, bytes);
    }
  return ({ threadId, endByteOffset = 0 }, id) => {
    const thread = numberOfId(ids, threadId);
    const others = (files[thread] ?? 0) - (threadId === id ? 1 : 0);
    return others > 0 && (longest[thread] ?? 0) >= endByteOffset;
  };
}
