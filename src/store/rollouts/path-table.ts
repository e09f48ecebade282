import { parseRolloutName, plainName } from './name.ts';
import { NONE } from './numbering.ts';
import type { Numbering } from './numbering.ts';
import {
  ID_WORDS,
  NAME_WORDS,
  createPacking,
  packId,
  packName,
  packingOf,
  unpackId,
  unpackName,
} from './packed-name.ts';
import type { Packing } from './packed-name.ts';

/**
 * Paths of session files in 28 bytes each. Folders are kept once, with the separator at their end; names that are spelled
 * as the agent spells them are kept as numbers, all others as text.
 */
export interface PathTable {
  readonly length: number;
  /** Every folder that was given, once. */
  readonly folders: readonly string[];
  /** True when the name could be packed. */
  add(path: { readonly folder: string; readonly name: string; readonly marked?: boolean }): boolean;
  /** Index into `folders`. */
  folderAt(index: number): number;
  nameAt(index: number): string;
  /** Folder and name, exactly as they were given. */
  pathAt(index: number): string;
  isCompressed(index: number): boolean;
  /** Whatever the owner of the table meant by it. */
  isMarked(index: number): boolean;
  /** The id in the name, in lower case; undefined when it holds none. */
  idAt(index: number): string | undefined;
  /**
   * Adds up what `hash` makes of each packed name, its words beginning at `at`; undefined when a name is kept as text.
   */
  sum(hash: (words: Int32Array, at: number, index: number) => number): number | undefined;
  /**
   * The number of the id in each name; `NONE` where it holds none.
   * @param except indexes that get `NONE` as well, and whose ids are not numbered
   */
  numberIds(ids: Numbering, except?: { has(index: number): boolean }): Int32Array;
  /**
   * The number of each path without the suffix of compression.
   * @param folders stand in for those of the table; where there is none the path gets `NONE`
   */
  numberPaths(folders: readonly (string | undefined)[], numberings: PathNumberings): Int32Array;
  /** For the way to another process. */
  pack(): PackedPaths;
}

export interface PathNumberings {
  readonly ids: Numbering;
  readonly folders: Numbering;
  readonly paths: Numbering;
}

export interface PackedPaths {
  readonly length: number;
  readonly folders: readonly string[];
  /** Names that are kept as text, by index. */
  readonly texts: readonly (readonly [index: number, name: string])[];
  /** Everything else. */
  readonly chunks: readonly Int32Array[];
}

const STRIDE = NAME_WORDS + 1;
/** The last word holds the number of the folder, above the flags. */
const FOLDER = NAME_WORDS;
const FLAG_BITS = 4;
const HAS_ID = 1;
const IS_COMPRESSED = 2;
const IS_TEXT = 4;
const IS_MARKED = 8;
const COMPRESSED = '.zst';
/**
 * Paths in a chunk, as a power of two. Growing by chunks moves nothing; copying a long list to a longer one, over and
 * over, leaves holes that the allocator cannot give back, twice what the list itself takes.
 */
const CHUNK_BITS = 10;
const CHUNK_MASK = 2 ** CHUNK_BITS - 1;

/** Of the first word in its chunk. */
const offsetOf = (index: number): number => (index & CHUNK_MASK) * STRIDE;

export function createPathTable(packed?: PackedPaths): PathTable {
  const chunks = (packed?.chunks ?? []).map(packingOf);
  let length = packed?.length ?? 0;
  const folders = [...(packed?.folders ?? [])];
  const texts = new Map<number, string>(packed?.texts);
  const folderNumbers = new Map(folders.map((folder, number) => [folder, number]));

  function chunkOf(index: number): Packing {
    let chunk = chunks[index >> CHUNK_BITS];
    if (!chunk) {
      chunk = createPacking(2 ** CHUNK_BITS * STRIDE);
      chunks.push(chunk);
    }
    return chunk;
  }
  const lastWordOf = (index: number): number => chunkOf(index).words[offsetOf(index) + FOLDER] ?? 0;
  const has = (index: number, flag: number): boolean => (lastWordOf(index) & flag) !== 0;

  function numberOf(folder: string): number {
    let number = folderNumbers.get(folder);
    if (number === undefined) {
      number = folders.push(folder) - 1;
      folderNumbers.set(folder, number);
    }
    return number;
  }

  const table: PathTable = {
    get length() {
      return length;
    },
    folders,
    add({ folder, name, marked = false }) {
      const chunk = chunkOf(length);
      const at = offsetOf(length);
      const plain = plainName(name);
      const isPacked = packName(plain, chunk, at);
      let flags = (marked ? IS_MARKED : 0) | (plain === name ? 0 : IS_COMPRESSED);
      if (isPacked) flags |= HAS_ID;
      else {
        flags |= IS_TEXT;
        const named = parseRolloutName(name);
        if (named.kind === 'rollout' && packId(named.threadId, chunk, at)) flags |= HAS_ID;
        texts.set(length, name);
      }
      chunk.words[at + FOLDER] = (numberOf(folder) << FLAG_BITS) | flags;
      length += 1;
      return isPacked;
    },
    folderAt: (index) => lastWordOf(index) >> FLAG_BITS,
    nameAt(index) {
      if (has(index, IS_TEXT)) return texts.get(index) ?? '';
      return unpackName(chunkOf(index), offsetOf(index)) + (has(index, IS_COMPRESSED) ? COMPRESSED : '');
    },
    pathAt: (index) => `${folders[table.folderAt(index)] ?? ''}${table.nameAt(index)}`,
    isCompressed: (index) => has(index, IS_COMPRESSED),
    isMarked: (index) => has(index, IS_MARKED),
    idAt: (index) => (has(index, HAS_ID) ? unpackId(chunkOf(index), offsetOf(index)) : undefined),
    sum(hash) {
      if (texts.size > 0) return undefined;
      let total = 0;
      for (let index = 0; index < length; index += 1)
        total = (total + hash(chunkOf(index).words, offsetOf(index), index)) | 0;
      return total;
    },
    numberIds(ids, except) {
      const numbers = new Int32Array(length);
      for (let index = 0; index < length; index += 1)
        numbers[index] =
          has(index, HAS_ID) && !except?.has(index)
            ? numberAt(chunkOf(index).words, offsetOf(index), ids)
            : NONE;
      return numbers;
    },
    numberPaths(others, { ids, folders: folderNumbering, paths }) {
      const standIns = others.map((folder) => (folder === undefined ? NONE : folderNumbering.ofText(folder)));
      const numbers = new Int32Array(length);
      for (let index = 0; index < length; index += 1) {
        const { words } = chunkOf(index);
        const at = offsetOf(index);
        const number = table.folderAt(index);
        const folder = standIns[number] ?? NONE;
        if (folder === NONE) numbers[index] = NONE;
        else if (has(index, IS_TEXT))
          numbers[index] = paths.ofText(`${others[number] ?? ''}${plainName(table.nameAt(index))}`);
        else {
          const date = words[at + ID_WORDS] ?? 0;
          const time = words[at + ID_WORDS + 1] ?? 0;
          numbers[index] = paths.ofWords(numberAt(words, at, ids), date, time, folder);
        }
      }
      return numbers;
    },
    pack: () => ({ length, folders, texts: [...texts], chunks: chunks.map(({ words }) => words) }),
  };
  return table;
}

/** The number of an id in lower case, the same as `PathTable.numberIds` gives it. */
export function numberOfId(ids: Numbering, id: string): number {
  const packing = createPacking(ID_WORDS);
  return packId(id, packing, 0) ? numberAt(packing.words, 0, ids) : ids.ofText(id);
}

const numberAt = (words: Int32Array, at: number, ids: Numbering): number =>
  ids.ofWords(words[at] ?? 0, words[at + 1] ?? 0, words[at + 2] ?? 0, words[at + 3] ?? 0);
