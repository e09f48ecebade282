import type { RolloutList } from './files.ts';
import { lengthOf } from './files.ts';
import { mix } from './mix.ts';
import { NAME_WORDS } from './packed-name.ts';
import type { PathTable } from './path-table.ts';
import type { ThreadRows } from './thread-rows.ts';

/**
 * The rows that an index would have if it agreed with the session files, in a few numbers: a sum of hashes, which comes
 * out the same in whatever order the rows stand. Plain data, for the process that reads the index: the usual case, that
 * all is well, is settled there, and no row has to be sent.
 */
export interface Expectation {
  /** How the rows may spell the home. */
  readonly homes: readonly string[];
  /** Drawn anew for every run, so that nobody can choose rows that happen to have the sum of others. */
  readonly seeds: readonly number[];
  readonly count: number;
  readonly sums: readonly number[];
}

/** Two sums of 32 bits: one in 10^19 wrong indexes would go unnoticed. */
const SUMS = 2;

/** Undefined when only a comparison in full can tell: some file is not named as the agent names it. */
export function expectationOf(
  active: RolloutList,
  archived: RolloutList,
  homes: readonly string[],
): Expectation | undefined {
  const seeds = Array.from({ length: SUMS }, () => (Math.random() * 2 ** 32) | 0);
  const [one, other] = [active, archived].map(({ paths }, index) =>
    sumsOf(paths, { folders: paths.folders, isArchived: () => index === 1, seeds }),
  );
  if (!one || !other) return undefined;
  const sums = one.map((sum, index) => (sum + (other[index] ?? 0)) | 0);
  return { homes, seeds, count: lengthOf([active, archived]), sums };
}

/** Whether the rows are those. False also when they may be, but are spelled otherwise. */
export function isMet({ homes, seeds, count, sums }: Expectation, rows: ThreadRows): boolean {
  if (rows.length !== count || rows.hasOtherIds) return false;
  const { paths } = rows;
  const folders = paths.folders.map((folder) => {
    const home = homes.find((one) => folder.startsWith(`${one}/`));
    return home === undefined ? undefined : folder.slice(home.length + 1);
  });
  const found = sumsOf(paths, { folders, isArchived: (index) => paths.isMarked(index), seeds });
  return found !== undefined && found.every((sum, index) => sum === sums[index]);
}

function sumsOf(
  paths: PathTable,
  {
    folders,
    isArchived,
    seeds,
  }: {
    /** Relative to the home, by number of the folder. */
    readonly folders: readonly (string | undefined)[];
    readonly isArchived: (index: number) => boolean;
    readonly seeds: readonly number[];
  },
): number[] | undefined {
  if (folders.includes(undefined)) return undefined;
  const sums = seeds.map((seed) => {
    const hashes = folders.map((folder) => hashOf(folder ?? '', seed));
    const factors = Int32Array.from({ length: NAME_WORDS }, (_, word) => mix(seed + word + 1) | 1);
    return paths.sum((words, at, index) => {
      let hash = (hashes[paths.folderAt(index)] ?? 0) + Number(isArchived(index));
      for (let word = 0; word < NAME_WORDS; word += 1)
        hash = (hash + Math.imul(words[at + word] ?? 0, factors[word] ?? 0)) | 0;
      return mix(hash);
    });
  });
  return sums.every((sum) => sum !== undefined) ? sums : undefined;
}

function hashOf(text: string, seed: number): number {
  let hash = seed;
  for (let index = 0; index < text.length; index += 1) hash = mix(hash ^ text.charCodeAt(index));
  return hash;
}
