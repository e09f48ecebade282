import { setImmediate } from 'node:timers/promises';
import type { Files } from '../../host/files.ts';
import type { ThreadRow } from '../sqlite/tasks/threads.ts';
import { readSessionMeta } from './header.ts';
import type { SessionMeta } from './header.ts';
import { parseRolloutName, plainName } from './name.ts';
import { createPlaces } from './places.ts';
import { closeTally, createTally } from './tally.ts';
import type { Tally } from './tally.ts';
import type { RolloutFile } from './walk.ts';

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

interface Known {
  readonly file: RolloutFile;
  /** Relative to the home and without the suffix of compression, as a row would name it. */
  readonly place: string;
  readonly archived: boolean;
}

interface ParityInput {
  readonly files: Files;
  readonly home: string;
  readonly active: readonly RolloutFile[];
  readonly archived: readonly RolloutFile[];
  readonly rows: readonly ThreadRow[];
  readonly signal: AbortSignal;
}

/** Where the whole index is lost every file is in doubt. So many are read, newest first; the rest go by their names. */
const MAX_HEADERS = 2_000;
/** Between two turns of the event loop: some 5 ms of reads. */
const HEADERS_PER_TURN = 50;
/** Session folders of any home; what stands before one of them in a path is that home. */
const IN_A_HOME = /^(.*)[\\/](?:archived_)?sessions[\\/]/s;
/** A home moves from one place; a hostile index must not make a report of thousands. */
const MAX_HOMES = 5;

/**
 * Compares the files with the rows. A file whose row names its path and its id agrees without being opened; only the rest
 * is read, a bounded piece of each, since the id inside a file beats the one in its name.
 */
export async function compare(input: ParityInput): Promise<Parity> {
  const { files, home, rows } = input;
  const known = [
    ...input.active.map((file) => knownAs(file, { archived: false })),
    ...input.archived.map((file) => knownAs(file, { archived: true })),
  ];
  const placeOf = createPlaces(files, home);
  const rowIds = new Set(rows.map(({ id }) => id.toLowerCase()));
  const duplicatePaths = createTally();
  const rowPlaces = new Map<string, string>();
  for (const { id, rolloutPath } of rows) {
    const place = placeOf(rolloutPath);
    if (place === undefined) continue;
    if (rowPlaces.has(place)) duplicatePaths.add(place);
    else rowPlaces.set(place, id.toLowerCase());
  }
  const lineageOf = lineageReader(input);
  const { byThread, anonymous } = await groupByThread(input, { known, rowIds, rowPlaces, lineageOf });
  return {
    threads: byThread.size,
    anonymous,
    duplicatePaths: closeTally(duplicatePaths),
    ...(await judgeThreads(byThread, { rowIds, lineageOf })),
    ...judgeRows(input, { known, byThread, placeOf }),
  };
}

type LineageOf = ReturnType<typeof lineageReader>;

/** Reads the metadata of a file once; `count` says how many were read. */
function lineageReader({ files, home, signal }: ParityInput) {
  const metas = new Map<Known, SessionMeta | undefined>();
  return {
    get count() {
      return metas.size;
    },
    read: async (one: Known): Promise<SessionMeta | undefined> => {
      if (metas.has(one) || signal.aborted) return metas.get(one);
      if (metas.size % HEADERS_PER_TURN === 0) await setImmediate();
      const header = await readSessionMeta(files, pathOf(home, one), 'lineage');
      metas.set(one, header.kind === 'meta' ? header.meta : undefined);
      return metas.get(one);
    },
  };
}

/** Which files belong to which thread. Names are trusted where a row confirms them. */
async function groupByThread(
  { files, home, signal }: ParityInput,
  {
    known,
    rowIds,
    rowPlaces,
    lineageOf,
  }: {
    readonly known: readonly Known[];
    readonly rowIds: ReadonlySet<string>;
    /** Id by place. */
    readonly rowPlaces: ReadonlyMap<string, string>;
    readonly lineageOf: LineageOf;
  },
): Promise<{ byThread: Map<string, Known[]>; anonymous: Tally }> {
  const byThread = new Map<string, Known[]>();
  const anonymous = createTally();
  for (const one of known) {
    const named = parseRolloutName(one.file.name);
    const name = named.kind === 'rollout' ? named.threadId : undefined;
    const rowed = rowPlaces.get(one.place);
    const isConfirmed = name !== undefined && (rowed === undefined ? rowIds.has(name) : rowed === name);
    const isTrusted = isConfirmed || signal.aborted || lineageOf.count >= MAX_HEADERS;
    const id = (isTrusted ? name : undefined) ?? (await lineageOf.read(one))?.id;
    if (id !== undefined) push(byThread, id, one);
    // Gone since it was listed: archived, compressed or deleted.
    else if (files.look(pathOf(home, one)).kind !== 'missing') anonymous.add(one.place);
  }
  return { byThread, anonymous: closeTally(anonymous) };
}

async function judgeThreads(
  byThread: ReadonlyMap<string, readonly Known[]>,
  { rowIds, lineageOf }: { readonly rowIds: ReadonlySet<string>; readonly lineageOf: LineageOf },
): Promise<Pick<Parity, 'unindexed' | 'duplicateThreads' | 'segments'>> {
  const unindexed = createTally();
  const duplicateThreads = createTally();
  let segments = 0;
  for (const [id, several] of byThread) {
    if (!rowIds.has(id)) unindexed.add(several[0]?.place ?? id);
    if (several.length < 2) continue;
    let roots = 0;
    for (const one of several) {
      if ((await lineageOf.read(one))?.historyBase?.threadId === id) segments += 1;
      else roots += 1;
    }
    if (roots > 1) duplicateThreads.add(`${id}: ${placesOf(several)}`);
  }
  return { unindexed: closeTally(unindexed), duplicateThreads: closeTally(duplicateThreads), segments };
}

function judgeRows(
  { files, home, rows }: ParityInput,
  {
    known,
    byThread,
    placeOf,
  }: {
    readonly known: readonly Known[];
    readonly byThread: ReadonlyMap<string, readonly Known[]>;
    readonly placeOf: (path: string) => string | undefined;
  },
): Pick<Parity, 'vanished' | 'archiveMismatches' | 'misplaced' | 'elsewhere' | 'foreignRows'> {
  const byPlace = new Map(known.map((one) => [one.place, one]));
  const vanished = createTally();
  const archiveMismatches = createTally();
  const misplaced = createTally();
  const elsewhere = new Map<string, number>();
  let foreignRows = 0;
  for (const { id, rolloutPath, archived } of rows) {
    const own = byThread.get(id.toLowerCase()) ?? [];
    const place = placeOf(rolloutPath);
    const at = place === undefined ? undefined : byPlace.get(place);
    const other = place === undefined ? IN_A_HOME.exec(rolloutPath)?.[1] : undefined;
    const [first] = own;
    if (at && own.includes(at)) {
      if (at.archived !== archived) archiveMismatches.add(at.place);
    } else if (first && other !== undefined) elsewhere.set(other, (elsewhere.get(other) ?? 0) + 1);
    else if (first && own.every((one) => one.archived !== archived)) archiveMismatches.add(first.place);
    else if (first) misplaced.add(`${id}: ${rolloutPath}`);
    else if (!stands(files, place === undefined ? rolloutPath : `${home}/${place}`))
      vanished.add(place ?? rolloutPath);
    else if (place === undefined) foreignRows += 1;
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

function placesOf(several: readonly Known[]): string {
  const shown = several.slice(0, PLACES_SHOWN).map(({ place }) => place);
  const more = several.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}

const pathOf = (home: string, { file }: Known): string => `${home}/${file.folder}/${file.name}`;

const knownAs = (file: RolloutFile, { archived }: Pick<Known, 'archived'>): Known => ({
  file,
  place: plainName(`${file.folder}/${file.name}`),
  archived,
});

/** Anything is there, plain or compressed. A broken link or what cannot be looked at is damage, not absence. */
function stands(files: Files, path: string): boolean {
  const plain = plainName(path);
  return [plain, `${plain}.zst`].some((at) => files.look(at).kind !== 'missing');
}

function push<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const values = map.get(key);
  if (values) values.push(value);
  else map.set(key, [value]);
}
