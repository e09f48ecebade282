import { parseRolloutName, plainName } from './name.ts';
import type { Numbering } from './numbering.ts';
import { NAME_WORDS, packId, packName, unpackId, unpackName } from './packed-name.ts';

/**
 * Paths of session files in 28 bytes each. Folders are kept once, with the separator at their end; names that are spelled
 * as the agent spells them are kept as numbers, all others as text.
 */
export interface PathTable {
  readonly length: number;
  /** Every folder that was given, once. */
  readonly folders: readonly string[];
  add(path: { readonly folder: string; readonly name: string; readonly marked?: boolean }): void;
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

/** In place of a number where there is none. */
export const NONE = -1;

export interface PathNumberings {
  readonly ids: Numbering;
  readonly folders: Numbering;
  readonly paths: Numbering;
}

export interface PackedPaths {
  readonly folders: readonly string[];
  /** Names that are kept as text, by index. */
  readonly texts: readonly (readonly [index: number, name: string])[];
  readonly words: Int32Array;
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
/** Room for so many paths from the first one on. */
const INITIAL_LENGTH = 64;

export function createPathTable(packed?: PackedPaths): PathTable {
  let words = packed ? Int32Array.from(packed.words) : new Int32Array(INITIAL_LENGTH * STRIDE);
  let length = packed ? words.length / STRIDE : 0;
  const folders = [...(packed?.folders ?? [])];
  const texts = new Map<number, string>(packed?.texts);
  const folderNumbers = new Map(folders.map((folder, number) => [folder, number]));

  const has = (index: number, flag: number): boolean => ((words[index * STRIDE + FOLDER] ?? 0) & flag) !== 0;

  const table: PathTable = {
    get length() {
      return length;
    },
    folders,
    add({ folder, name, marked = false }) {
      const at = length * STRIDE;
      // Gives the old memory back at once, where a copy would leave it to the garbage collector.
      if (at === words.length)
        words = new Int32Array(words.buffer.transfer(words.byteLength * 2 + INITIAL_LENGTH * STRIDE * 4));
      const plain = plainName(name);
      let flags = (marked ? IS_MARKED : 0) | (plain === name ? 0 : IS_COMPRESSED);
      if (packName(plain, words, at)) flags |= HAS_ID;
      else {
        flags |= IS_TEXT;
        const named = parseRolloutName(name);
        if (named.kind === 'rollout' && packId(named.threadId, words, at)) flags |= HAS_ID;
        texts.set(length, name);
      }
      let number = folderNumbers.get(folder);
      if (number === undefined) {
        number = folders.push(folder) - 1;
        folderNumbers.set(folder, number);
      }
      words[at + FOLDER] = (number << FLAG_BITS) | flags;
      length += 1;
    },
    folderAt: (index) => (words[index * STRIDE + FOLDER] ?? 0) >> FLAG_BITS,
    nameAt(index) {
      if (has(index, IS_TEXT)) return texts.get(index) ?? '';
      return unpackName(words, index * STRIDE) + (has(index, IS_COMPRESSED) ? COMPRESSED : '');
    },
    pathAt: (index) => `${folders[table.folderAt(index)] ?? ''}${table.nameAt(index)}`,
    isCompressed: (index) => has(index, IS_COMPRESSED),
    isMarked: (index) => has(index, IS_MARKED),
    idAt: (index) => (has(index, HAS_ID) ? unpackId(words, index * STRIDE) : undefined),
    numberIds(ids, except) {
      const numbers = new Int32Array(length);
      for (let index = 0; index < length; index += 1)
        numbers[index] =
          has(index, HAS_ID) && !except?.has(index) ? numberOfWords(words, index * STRIDE, ids) : NONE;
      return numbers;
    },
    numberPaths(others, { ids, folders: folderNumbering, paths }) {
      const standIns = others.map((folder) => (folder === undefined ? NONE : folderNumbering.ofText(folder)));
      const numbers = new Int32Array(length);
      for (let index = 0; index < length; index += 1) {
        const at = index * STRIDE;
        const number = table.folderAt(index);
        const folder = standIns[number] ?? NONE;
        if (folder === NONE) numbers[index] = NONE;
        else if (has(index, IS_TEXT))
          numbers[index] = paths.ofText(`${others[number] ?? ''}${plainName(table.nameAt(index))}`);
        else
          numbers[index] = paths.ofWords(
            numberOfWords(words, at, ids),
            words[at + 4] ?? 0,
            words[at + 5] ?? 0,
            folder,
          );
      }
      return numbers;
    },
    pack: () => ({ folders, texts: [...texts], words: words.slice(0, length * STRIDE) }),
  };
  return table;
}

/** The number of an id in lower case, the same as `PathTable.numberIds` gives it. */
export function numberOfId(ids: Numbering, id: string): number {
  const words = new Int32Array(NAME_WORDS);
  return packId(id, words, 0) ? numberOfWords(words, 0, ids) : ids.ofText(id);
}

const numberOfWords = (words: Int32Array, at: number, ids: Numbering): number =>
  ids.ofWords(words[at] ?? 0, words[at + 1] ?? 0, words[at + 2] ?? 0, words[at + 3] ?? 0);
