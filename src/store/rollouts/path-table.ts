import { parseRolloutName, plainName } from './name.ts';
import { createGrowing } from './growing.ts';
import { NONE } from './numbering.ts';
import type { Numbering } from './numbering.ts';
import { ID_WORDS, NAME_WORDS, packId, packName, unpackId, unpackName } from './packed-name.ts';

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
  /** The name packed, see `packName`; undefined where it is kept as text. Valid until the next call. */
  wordsAt(index: number): Int32Array | undefined;
  /** Folder and name, exactly as they were given. */
  pathAt(index: number): string;
  isCompressed(index: number): boolean;
  /** Whatever the owner of the table meant by it. */
  isMarked(index: number): boolean;
  /** The id in the name, in lower case; undefined when it holds none. */
  idAt(index: number): string | undefined;
  /** Whether that is the id in the name, in the same spelling; false where the name is kept as text. */
  isNamedBy(index: number, id: string): boolean;
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
  readonly words: Int32Array[];
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
export function createPathTable(packed?: PackedPaths): PathTable {
  const words = createGrowing(Int32Array, packed?.words);
  let length = packed?.length ?? 0;
  const scratch = new Int32Array(NAME_WORDS);
  const folders = [...(packed?.folders ?? [])];
  const texts = new Map<number, string>(packed?.texts);
  const folderNumbers = new Map(folders.map((folder, number) => [folder, number]));

  const has = (index: number, flag: number): boolean => (words.at(index * STRIDE + FOLDER) & flag) !== 0;

  const numberAt = (at: number, ids: Numbering): number =>
    ids.ofWords(words.at(at), words.at(at + 1), words.at(at + 2), words.at(at + 3));
  /** The words of one name, valid until the next call. */
  function wordsOf(index: number): Int32Array {
    for (let word = 0; word < NAME_WORDS; word += 1) scratch[word] = words.at(index * STRIDE + word);
    return scratch;
  }

  const table: PathTable = {
    get length() {
      return length;
    },
    folders,
    add({ folder, name, marked = false }) {
      const plain = plainName(name);
      let flags = (marked ? IS_MARKED : 0) | (plain === name ? 0 : IS_COMPRESSED);
      if (packName(plain, scratch, 0)) flags |= HAS_ID;
      else {
        flags |= IS_TEXT;
        const named = parseRolloutName(name);
        if (named.kind === 'rollout' && packId(named.threadId, scratch, 0)) flags |= HAS_ID;
        texts.set(length, name);
      }
      let number = folderNumbers.get(folder);
      if (number === undefined) {
        number = folders.push(folder) - 1;
        folderNumbers.set(folder, number);
      }
      const at = length * STRIDE;
      for (let word = 0; word < NAME_WORDS; word += 1) words.set(at + word, scratch[word] ?? 0);
      words.set(at + FOLDER, (number << FLAG_BITS) | flags);
      length += 1;
    },
    folderAt: (index) => words.at(index * STRIDE + FOLDER) >> FLAG_BITS,
    nameAt(index) {
      if (has(index, IS_TEXT)) return texts.get(index) ?? '';
      return unpackName(wordsOf(index), 0) + (has(index, IS_COMPRESSED) ? COMPRESSED : '');
    },
    pathAt: (index) => `${folders[table.folderAt(index)] ?? ''}${table.nameAt(index)}`,
    wordsAt: (index) => (has(index, IS_TEXT) ? undefined : wordsOf(index)),
    isCompressed: (index) => has(index, IS_COMPRESSED),
    isMarked: (index) => has(index, IS_MARKED),
    idAt: (index) => (has(index, HAS_ID) ? unpackId(wordsOf(index), 0) : undefined),
    isNamedBy(index, id) {
      if (has(index, IS_TEXT) || !packId(id, scratch, 0)) return false;
      for (let word = 0; word < ID_WORDS; word += 1)
        if (scratch[word] !== words.at(index * STRIDE + word)) return false;
      return true;
    },
    numberIds(ids, except) {
      const numbers = new Int32Array(length);
      for (let index = 0; index < length; index += 1)
        numbers[index] = has(index, HAS_ID) && !except?.has(index) ? numberAt(index * STRIDE, ids) : NONE;
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
            numberAt(at, ids),
            words.at(at + ID_WORDS),
            words.at(at + ID_WORDS + 1),
            folder,
          );
      }
      return numbers;
    },
    pack: () => ({ length, folders, texts: [...texts], words: words.chunks }),
  };
  return table;
}

/** The number of an id in lower case, the same as `PathTable.numberIds` gives it. */
export function numberOfId(ids: Numbering, id: string): number {
  const words = new Int32Array(NAME_WORDS);
  const isPacked = packId(id, words, 0);
  const [first = 0, second = 0, third = 0, fourth = 0] = words;
  return isPacked ? ids.ofWords(first, second, third, fourth) : ids.ofText(id);
}
