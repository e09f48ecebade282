import { isUnsafeAt, unsafeLengthAt } from '../control.ts';
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

/** What a pass over a text saw; all places in the order of the text. */
export interface Scan {
  /** Where characters begin that have to be made visible. A blank in a hint stands for them too. */
  readonly unsafe: readonly number[];
  /** Where U+FFFD stands, which invalid bytes became. */
  readonly invalid: readonly number[];
  /** Where hints begin, by the number of their list; undefined for an empty list. */
  readonly places: readonly (readonly number[] | undefined)[];
  /** A place in whatever may be text in base64 or hexadecimal, where it is long enough to hide something. */
  readonly encoded: readonly number[];
}

export type Scanner = (text: string) => Scan;

/** `narrow` tells of so many units at a time. */
const GROUP = 16;
const INVALID = 0xfffd;

const BLANKS = ' '.repeat(2 * AHEAD);
const [BLANK, LINE_FEED, CARRIAGE_RETURN] = [0x20, 0x0a, 0x0d];

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
  /** The literal as it stands in the program's memory, in lower case where case is ignored. */
  readonly bytes: Uint8Array;
  /** Other characters than its own have the same bytes. */
  readonly isAmbiguous: boolean;
}

/**
 * Looks for many literals in one pass, several hundred megabytes a second. A hint has two characters at least, or is a
 * single one that is rare in text.
 */
export function createScanner(hints: readonly Hint[]): Scanner {
  const { memory, ...program } = startProgram();
  const bytes = Buffer.from(memory.buffer);
  const output = new Uint32Array(memory.buffer, OUTPUT, BLOCK);
  const groupAt = fillTable(memory.buffer, hints);
  const count = Math.max(-1, ...hints.flatMap(({ lists }) => lists)) + 1;
  const nowhere = Array.from<number[] | undefined>({ length: count });
  const rare = hints.filter(({ literal }) => literal.length === 1);

  /** Fills the program's memory with a block, blanks in place of what is unsafe. */
  const load = (text: string, { start, end }: Block, { unsafe, invalid }: Obstacles): void => {
    const written = bytes.write(text.slice(start, end + AHEAD), WIDE, 'utf16le');
    bytes.write(BLANKS, WIDE + written, 'utf16le');
    const groups = program.narrow(WIDE, WIDE + (end - start + AHEAD) * 2, INPUT, OUTPUT);
    for (let index = 0; index < (groups - OUTPUT) / 4; index += 2) {
      const from = start + (output[index] ?? 0) - INPUT;
      for (let at = from; at < from + GROUP; at += 1) {
        const code = text.charCodeAt(at);
        if (isUnsafeAt(text, at)) bytes[INPUT + at - start] = code === CARRIAGE_RETURN ? LINE_FEED : BLANK;
        if (at >= end) continue;
        if (unsafeLengthAt(text, at) > 0) unsafe.push(at);
        if (code === INVALID) invalid.push(at);
      }
    }
  };

  return (text) => {
    const places = nowhere.slice();
    const add = (lists: readonly number[], place: number): void => {
      for (const list of lists) (places[list] ??= []).push(place);
    };
    const obstacles: Obstacles = { unsafe: [], invalid: [] };
    const encoded: number[] = [];
    for (const { literal, lists } of rare)
      for (let at = text.indexOf(literal); at !== -1; at = text.indexOf(literal, at + 1)) add(lists, at);
    for (let start = 0; start < text.length;) {
      const end = endOfBlock(text, start);
      const length = end - start;
      load(text, { start, end }, obstacles);
      const found = (program.find(INPUT, INPUT + length, OUTPUT) - OUTPUT) / 4;
      for (let index = 0; index < found; index += 1) {
        const position = output[index] ?? 0;
        if (position >= INPUT + length) break;
        for (const key of groupAt(position)) {
          const begin = position - key.shift;
          const at = start + begin - INPUT;
          const isLoaded = begin >= INPUT && begin + key.bytes.length <= INPUT + length + AHEAD;
          if (isLoaded && !key.isAmbiguous ? standsInBytes(key, bytes, begin) : stands(key, text, at))
            add(key.lists, at);
        }
      }
      const seen = (program.findEncoded(INPUT, INPUT + length, OUTPUT) - OUTPUT) / 4;
      for (let index = 0; index < seen; index += 1) encoded.push(start + (output[index] ?? 0) - INPUT);
      start = end;
    }
    for (const list of places) if (list) putInOrder(list);
    return { ...obstacles, places, encoded };
  };
}

interface Block {
  readonly start: number;
  readonly end: number;
}

interface Obstacles {
  readonly unsafe: number[];
  readonly invalid: number[];
}

/** Enters all hints into the table of the program, and tells which may stand where the program found something. */
function fillTable(memory: ArrayBuffer, hints: readonly Hint[]): (position: number) => readonly Key[] {
  const bytes = new Uint8Array(memory);
  /** Of each slot, in the upper bytes; zero where several have it. */
  const threes = new Uint32Array(memory, THREES, TABLE_LENGTH);
  /** Number of a group of keys, from 1; 0 is none. */
  const groupOf = new Uint16Array(TABLE_LENGTH);
  const none: readonly Key[] = [];
  const groups: Key[][] = [[]];
  for (const { literal, ignoreCase, lists } of hints) {
    if (literal.length < 2) continue;
    const shift = rarestIn(literal);
    const key = { literal, ignoreCase, lists, shift, ...bytesOfLiteral(literal) };
    for (const three of spellings(literal.slice(shift, shift + 3), ignoreCase)) {
      const slot = slotOfBytes(bytesOf(three));
      const known = bytesOf(three) << 8;
      threes[slot] = bytes[slot] === 0 || threes[slot] === known >>> 0 ? known : 0;
      bytes[slot] = 1;
      groupOf[slot] ||= groups.push([]) - 1;
      groups[groupOf[slot] ?? 0]?.push(key);
    }
  }
  return (position) => groups[groupOf[slotAt(bytes, position)] ?? 0] ?? none;
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
const slotAt = (bytes: Uint8Array, offset: number): number =>
  slotOfBytes((bytes[offset] ?? 0) | ((bytes[offset + 1] ?? 0) << 8) | ((bytes[offset + 2] ?? 0) << 16));
const bytesOf = (three: string): number =>
  narrowed(three.charCodeAt(0)) |
  (narrowed(three.charCodeAt(1)) << 8) |
  (narrowed(three.charCodeAt(2)) << 16);
/** As the program makes a byte of a unit. */
const narrowed = (unit: number): number => (unit > 0x7fff ? 0 : Math.min(unit, 0xff));

function bytesOfLiteral(literal: string): Pick<Key, 'bytes' | 'isAmbiguous'> {
  const bytes = Uint8Array.from({ length: literal.length }, (_, index) =>
    narrowed(literal.charCodeAt(index)),
  );
  return { bytes, isAmbiguous: bytes.some((byte) => byte === 0 || byte === 0xff) };
}

/** Capitals of ASCII in lower case. */
const folded = (code: number): number => (code >= 65 && code <= 90 ? code + 32 : code);

function standsInBytes({ bytes: literal, ignoreCase }: Key, bytes: Uint8Array, begin: number): boolean {
  for (let index = 0; index < literal.length; index += 1) {
    const byte = bytes[begin + index] ?? 0;
    if ((ignoreCase ? folded(byte) : byte) !== literal[index]) return false;
  }
  return true;
}

/** The same by the characters themselves. */
function stands({ literal, ignoreCase }: Key, text: string, start: number): boolean {
  if (start < 0) return false;
  for (let index = 0; index < literal.length; index += 1) {
    const code = text.charCodeAt(start + index);
    const expected = literal.charCodeAt(index);
    if ((ignoreCase ? folded(code) : code) === expected) continue;
    if (!WHITESPACE.has(expected) || !isUnsafeAt(text, start + index)) return false;
  }
  return true;
}

/** What stands in the memory for what is unsafe. */
const WHITESPACE: ReadonlySet<number> = new Set([BLANK, LINE_FEED]);
