import { isUnsafeAt, unsafeLengthAt } from '../control.ts';
import { AHEAD, BLOCK, endOfBlock, INPUT, OUTPUT, startProgram, WIDE } from './instance.ts';
import { enterKeys } from './keys.ts';
import type { Hint } from './keys.ts';

/** What a pass over a text saw; all places in the order of the text. */
export interface Scan {
  /** Where characters begin that have to be made visible. A blank in a hint stands for them too. */
  readonly unsafe: readonly number[];
  /** Where U+FFFD stands, which invalid bytes became. */
  readonly invalid: readonly number[];
  /** Where hints begin, by the number of their list; undefined for an empty list. */
  readonly places: readonly (readonly number[] | undefined)[];
  /** The numbers of the lists that are not empty, from the lowest. */
  readonly filled: readonly number[];
  /** A place in whatever may be text in base64 or hexadecimal, where it is long enough to hide something. */
  readonly encoded: readonly number[];
}

export type Scanner = (text: string) => Scan;

/** With the number of a hint that is still to be compared. */
const IS_UNCERTAIN = 2 ** 31;
/** `narrow` tells of so many units at a time. */
const GROUP = 16;
const INVALID = 0xfffd;

const [BLANK, LINE_FEED, CARRIAGE_RETURN] = [0x20, 0x0a, 0x0d];

/**
 * Looks for many literals in one pass, several hundred megabytes a second. A hint has two characters at least, or is a
 * single one that is rare in text.
 */
export function createScanner(hints: readonly Hint[]): Scanner {
  const { memory, ...program } = startProgram();
  const keys = enterKeys(memory, hints);
  const bytes = Buffer.from(memory.buffer);
  const wide = new Uint16Array(memory.buffer, WIDE, BLOCK + 3 * AHEAD);
  const output = new Uint32Array(memory.buffer, OUTPUT, BLOCK);
  const words = new Uint32Array(memory.buffer);
  const count = Math.max(-1, ...hints.flatMap(({ lists }) => lists)) + 1;
  const nowhere = Array.from<number[] | undefined>({ length: count });
  const rare = hints.filter(({ literal }) => literal.length === 1);

  /** Fills the program's memory with a block, blanks in place of what is unsafe. */
  const load = (text: string, { start, end }: Block, { unsafe, invalid }: Obstacles): void => {
    const written = bytes.write(text.slice(start, end + AHEAD), WIDE, 'utf16le');
    wide.fill(BLANK, written / 2, written / 2 + 2 * AHEAD);
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
    const filled: number[] = [];
    const add = (lists: readonly number[], place: number): void => {
      for (const list of lists) {
        const known = places[list];
        if (known) known.push(place);
        else {
          places[list] = [place];
          filled.push(list);
        }
      }
    };
    const obstacles: Obstacles = { unsafe: [], invalid: [] };
    const encoded: number[] = [];
    for (const { literal, lists } of rare)
      for (let at = text.indexOf(literal); at !== -1; at = text.indexOf(literal, at + 1)) add(lists, at);
    for (let start = 0; start < text.length;) {
      const end = endOfBlock(text, start);
      const length = end - start;
      load(text, { start, end }, obstacles);
      for (let from = 0; from < length; from += keys.positions) {
        const to = INPUT + Math.min(length, from + keys.positions);
        const found = program.find(INPUT + from, to, INPUT + length + AHEAD, keys.found);
        for (let index = keys.found / 4; index < found / 4; index += 2) {
          const at = start + (words[index] ?? 0) - INPUT;
          const number = words[index + 1] ?? 0;
          const hint = hints[number & ~IS_UNCERTAIN];
          if (hint && (number < IS_UNCERTAIN || stands(hint, text, at))) add(hint.lists, at);
        }
      }
      const seen = (program.findEncoded(INPUT, INPUT + length, OUTPUT) - OUTPUT) / 4;
      for (let index = 0; index < seen; index += 1) encoded.push(start + (output[index] ?? 0) - INPUT);
      start = end;
    }
    for (const list of filled) putInOrder(places[list] ?? []);
    return { ...obstacles, places, filled: filled.toSorted((one, other) => one - other), encoded };
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

function putInOrder(places: number[]): void {
  for (let index = 1; index < places.length; index += 1)
    if ((places[index - 1] ?? 0) > (places[index] ?? 0)) {
      places.sort((one, other) => one - other);
      return;
    }
}

/** True where a hint stands in the text itself. */
function stands({ literal, ignoreCase }: Hint, text: string, start: number): boolean {
  if (start < 0) return false;
  for (let index = 0; index < literal.length; index += 1) {
    const code = text.charCodeAt(start + index);
    const expected = literal.charCodeAt(index);
    if ((ignoreCase ? folded(code) : code) === expected) continue;
    if (!WHITESPACE.has(expected) || !isUnsafeAt(text, start + index)) return false;
  }
  return true;
}

/** Capitals of ASCII in lower case. */
const folded = (code: number): number => (code >= 65 && code <= 90 ? code + 32 : code);

/** What stands in the memory for what is unsafe. */
const WHITESPACE: ReadonlySet<number> = new Set([BLANK, LINE_FEED]);
