import { isSafe } from '../control.ts';
import {
  AHEAD,
  BLOCK,
  endOfBlock,
  INPUT,
  OUTPUT,
  startProgram,
  TABLE_LENGTH,
  THREES,
  WIDE,
} from './instance.ts';

/** A literal to look for. */
export interface Hint {
  readonly literal: string;
  /** The literal is in lower case then, and ASCII. */
  readonly ignoreCase: boolean;
  /** Numbers of the lists that its places belong to. */
  readonly lists: readonly number[];
}

/** What a pass over a text saw. */
export interface Scan {
  /** Nothing in it has to be made visible. */
  readonly safe: boolean;
  /** It holds U+FFFD, which invalid bytes became. */
  readonly invalid: boolean;
  /** Where hints begin, by the number of their list, in the order of the text; undefined for an empty list. */
  readonly places: readonly (readonly number[] | undefined)[];
  /** A place in whatever may be text in base64 or hexadecimal, where it is long enough to hide something. */
  readonly encoded: readonly number[];
}

export type Scanner = (text: string) => Scan;

/** What `narrow` tells. */
const [UNSAFE, HALF, TAG, INVALID] = [1, 2, 4, 8];

const BLANKS = ' '.repeat(2 * AHEAD);

/** By how often they stand in text; a rare one makes a better key. What is not listed is rare. */
const FREQUENT = 'etaoinsrhldcumfpgwyb-/.:=_0123456789vkxjqz';
const rarity = (text: string): number =>
  text
    .toLowerCase()
    .split('')
    .reduce((sum, character) => {
      const rank = FREQUENT.indexOf(character);
      return sum + (rank === -1 ? FREQUENT.length : rank);
    }, 0);

/** Behind a hint of two characters stands one of these. */
const TOKEN_CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.~+/%';

interface Key {
  readonly literal: string;
  readonly ignoreCase: boolean;
  readonly lists: readonly number[];
  /** How far into the hint the three characters stand that the table knows. */
  readonly shift: number;
}

/**
 * Looks for many literals in one pass, several hundred megabytes a second. A hint has two characters at least, or is a
 * single one that is rare in text.
 */
export function createScanner(hints: readonly Hint[]): Scanner {
  const { memory, ...program } = startProgram();
  const bytes = Buffer.from(memory.buffer);
  const output = new Uint32Array(memory.buffer, OUTPUT, BLOCK);
  /** Of each slot, in the upper bytes; zero where several have it. */
  const threes = new Uint32Array(memory.buffer, THREES, TABLE_LENGTH);
  /** Number of a group of keys, from 1; 0 is none. */
  const groupOf = new Uint16Array(TABLE_LENGTH);
  const groups: Key[][] = [[]];
  for (const { literal, ignoreCase, lists } of hints) {
    if (literal.length < 2) continue;
    const shift = rarestIn(literal);
    const key = { literal, ignoreCase, lists, shift };
    for (const three of spellings(literal.slice(shift, shift + 3), ignoreCase)) {
      const slot = slotOfBytes(bytesOf(three));
      const known = bytesOf(three) << 8;
      threes[slot] = bytes[slot] === 0 || threes[slot] === known >>> 0 ? known : 0;
      bytes[slot] = 1;
      groupOf[slot] ||= groups.push([]) - 1;
      groups[groupOf[slot] ?? 0]?.push(key);
    }
  }
  const count = Math.max(-1, ...hints.flatMap(({ lists }) => lists)) + 1;
  const nowhere = Array.from<number[] | undefined>({ length: count });
  const rare = hints.filter(({ literal }) => literal.length === 1);

  /** Fills the program's memory and returns what it says of a block. */
  const load = (text: string, start: number, end: number): number => {
    const written = bytes.write(text.slice(start, end + AHEAD), WIDE, 'utf16le');
    bytes.write(BLANKS, WIDE + written, 'utf16le');
    const flags = program.narrow(WIDE, WIDE + (end - start + AHEAD) * 2, INPUT);
    return flags & HALF && text.slice(start, end).isWellFormed() ? flags & ~HALF : flags;
  };

  return (text) => {
    const places = nowhere.slice();
    const add = (lists: readonly number[], place: number): void => {
      for (const list of lists) (places[list] ??= []).push(place);
    };
    const encoded: number[] = [];
    let flags = 0;
    for (const { literal, lists } of rare)
      for (let at = text.indexOf(literal); at !== -1; at = text.indexOf(literal, at + 1)) add(lists, at);
    for (let start = 0; start < text.length;) {
      const end = endOfBlock(text, start);
      const length = end - start;
      flags |= load(text, start, end);
      const found = (program.find(INPUT, INPUT + length, OUTPUT) - OUTPUT) / 4;
      for (let index = 0; index < found; index += 1) {
        const position = output[index] ?? 0;
        if (position >= INPUT + length) break;
        const at = start + position - INPUT;
        for (const key of groups[groupOf[slotAt(bytes, position)] ?? 0] ?? [])
          if (stands(key, text, at - key.shift)) add(key.lists, at - key.shift);
      }
      const seen = (program.findEncoded(INPUT, INPUT + length, OUTPUT) - OUTPUT) / 4;
      for (let index = 0; index < seen; index += 1) encoded.push(start + (output[index] ?? 0) - INPUT);
      start = end;
    }
    for (const list of places) if (list) putInOrder(list);
    return {
      safe: (flags & (UNSAFE | HALF)) === 0 && ((flags & TAG) === 0 || isSafe(text)),
      invalid: (flags & INVALID) !== 0,
      places,
      encoded,
    };
  };
}

function putInOrder(places: number[]): void {
  for (let index = 1; index < places.length; index += 1)
    if ((places[index - 1] ?? 0) > (places[index] ?? 0)) {
      places.sort((one, other) => one - other);
      return;
    }
}

function rarestIn(literal: string): number {
  let best = 0;
  for (let shift = 1; shift + 3 <= literal.length; shift += 1)
    if (rarity(literal.slice(shift, shift + 3)) > rarity(literal.slice(best, best + 3))) best = shift;
  return best;
}

function spellings(three: string, ignoreCase: boolean): string[] {
  if (three.length < 3) return TOKEN_CHARACTERS.split('').map((character) => three + character);
  if (!ignoreCase) return [three];
  return three
    .split('')
    .reduce<string[]>(
      (before, character) =>
        [...new Set([character, character.toUpperCase()])].flatMap((spelling) =>
          before.map((text) => text + spelling),
        ),
      [''],
    );
}

/** As `$slot` in the program. */
const MULTIPLIER = 0x9e_37_79_b1;
const slotOfBytes = (three: number): number => Math.imul(three << 8, MULTIPLIER) >>> 16;
const slotAt = (bytes: Buffer, offset: number): number =>
  slotOfBytes((bytes[offset] ?? 0) | ((bytes[offset + 1] ?? 0) << 8) | ((bytes[offset + 2] ?? 0) << 16));
const bytesOf = (three: string): number =>
  narrowed(three.charCodeAt(0)) |
  (narrowed(three.charCodeAt(1)) << 8) |
  (narrowed(three.charCodeAt(2)) << 16);
/** As the program makes a byte of a unit. */
const narrowed = (unit: number): number => (unit > 0x7fff ? 0 : Math.min(unit, 0xff));

function stands({ literal, ignoreCase }: Key, text: string, start: number): boolean {
  if (start < 0) return false;
  if (!ignoreCase) return text.startsWith(literal, start);
  for (let index = 0; index < literal.length; index += 1) {
    const code = text.charCodeAt(start + index);
    const folded = code >= 65 && code <= 90 ? code + 32 : code;
    if (folded !== literal.charCodeAt(index)) return false;
  }
  return true;
}
