import type { Files } from '../../host/files.ts';
import type { Known } from './known.ts';
import type { Numbers } from './numbers.ts';
import { NONE } from './numbering.ts';
import { numberOfId } from './path-table.ts';
import { closeTally, createTally } from './tally.ts';
import type { Tally } from './tally.ts';

/** Which files belong to which thread, in the order of the files. */
export interface Threads {
  /** How many threads have a file. */
  readonly count: number;
  /** The first file of a thread, or `NONE`. */
  firstOf(thread: number): number;
  /** The next file of the same thread, or `NONE`. */
  nextOf(file: number): number;
  /** Whether a thread has a file in that one of the two folders. */
  hasFile(thread: number, archived: boolean): boolean;
  /** `NONE` for a file that names no thread, inside or outside. */
  threadOf(file: number): number;
}

interface Evidence {
  readonly files: Files;
  readonly signal: AbortSignal;
  readonly known: Known;
  readonly numbers: Numbers;
  /** The thread whose row names a place, by number of the place; as long as there are places in rows. */
  readonly claimedBy: Int32Array;
}

/** Names are trusted where a row confirms them; of other files the metadata is read. */
export async function groupByThread({
  files,
  signal,
  known,
  numbers,
  claimedBy,
}: Evidence): Promise<{ threads: Threads; anonymous: Tally }> {
  const { threads, rowThreads, nameOfFile, placeOfFile } = numbers;
  const threadOfFile = new Int32Array(known.count);
  const anonymous = createTally();
  for (let file = 0; file < known.count; file += 1) {
    const name = nameOfFile[file] ?? NONE;
    const claimed = claimedBy[placeOfFile[file] ?? NONE];
    const isConfirmed = name !== NONE && (claimed === undefined ? name < rowThreads : claimed === name);
    const isTrusted = isConfirmed || signal.aborted || known.hasReadEnough;
    let thread = isTrusted ? name : NONE;
    if (thread === NONE) {
      const id = (await known.metaOf(file))?.id;
      if (id !== undefined) thread = numberOfId(threads, id);
      // Gone since it was listed: archived, compressed or deleted.
      else if (files.look(known.pathOf(file)).kind !== 'missing') anonymous.add(known.placeOf(file));
    }
    threadOfFile[file] = thread;
  }
  return { threads: chain(threadOfFile, threads.size, known), anonymous: closeTally(anonymous) };
}

const IN_SESSIONS = 1;
const IN_ARCHIVE = 2;

function chain(threadOfFile: Int32Array, threads: number, known: Known): Threads {
  const first = new Int32Array(threads).fill(NONE);
  const next = new Int32Array(threadOfFile.length).fill(NONE);
  const folders = new Uint8Array(threads);
  let count = 0;
  // From the end, so that a chain begins with the file that was listed first.
  for (let file = threadOfFile.length - 1; file >= 0; file -= 1) {
    const thread = threadOfFile[file] ?? NONE;
    if (thread === NONE) continue;
    const after = first[thread] ?? NONE;
    if (after === NONE) count += 1;
    next[file] = after;
    first[thread] = file;
    folders[thread] = (folders[thread] ?? 0) | (known.isArchived(file) ? IN_ARCHIVE : IN_SESSIONS);
  }
  return {
    count,
    firstOf: (thread) => first[thread] ?? NONE,
    nextOf: (file) => next[file] ?? NONE,
    hasFile: (thread, archived) => ((folders[thread] ?? 0) & (archived ? IN_ARCHIVE : IN_SESSIONS)) !== 0,
    threadOf: (file) => threadOfFile[file] ?? NONE,
  };
}
