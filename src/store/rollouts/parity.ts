import { plainName } from './name.ts';
import type { Files } from '../../host/files.ts';
import { knownFiles } from './known.ts';
import type { Known, KnownInput } from './known.ts';
import { numberAll } from './numbers.ts';
import type { Numbers } from './numbers.ts';
import { createPlaces } from './places.ts';
import { NONE } from './numbering.ts';
import { closeTally, createTally } from './tally.ts';
import type { Tally } from './tally.ts';
import type { ThreadRows } from './thread-rows.ts';
import { groupByThread } from './threads.ts';
import type { Threads } from './threads.ts';

/** How the session files and the thread index agree, counted in threads rather than files. Places are relative to the home. */
export interface Parity {
  readonly threads: number;
  /** Threads with a file and no row. */
  readonly unindexed: Tally;
  /** Rows whose thread has no file, neither at the row's path nor elsewhere in the home. */
  readonly vanished: Tally;
  /** Rows that say archived while the file stands among the active ones, or the other way round. */
  readonly archiveMismatches: Tally;
  /** Rows that point to a place in the home where the file is not, although the thread has one. */
  readonly misplaced: Tally;
  /** Rows that point into another home, from which this one was moved or copied; the thread has its file here. */
  readonly elsewhere: readonly { readonly home: string; readonly rows: number; readonly stands: boolean }[];
  /** Threads with several files that do not continue one another. */
  readonly duplicateThreads: Tally;
  readonly duplicatePaths: Tally;
  /** Files that name no thread, inside or outside, so that no index can hold them. */
  readonly anonymous: Tally;
  /** Rows of other homes that share the database, with their files in place. */
  readonly foreignRows: number;
  /** Files that continue an older file of the same thread. */
  readonly segments: number;
}

/** Of an index that is as expected, see `Expectation`. */
export function agreement(threads: number): Parity {
  const none: Tally = { count: 0, sample: [] };
  return {
    threads,
    unindexed: none,
    vanished: none,
    archiveMismatches: none,
    misplaced: none,
    elsewhere: [],
    duplicateThreads: none,
    duplicatePaths: none,
    anonymous: none,
    foreignRows: 0,
    segments: 0,
  };
}

interface ParityInput extends KnownInput {
  readonly rows: ThreadRows;
}

/** Session folders of any home; what stands before one of them in a path is that home. */
const IN_A_HOME = /^(.*)[\\/](?:archived_)?sessions[\\/]/s;
/** A home moves from one place; a hostile index must not make a report of thousands. */
const MAX_HOMES = 5;

/**
 * Compares the files with the rows. A file whose row names its path and its id agrees without being opened; only the rest
 * is read, a bounded piece of each, since the id inside a file beats the one in its name. Works on numbers, and makes
 * strings only of what it tells.
 */
export async function compare(input: ParityInput): Promise<Parity> {
  const { files, home, active, archived, rows, signal } = input;
  const known = knownFiles(input);
  const rowFolders = rows.paths.folders.map(createPlaces(files, home));
  const numbers = numberAll([active, archived], rows, rowFolders);
  const placeTextOf = (row: number): string | undefined => {
    const folder = rowFolders[rows.paths.folderAt(row)];
    return folder === undefined ? undefined : folder + plainName(rows.paths.nameAt(row));
  };
  const { claimedBy, duplicatePaths } = claims(numbers, placeTextOf);
  const { threads, anonymous } = await groupByThread({ files, signal, known, numbers, claimedBy });
  const compared = { known, numbers, threads, placeTextOf };
  return {
    threads: threads.count,
    anonymous,
    duplicatePaths,
    ...(await judgeThreads(compared)),
    ...judgeRows(input, compared),
  };
}

/** Which thread a place belongs to by the first row that names it, and the places that further rows name again. */
function claims(
  { rowPlaces, placeOfRow, threadOfRow }: Numbers,
  placeTextOf: (row: number) => string | undefined,
): { claimedBy: Int32Array; duplicatePaths: Tally } {
  const claimedBy = new Int32Array(rowPlaces);
  const duplicatePaths = createTally();
  let claimed = 0;
  for (let row = 0; row < placeOfRow.length; row += 1) {
    const place = placeOfRow[row] ?? NONE;
    if (place === NONE) continue;
    // Places were numbered in the order of the rows, so one that comes for the first time has the next number.
    if (place < claimed) duplicatePaths.add(placeTextOf(row) ?? '');
    else {
      claimedBy[claimed] = threadOfRow[row] ?? NONE;
      claimed += 1;
    }
  }
  return { claimedBy, duplicatePaths: closeTally(duplicatePaths) };
}

interface Compared {
  readonly known: Known;
  readonly numbers: Numbers;
  readonly threads: Threads;
  /** Relative to the home; undefined outside. */
  readonly placeTextOf: (row: number) => string | undefined;
}

async function judgeThreads({
  known,
  numbers,
  threads,
}: Compared): Promise<Pick<Parity, 'unindexed' | 'duplicateThreads' | 'segments'>> {
  const unindexed = createTally();
  const duplicateThreads = createTally();
  let segments = 0;
  for (let first = 0; first < known.count; first += 1) {
    const thread = threads.threadOf(first);
    if (thread === NONE || threads.firstOf(thread) !== first) continue;
    if (thread >= numbers.rowThreads) unindexed.add(known.placeOf(first));
    if (threads.nextOf(first) === NONE) continue;
    const isNamed = numbers.nameOfFile[first] === thread;
    const id = isNamed ? known.nameIdOf(first) : (await known.metaOf(first))?.id;
    let several = 0;
    let roots = 0;
    const shown: string[] = [];
    for (let file = first; file !== NONE; file = threads.nextOf(file)) {
      several += 1;
      if (shown.length < PLACES_SHOWN) shown.push(known.placeOf(file));
      const base = (await known.metaOf(file))?.historyBase?.threadId;
      if (base !== undefined && base === id) segments += 1;
      else roots += 1;
    }
    const more = several > shown.length ? ` and ${several - shown.length} more` : '';
    if (roots > 1) duplicateThreads.add(`${id}: ${shown.join(', ')}${more}`);
  }
  return { unindexed: closeTally(unindexed), duplicateThreads: closeTally(duplicateThreads), segments };
}

function judgeRows(
  { files, home, rows }: ParityInput,
  { known, numbers, threads, placeTextOf }: Compared,
): Pick<Parity, 'vanished' | 'archiveMismatches' | 'misplaced' | 'elsewhere' | 'foreignRows'> {
  const fileAt = new Int32Array(numbers.places).fill(NONE);
  for (let file = 0; file < known.count; file += 1) fileAt[numbers.placeOfFile[file] ?? NONE] = file;
  const otherHomes = rows.paths.folders.map((folder) => IN_A_HOME.exec(folder)?.[1]);
  const vanished = createTally();
  const archiveMismatches = createTally();
  const misplaced = createTally();
  const elsewhere = new Map<string, number>();
  let foreignRows = 0;
  for (let row = 0; row < rows.length; row += 1) {
    const thread = numbers.threadOfRow[row] ?? NONE;
    const place = numbers.placeOfRow[row] ?? NONE;
    const isArchived = rows.paths.isMarked(row);
    const at = fileAt[place] ?? NONE;
    if (at !== NONE && threads.threadOf(at) === thread) {
      if (known.isArchived(at) !== isArchived) archiveMismatches.add(known.placeOf(at));
      continue;
    }
    const first = threads.firstOf(thread);
    const other = place === NONE ? otherHomes[rows.paths.folderAt(row)] : undefined;
    if (first === NONE) {
      const text = placeTextOf(row);
      const path = rows.paths.pathAt(row);
      if (!stands(files, text === undefined ? path : `${home}/${text}`)) vanished.add(text ?? path);
      else if (text === undefined) foreignRows += 1;
    } else if (other !== undefined) elsewhere.set(other, (elsewhere.get(other) ?? 0) + 1);
    else if (!threads.hasFile(thread, isArchived)) archiveMismatches.add(known.placeOf(first));
    else misplaced.add(`${rows.idAt(row)}: ${rows.paths.pathAt(row)}`);
  }
  return {
    vanished: closeTally(vanished),
    archiveMismatches: closeTally(archiveMismatches),
    misplaced: closeTally(misplaced),
    elsewhere: [...elsewhere]
      .toSorted(([, a], [, b]) => b - a)
      .slice(0, MAX_HOMES)
      .map(([path, count]) => ({ home: path, rows: count, stands: files.look(path).kind === 'found' })),
    foreignRows,
  };
}

const PLACES_SHOWN = 3;

/** Anything is there, plain or compressed. A broken link or what cannot be looked at is damage, not absence. */
function stands(files: Files, path: string): boolean {
  const plain = plainName(path);
  return [plain, `${plain}.zst`].some((at) => files.look(at).kind !== 'missing');
}
