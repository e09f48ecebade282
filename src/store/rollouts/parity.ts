import { setImmediate } from 'node:timers/promises';
import type { Files } from '../../host/files.ts';
import type { ThreadRow } from '../sqlite/tasks/threads.ts';
import { readSessionMeta } from './header.ts';
import type { SessionMeta } from './header.ts';
import { parseRolloutName, plainName } from './name.ts';
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
const IN_A_HOME = /^(.*?)[\\/]((?:archived_)?sessions[\\/].*)$/s;

/**
 * Compares the files with the rows. A file whose row names its path and its id agrees without being opened; only the rest
 * is read, a bounded piece of each, since the id inside a file beats the one in its name.
 */
export async function compare(input: ParityInput): Promise<Parity> {
  const { files, home, rows, signal } = input;
  const homes = [...new Set([home, files.realpath(home) ?? home])];
  const known = [
    ...input.active.map((file) => knownAs(file, false)),
    ...input.archived.map((file) => knownAs(file, true)),
  ];
  const byPlace = new Map(known.map((one) => [one.place, one]));
  const rowById = new Map(rows.map((row) => [row.id.toLowerCase(), row]));
  const open = {
    unindexed: createTally(),
    vanished: createTally(),
    archiveMismatches: createTally(),
    misplaced: createTally(),
    duplicateThreads: createTally(),
    duplicatePaths: createTally(),
    anonymous: createTally(),
  };

  const realpath = memoise((folder: string) => files.realpath(folder));
  const placeOf = memoise((path: string) => placeInHome(realpath, homes, path));
  const rowPlaces = new Map<string, string>();
  for (const row of rows) {
    const place = placeOf(row.rolloutPath);
    if (place === undefined) continue;
    if (rowPlaces.has(place)) open.duplicatePaths.add(place);
    else rowPlaces.set(place, row.id.toLowerCase());
  }

  // Which files belong to which thread. Names are trusted where a row confirms them.
  const byThread = new Map<string, Known[]>();
  const doubtful: Known[] = [];
  for (const one of known) {
    const named = parseRolloutName(one.file.name);
    const rowed = rowPlaces.get(one.place);
    if (
      named.kind === 'rollout' &&
      (rowed === undefined ? rowById.has(named.threadId) : rowed === named.threadId)
    )
      push(byThread, named.threadId, one);
    else doubtful.push(one);
  }
  const metas = new Map<Known, SessionMeta>();
  let headersRead = 0;
  const lineage = async (one: Known): Promise<SessionMeta | undefined> => {
    if (metas.has(one) || signal.aborted) return metas.get(one);
    if ((headersRead += 1) % HEADERS_PER_TURN === 0) await setImmediate();
    const header = await readSessionMeta(files, pathOf(one), 'lineage');
    if (header.kind === 'meta') metas.set(one, header.meta);
    return metas.get(one);
  };
  const pathOf = ({ file }: Known): string => `${home}/${file.folder}/${file.name}`;
  for (const one of doubtful) {
    if (signal.aborted) break;
    const named = parseRolloutName(one.file.name);
    const trusted = headersRead >= MAX_HEADERS && named.kind === 'rollout' ? named.threadId : undefined;
    const id = trusted ?? (await lineage(one))?.id;
    if (id !== undefined) push(byThread, id, one);
    // Gone since it was listed: archived, compressed or deleted.
    else if (files.look(pathOf(one)).kind !== 'missing') open.anonymous.add(one.place);
  }

  let segments = 0;
  for (const [id, several] of byThread) {
    const [first] = several;
    if (first && !rowById.has(id)) open.unindexed.add(first.place);
    if (several.length < 2 || signal.aborted) continue;
    let roots = 0;
    for (const one of several) {
      if ((await lineage(one))?.historyBase?.threadId === id) segments += 1;
      else roots += 1;
    }
    if (roots > 1) open.duplicateThreads.add(`${id}: ${several.map((one) => one.place).join(', ')}`);
  }

  let foreignRows = 0;
  const elsewhere = new Map<string, number>();
  for (const row of rows) {
    const id = row.id.toLowerCase();
    const own = byThread.get(id) ?? [];
    const place = placeOf(row.rolloutPath);
    const at = place === undefined ? undefined : byPlace.get(place);
    if (at && own.includes(at)) {
      if (at.archived !== row.archived) open.archiveMismatches.add(at.place);
      continue;
    }
    const [first] = own;
    if (first) {
      const outside = place === undefined ? IN_A_HOME.exec(row.rolloutPath)?.[1] : undefined;
      if (outside !== undefined) elsewhere.set(outside, (elsewhere.get(outside) ?? 0) + 1);
      else if (own.every((one) => one.archived !== row.archived)) open.archiveMismatches.add(first.place);
      else open.misplaced.add(`${id}: ${row.rolloutPath}`);
    } else if (!stands(files, homes, row.rolloutPath, place)) open.vanished.add(place ?? row.rolloutPath);
    else if (place === undefined) foreignRows += 1;
  }
  return {
    threads: byThread.size,
    unindexed: closeTally(open.unindexed),
    vanished: closeTally(open.vanished),
    archiveMismatches: closeTally(open.archiveMismatches),
    misplaced: closeTally(open.misplaced),
    elsewhere: [...elsewhere]
      .toSorted(([, a], [, b]) => b - a)
      .slice(0, MAX_HOMES)
      .map(([path, count]) => ({ home: path, rows: count, stands: files.look(path).kind === 'found' })),
    duplicateThreads: closeTally(open.duplicateThreads),
    duplicatePaths: closeTally(open.duplicatePaths),
    anonymous: closeTally(open.anonymous),
    foreignRows,
    segments,
  };
}

/** A home moves from one place; a hostile index must not make a report of thousands. */
const MAX_HOMES = 5;

const knownAs = (file: RolloutFile, archived: boolean): Known => ({
  file,
  place: plainName(`${file.folder}/${file.name}`),
  archived,
});

/** The path relative to the home, however it is spelled; undefined when it leads outside. */
function placeInHome(
  realpath: Files['realpath'],
  homes: readonly string[],
  path: string,
): string | undefined {
  const plain = plainName(path);
  if (!/^([\\/]|[A-Za-z]:)/.test(plain)) return plain.replace(/^\.\//, '');
  for (const home of homes) if (plain.startsWith(`${home}/`)) return plain.slice(home.length + 1);
  const cut = plain.lastIndexOf('/');
  const folder = realpath(plain.slice(0, cut));
  for (const home of homes)
    if (folder !== undefined && folder.startsWith(`${home}/`))
      return `${folder.slice(home.length + 1)}/${plain.slice(cut + 1)}`;
  return undefined;
}

/** Anything stands there, plain or compressed. A broken link or what cannot be looked at is damage, not absence. */
function stands(
  files: Files,
  homes: readonly string[],
  rolloutPath: string,
  place: string | undefined,
): boolean {
  const path = place === undefined ? plainName(rolloutPath) : `${homes[0]}/${place}`;
  const gone = (at: string): boolean => files.look(at).kind === 'missing';
  return !gone(path) || !gone(`${path}.zst`);
}

function push<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const values = map.get(key);
  if (values) values.push(value);
  else map.set(key, [value]);
}

function memoise<Value>(find: (key: string) => Value): (key: string) => Value {
  const found = new Map<string, Value>();
  return (key) => {
    if (!found.has(key)) found.set(key, find(key));
    return found.get(key) as Value;
  };
}
