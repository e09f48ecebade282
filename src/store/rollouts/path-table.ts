import { parseRolloutName, plainName } from './name.ts';
import type { Numbering } from './numbering.ts';
import { NAME_WORDS, packId, packName, unpackId, unpackName } from './packed-name.ts';

/**
 * Paths of session files in 32 bytes each. Folders are kept once, with the separator at their end; names that are spelled
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
  /** Numbers the id in the name, see `idAt`. */
  numberId(index: number, ids: Numbering): number | undefined;
  /** Numbers the path without the suffix of compression, where `folder` stands for the folder. */
  numberPath(index: number, folder: string, numberings: PathNumberings): number;
  /** For the way through JSON. */
  pack(): PackedPaths;
}

export interface PathNumberings {
  readonly ids: Numbering;
  readonly folders: Numbering;
  readonly paths: Numbering;
}

export interface PackedPaths {
  readonly folders: readonly string[];
  /** Names that are kept as text, by index. */
  readonly texts: readonly (readonly [index: number, name: string])[];
  /** Everything else, base64. */
  readonly words: string;
}

const STRIDE = 8;
const FOLDER = NAME_WORDS;
const FLAGS = NAME_WORDS + 1;
const HAS_ID = 1;
const IS_COMPRESSED = 2;
const IS_TEXT = 4;
const IS_MARKED = 8;
const COMPRESSED = '.zst';
/** Room for so many paths from the first one on. */
const INITIAL_LENGTH = 64;

export function createPathTable(packed?: PackedPaths): PathTable {
  let words = decode(packed?.words ?? '');
  let length = words.length / STRIDE;
  const folders = [...(packed?.folders ?? [])];
  const texts = new Map<number, string>(packed?.texts);
  const folderNumbers = new Map(folders.map((folder, number) => [folder, number]));

  const flagsAt = (index: number): number => words[index * STRIDE + FLAGS] ?? 0;
  const has = (index: number, flag: number): boolean => (flagsAt(index) & flag) !== 0;

  const table: PathTable = {
    get length() {
      return length;
    },
    folders,
    add({ folder, name, marked = false }) {
      const at = length * STRIDE;
      // Gives the old memory back at once, where a copy would leave it to the garbage collector.
      if (at === words.length)
        words = new Uint32Array(words.buffer.transfer(words.byteLength * 2 + INITIAL_LENGTH * STRIDE * 4));
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
      words[at + FOLDER] = number;
      words[at + FLAGS] = flags;
      length += 1;
    },
    folderAt: (index) => words[index * STRIDE + FOLDER] ?? 0,
    nameAt(index) {
      if (has(index, IS_TEXT)) return texts.get(index) ?? '';
      return unpackName(words, index * STRIDE) + (has(index, IS_COMPRESSED) ? COMPRESSED : '');
    },
    pathAt: (index) => `${folders[table.folderAt(index)] ?? ''}${table.nameAt(index)}`,
    isCompressed: (index) => has(index, IS_COMPRESSED),
    isMarked: (index) => has(index, IS_MARKED),
    idAt: (index) => (has(index, HAS_ID) ? unpackId(words, index * STRIDE) : undefined),
    numberId(index, ids) {
      if (!has(index, HAS_ID)) return undefined;
      const at = index * STRIDE;
      return ids.ofWords(words[at] ?? 0, words[at + 1] ?? 0, words[at + 2] ?? 0, words[at + 3] ?? 0);
    },
    numberPath(index, folder, numberings) {
      if (has(index, IS_TEXT)) return numberings.paths.ofText(folder + plainName(table.nameAt(index)));
      const id = table.numberId(index, numberings.ids) ?? 0;
      const at = index * STRIDE;
      return numberings.paths.ofWords(
        id,
        words[at + 4] ?? 0,
        words[at + 5] ?? 0,
        numberings.folders.ofText(folder),
      );
    },
    pack: () => ({
      folders,
      texts: [...texts],
      words: Buffer.from(words.buffer, 0, length * STRIDE * 4).toString('base64'),
    }),
  };
  return table;
}

/** The number of an id in lower case, the same as `PathTable.numberId` gives it. */
export function numberOfId(ids: Numbering, id: string): number {
  const words = new Uint32Array(4);
  return packId(id, words, 0)
    ? ids.ofWords(words[0] ?? 0, words[1] ?? 0, words[2] ?? 0, words[3] ?? 0)
    : ids.ofText(id);
}

function decode(base64: string): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(Buffer.byteLength(base64, 'base64') >> 2);
  Buffer.from(words.buffer).write(base64, 'base64');
  return words;
}
