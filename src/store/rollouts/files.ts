import { createGrowing } from './growing.ts';
import { createPathTable } from './path-table.ts';
import type { PathTable } from './path-table.ts';

/** One session file. A thread may own several. */
export interface RolloutFile {
  /** Relative to the home, with `/`. */
  readonly folder: string;
  readonly name: string;
  readonly bytes: number;
  readonly modifiedAtMs: number;
}

/** Session files in 44 bytes each; a `RolloutFile` is made only for those that are looked at. */
export interface RolloutList extends Iterable<RolloutFile> {
  readonly length: number;
  /** Relative to the home; the folders end with `/`. */
  readonly paths: PathTable;
  /** Undefined beyond the end. */
  at(index: number): RolloutFile | undefined;
  bytesAt(index: number): number;
}

/** Collects session files; they come back in the same order. */
export interface OpenRolloutList extends RolloutList {
  add(file: RolloutFile): void;
}

export function createRolloutList(): OpenRolloutList {
  const paths = createPathTable();
  /** Bytes and time of each file. */
  const facts = createGrowing(Float64Array);
  let last = { folder: '', withSlash: '/' };
  const bytesAt = (index: number): number => facts.at(2 * index);
  const at = (index: number): RolloutFile | undefined =>
    index < paths.length
      ? {
          folder: (paths.folders[paths.folderAt(index)] ?? '').slice(0, -1),
          name: paths.nameAt(index),
          bytes: bytesAt(index),
          modifiedAtMs: facts.at(2 * index + 1),
        }
      : undefined;
  return {
    get length() {
      return paths.length;
    },
    paths,
    at,
    bytesAt,
    add({ folder, name, bytes, modifiedAtMs }) {
      facts.set(2 * paths.length, bytes);
      facts.set(2 * paths.length + 1, modifiedAtMs);
      if (folder !== last.folder) last = { folder, withSlash: `${folder}/` };
      paths.add({ folder: last.withSlash, name });
    },
    *[Symbol.iterator]() {
      for (let index = 0, file = at(0); file; file = at((index += 1))) yield file;
    },
  };
}

export const lengthOf = (lists: readonly RolloutList[]): number =>
  lists.reduce((sum, { length }) => sum + length, 0);

/** The list and the index in it of a file, where the lists are counted through. */
export function locate(
  lists: readonly RolloutList[],
  number: number,
): { readonly list: RolloutList; readonly index: number } | undefined {
  let index = number;
  for (const list of lists) {
    if (index < list.length) return { list, index };
    index -= list.length;
  }
  return undefined;
}
