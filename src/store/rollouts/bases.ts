import type { RolloutList } from './files.ts';
import type { SessionMeta } from './header.ts';
import { NONE, createNumbering } from './numbering.ts';
import { numberOfId } from './path-table.ts';

/** A file whose history continues from another one. */
export interface Continued {
  readonly place: string;
  /** Of its own thread. */
  readonly id: string;
  readonly base: NonNullable<SessionMeta['historyBase']>;
}

/**
 * Those whose history is gone, or shorter than they say. A segment's own thread must have another file; what a compressed
 * file would unpack to is not known here.
 */
export function withoutBase(continued: readonly Continued[], lists: readonly RolloutList[]): Continued[] {
  if (continued.length === 0) return [];
  const ids = createNumbering(continued.length);
  const threads = continued.map(({ base }) => numberOfId(ids, base.threadId));
  ids.close();
  const files = new Uint32Array(ids.size);
  const longest = new Float64Array(ids.size);
  for (const list of lists) {
    const threadOf = list.paths.numberIds(ids);
    for (let index = 0; index < list.length; index += 1) {
      const thread = threadOf[index] ?? NONE;
      if (thread === NONE) continue;
      const bytes = list.paths.isCompressed(index) ? Number.POSITIVE_INFINITY : list.bytesAt(index);
      files[thread] = (files[thread] ?? 0) + 1;
      longest[thread] = Math.max(longest[thread] ?? 0, bytes);
    }
  }
  return continued.filter(({ id, base: { threadId, endByteOffset = 0 } }, index) => {
    const thread = threads[index] ?? NONE;
    const others = (files[thread] ?? 0) - (threadId === id ? 1 : 0);
    return others <= 0 || (longest[thread] ?? 0) < endByteOffset;
  });
}
