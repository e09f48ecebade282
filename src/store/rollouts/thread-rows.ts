import type { Numbering } from './numbering.ts';
import { isNamedBy } from './packed-name.ts';
import { createPathTable, numberOfId } from './path-table.ts';
import type { PackedPaths, PathTable } from './path-table.ts';

/** One row of the agent's thread index. */
export interface ThreadRow {
  readonly id: string;
  /** As stored: usually absolute, of the time when the row was written. */
  readonly rolloutPath: string;
  readonly archived: boolean;
}

/**
 * The rows of a thread index. Nearly every row repeats its id in the name of its file, so only the paths are kept, and
 * the ids that are others.
 */
export interface ThreadRows {
  readonly length: number;
  /** Marked where the row says archived. */
  readonly paths: PathTable;
  add(row: ThreadRow): void;
  /** Some row has another id than the name of its file. */
  readonly hasOtherIds: boolean;
  /** As it is stored. */
  idAt(index: number): string;
  /** The number of each row's id in lower case. */
  numberIds(ids: Numbering): Int32Array;
  pack(): PackedThreadRows;
}

/** Plain data for the way to another process. */
export interface PackedThreadRows {
  readonly paths: PackedPaths;
  readonly otherIds: readonly (readonly [index: number, id: string])[];
}

export function createThreadRows(packed?: PackedThreadRows): ThreadRows {
  const paths = createPathTable(packed?.paths);
  const otherIds = new Map(packed?.otherIds);
  return {
    get length() {
      return paths.length;
    },
    paths,
    add({ id, rolloutPath, archived }) {
      const index = paths.length;
      // Of both systems' separators: a home may have been moved from the other one.
      const cut = 1 + Math.max(rolloutPath.lastIndexOf('/'), rolloutPath.lastIndexOf('\\'));
      const name = rolloutPath.slice(cut);
      const isPacked = paths.add({ folder: rolloutPath.slice(0, cut), name, marked: archived });
      if (!isPacked || !isNamedBy(name, id)) otherIds.set(index, id);
    },
    get hasOtherIds() {
      return otherIds.size > 0;
    },
    idAt: (index) => otherIds.get(index) ?? paths.idAt(index) ?? '',
    numberIds(ids) {
      const numbers = paths.numberIds(ids, otherIds);
      for (const [index, id] of otherIds) numbers[index] = numberOfId(ids, id.toLowerCase());
      return numbers;
    },
    pack: () => ({ paths: paths.pack(), otherIds: [...otherIds] }),
  };
}
