import { lengthOf } from './files.ts';
import type { RolloutList } from './files.ts';
import { createNumbering } from './numbering.ts';
import type { Numbering } from './numbering.ts';
import type { ThreadRows } from './thread-rows.ts';

/**
 * Threads and places of files and rows as numbers, so that a hundred thousand of each are compared in a few typed arrays.
 * What rows name is numbered first: below `rowThreads` are the threads that have a row, below `rowPlaces` the places.
 */
export interface Numbers {
  readonly threads: Numbering;
  readonly rowThreads: number;
  readonly rowPlaces: number;
  /** Thread of every row. */
  readonly threadOfRow: Int32Array;
  /** Place of every row; `NONE` outside the home. */
  readonly placeOfRow: Int32Array;
  /** Thread that the name of a file tells; `NONE` where it tells none. */
  readonly nameOfFile: Int32Array;
  readonly placeOfFile: Int32Array;
  readonly places: number;
}

/** @param rowFolders the folders of the home that the rows' folders are, see `createPlaces` */
export function numberAll(
  lists: readonly RolloutList[],
  rows: ThreadRows,
  rowFolders: readonly (string | undefined)[],
): Numbers {
  const expected = Math.max(lengthOf(lists), rows.length);
  const threads = createNumbering(expected);
  const paths = createNumbering(expected);
  const numberings = { ids: threads, folders: createNumbering(0), paths };
  const threadOfRow = rows.numberIds(threads);
  const rowThreads = threads.size;
  const placeOfRow = rows.paths.numberPaths(rowFolders, numberings);
  const rowPlaces = paths.size;
  const nameOfFile = new Int32Array(lengthOf(lists));
  const placeOfFile = new Int32Array(lengthOf(lists));
  let at = 0;
  for (const { paths: table } of lists) {
    nameOfFile.set(table.numberIds(threads), at);
    placeOfFile.set(table.numberPaths(table.folders, numberings), at);
    at += table.length;
  }
  return {
    threads,
    rowThreads,
    rowPlaces,
    threadOfRow,
    placeOfRow,
    nameOfFile,
    placeOfFile,
    places: paths.size,
  };
}
