import { createPieceWriter } from './pieces.ts';
import type { Haystack } from './pieces.ts';

/*
 * Text in base64 or hexadecimal. Four characters of base64 are three bytes: where those are ASCII, three bits of the
 * four characters are zero, which tells text from pictures, digests and other runs without decoding them.
 */

const CLASSES = new Uint8Array(128);
const [IN_RUN, FIRST, SECOND, THIRD, HEXADECIMAL] = [1, 2, 4, 8, 16];
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_';
for (const [index, character] of ALPHABET.split('').entries()) {
  const value = index < 64 ? index : index - 2;
  CLASSES[character.charCodeAt(0)] =
    IN_RUN |
    (value < 32 ? FIRST : 0) |
    ((value & 8) === 0 ? SECOND : 0) |
    ((value & 2) === 0 ? THIRD : 0) |
    (/[0-9a-f]/i.test(character) ? HEXADECIMAL : 0);
}
/** Asked for no code beyond the table, which costs several times as much. */
function classAt(text: string, index: number): number {
  const code = text.charCodeAt(index);
  return code < CLASSES.length ? (CLASSES[code] ?? 0) : 0;
}

/** Fifteen bytes of text: a shorter secret is none that anybody encodes. In a run without text, one in 30,000 places looks so. */
const MIN_GROUPS = 5;
/** Programs that break lines of base64 do so at 64 or 76 characters. */
const MIN_BROKEN_LINE = 60;
const LINE_BREAK = /(?:[\r\n]{1,2}|\\r\\n|\\n)[ \t]{0,16}(?=[A-Za-z0-9+/])/y;

/** A run, perhaps over several lines. */
interface Run {
  readonly letters: string;
  readonly end: number;
  /** Offset in the text for an offset in the letters. */
  readonly offsetOf: (offset: number) => number;
}

/**
 * What is text in the runs of a text.
 * @param places one in each run, in the order of the text
 */
export function* decodedRuns(text: string, places: readonly number[]): Generator<Haystack> {
  let end = 0;
  for (const place of places) {
    if (place < end) continue;
    const short = shortRunAt(text, place, end);
    if (short.isInnocent) {
      end = short.end;
      continue;
    }
    const run = runAt(text, place, end);
    end = run.end;
    yield* fromHexadecimal(run);
    yield* fromBase64(run);
  }
}

/** Tells quickly of most runs that they are too short to go on in the next line, and neither hexadecimal nor text. */
function shortRunAt(text: string, place: number, from: number): { end: number; isInnocent: boolean } {
  let start = place;
  while (start > from && (classAt(text, start - 1) & IN_RUN) !== 0) start -= 1;
  let end = start;
  let [digits, most] = [0, 0];
  for (let found = classAt(text, end); (found & IN_RUN) !== 0; found = classAt(text, end)) {
    digits = (found & HEXADECIMAL) === 0 ? 0 : digits + 1;
    if (digits > most) most = digits;
    end += 1;
  }
  const isLong = end - start >= MIN_BROKEN_LINE;
  return { end, isInnocent: !isLong && most < MIN_HEXADECIMAL_LENGTH && !hasAsciiGroups(text, start, end) };
}

function hasAsciiGroups(text: string, start: number, end: number): boolean {
  for (let lane = start; lane < start + 4; lane += 1) {
    let groups = 0;
    for (let index = lane; index + 4 <= end; index += 4) {
      groups = isAsciiGroup(text, index) ? groups + 1 : 0;
      if (groups === MIN_GROUPS) return true;
    }
  }
  return false;
}

function runAt(text: string, place: number, from: number): Run {
  let start = place;
  while (start > from && (classAt(text, start - 1) & IN_RUN) !== 0) start -= 1;
  const writer = createPieceWriter();
  for (;;) {
    let end = start;
    while ((classAt(text, end) & IN_RUN) !== 0) end += 1;
    writer.keep(text.slice(start, end), start);
    LINE_BREAK.lastIndex = end;
    if (end - start < MIN_BROKEN_LINE || !LINE_BREAK.test(text)) {
      const { text: letters, originalOffset } = writer.finish();
      return { letters, end, offsetOf: originalOffset };
    }
    start = LINE_BREAK.lastIndex;
  }
}

/** Stretches of whole groups that are ASCII, wherever a group may begin. */
function* fromBase64({ letters, offsetOf }: Run): Generator<Haystack> {
  const begun = [-1, -1, -1, -1];
  const last = letters.length - 4;
  // Of the letter at the index and the one behind it: a run may be as long as a program, so each is looked up once.
  let [first, second] = [classAt(letters, 0), classAt(letters, 1)];
  for (let index = 0; index <= last + 4; index += 1) {
    const third = classAt(letters, index + 2);
    const isAscii = (first & FIRST) !== 0 && (second & SECOND) !== 0 && (third & THIRD) !== 0;
    first = second;
    second = third;
    const lane = index & 3;
    const start = begun[lane] ?? -1;
    if (index <= last && isAscii) {
      if (start === -1) begun[lane] = index;
      continue;
    }
    begun[lane] = -1;
    if (start === -1 || index - start < MIN_GROUPS * 4) continue;
    // The last group may be shorter.
    const haystack = decoded(letters, { start, end: index > last ? letters.length : index, offsetOf });
    if (TEXT.test(haystack.text)) yield haystack;
  }
}

/**
 * Programs and tables of numbers are full of bytes that are ASCII; in text, more than control characters follow each other.
 * Less than what makes five groups, since colours may stand in it; a zero stands beside each letter of UTF-16.
 */
const TEXT = /(?:[\t\n\r -~]\0?){12}/;

function isAsciiGroup(letters: string, index: number): boolean {
  return (
    (classAt(letters, index) & FIRST) !== 0 &&
    (classAt(letters, index + 1) & SECOND) !== 0 &&
    (classAt(letters, index + 2) & THIRD) !== 0
  );
}

function decoded(
  letters: string,
  {
    start,
    end,
    offsetOf,
  }: { readonly start: number; readonly end: number; readonly offsetOf: Run['offsetOf'] },
): Haystack {
  const text = Buffer.from(letters.slice(start, end), 'base64').toString('latin1');
  return {
    text,
    // Whole groups, so that what is left over can still be decoded.
    originalOffset: (offset) => offsetOf(start + Math.floor(offset / 3) * 4),
    originalEnd: (offset) => offsetOf(Math.min(end, start + Math.ceil(offset / 3) * 4) - 1) + 1,
  };
}

/** As many bytes as in base64. */
const MIN_HEXADECIMAL_LENGTH = 30;
const PRINTABLE = /(?:[2-7][0-9a-f]|0[9ad]){15,}/gi;

function* fromHexadecimal({ letters, offsetOf }: Run): Generator<Haystack> {
  for (const match of letters.matchAll(PRINTABLE)) {
    const writer = createPieceWriter();
    for (let index = 0; index < match[0].length; index += 2) {
      const from = offsetOf(match.index + index);
      const code = Number.parseInt(match[0].slice(index, index + 2), 16);
      writer.decoded(code, from, offsetOf(match.index + index + 1) + 1);
    }
    yield writer.finish();
  }
}
