import { lengthOf } from './files.ts';
import type { RolloutList } from './files.ts';
import { createNumbering } from './numbering.ts';
import type { Numbering } from './numbering.ts';
import type { ThreadRows } from './thread-rows.ts';

/** In place of a number where there is none. */
export const NONE = -1;

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

/** @param folderOf the folder of the home that a row's folder is, see `createPlaces` */
export function numberAll(
  lists: readonly RolloutList[],
  rows: ThreadRows,
  folderOf: readonly (string | undefined)[],
): Numbers {
  const files = lengthOf(lists);
  const threads = createNumbering(Math.max(files, rows.length));
  const paths = createNumbering(Math.max(files, rows.length));
  const numberings = { ids: threads, folders: createNumbering(0), paths };
  const threadOfRow = new Int32Array(rows.length);
  for (let row = 0; row < rows.length; row += 1) threadOfRow[row] = rows.numberId(row, threads);
  const rowThreads = threads.size;
  const placeOfRow = new Int32Array(rows.length);
  for (let row = 0; row < rows.length; row += 1) {
    const folder = folderOf[rows.paths.folderAt(row)];
    placeOfRow[row] = folder === undefined ? NONE : rows.paths.numberPath(row, folder, numberings);
  }
  const rowPlaces = paths.size;
  const nameOfFile = new Int32Array(files);
  const placeOfFile = new Int32Array(files);
  let file = 0;
  for (const { paths: table } of lists)
    for (let index = 0; index < table.length; index += 1, file += 1) {
      nameOfFile[file] = table.numberId(index, threads) ?? NONE;
      placeOfFile[file] = table.numberPath(index, table.folders[table.folderAt(index)] ?? '', numberings);
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
