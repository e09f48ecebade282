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

const CHUNK_BITS = 10;
const CHUNK_MASK = 2 ** CHUNK_BITS - 1;
const FACTS = 2;
const BYTES = 0;
const MODIFIED_AT_MS = 1;

export function createRolloutList(): OpenRolloutList {
  const paths = createPathTable();
  /** Bytes and time of each file. */
  /** Bytes and time of each file, in chunks for the same reason as the paths. */
  const chunks: Float64Array[] = [];
  const factAt = (index: number, fact: number): number =>
    chunks[index >> CHUNK_BITS]?.[FACTS * (index & CHUNK_MASK) + fact] ?? 0;
  let last = { folder: '', withSlash: '/' };
  const bytesAt = (index: number): number => factAt(index, BYTES);
  const at = (index: number): RolloutFile | undefined =>
    index < paths.length
      ? {
          folder: (paths.folders[paths.folderAt(index)] ?? '').slice(0, -1),
          name: paths.nameAt(index),
          bytes: bytesAt(index),
          modifiedAtMs: factAt(index, MODIFIED_AT_MS),
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
      const index = paths.length;
      const chunk = (chunks[index >> CHUNK_BITS] ??= new Float64Array(2 ** CHUNK_BITS * FACTS));
      chunk[FACTS * (index & CHUNK_MASK) + BYTES] = bytes;
      chunk[FACTS * (index & CHUNK_MASK) + MODIFIED_AT_MS] = modifiedAtMs;
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
