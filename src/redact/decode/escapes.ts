import { createPieceWriter } from './pieces.ts';
import { escapeLiteral } from '../rules/rule.ts';
import type { Haystack, PieceWriter } from './pieces.ts';

/** Of what is written out by its name, as on pages. */
const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  quot: '"',
  apos: "'",
  lt: '<',
  gt: '>',
  sol: '/',
  colon: ':',
  equals: '=',
  period: '.',
  lowbar: '_',
  hyphen: '-',
  commat: '@',
  num: '#',
};
/** One of these begins every escape; in lower case. */
export const ESCAPE_HINTS: readonly string[] = [
  '%2 %3 %4 %5 %6 %7',
  String.raw`\u0 \u{ \x \/`,
  '&#x &#0 &#1 &#3 &#4 &#5 &#6 &#7 &#8 &#9',
  ...Object.keys(NAMED).map((name) => `&${name};`),
].flatMap((hints) => hints.split(' '));

/** Where an escape may stand, and what begins it. */
const MAYBE_ESCAPE = new RegExp(ESCAPE_HINTS.map(escapeLiteral).join('|'), 'gi');

export const placesOfEscapes = (text: string): readonly number[] =>
  Array.from(text.matchAll(MAYBE_ESCAPE), ({ index }) => index);

/** What a secret or its name reaches from one escape to the next, and to where it begins and ends. */
const AROUND = 512;

/**
 * The text around characters that are written out, as in URLs, JSON, source code and on pages, read as what they mean.
 * @param places where hints of escapes stand, in the order of the text
 */
export function* withoutEscapes(text: string, places: readonly number[]): Generator<Haystack> {
  let writer: PieceWriter | undefined;
  let position = 0;
  for (const place of places) {
    if (place < position) continue;
    const end = endOfEscape(text, place);
    if (end === undefined) continue;
    const start = withBackslashes(text, place, position);
    if (writer && start - position > 2 * AROUND) {
      writer.keep(text.slice(position, position + AROUND), position);
      yield writer.finish();
      writer = undefined;
    }
    const from = writer ? position : Math.max(position, start - AROUND);
    writer ??= createPieceWriter();
    if (from < start) writer.keep(text.slice(from, start), from);
    position = end;
    writer.decoded(meaningOf(text, place, end), start, end);
  }
  if (!writer) return;
  writer.keep(text.slice(position, position + AROUND), position);
  yield writer.finish();
}

const [PERCENT, BACKSLASH, HASH, SLASH, SEMICOLON, U, X] = Array.from('%\\#/;ux', (sign) =>
  sign.charCodeAt(0),
);
const ZERO = 48;

/** Backslashes in front of what is written out, besides its own. */
const MOST_BACKSLASHES = 3;

function withBackslashes(text: string, place: number, from: number): number {
  let start = place;
  if (text.charCodeAt(place) !== BACKSLASH) return start;
  while (start > from && place - start < MOST_BACKSLASHES && text.charCodeAt(start - 1) === BACKSLASH)
    start -= 1;
  return start;
}

/** Of what begins with the sign at a place: `%`, `&` or a backslash. Only characters of ASCII that one can see count. */
function endOfEscape(text: string, place: number): number | undefined {
  const sign = text.charCodeAt(place);
  if (sign === PERCENT) return behindDigits(text, place + 1);
  if (sign !== BACKSLASH) return endOfReference(text, place);
  const second = text.charCodeAt(place + 1);
  if (second === SLASH) return isEscapedSlash(text, place) ? place + 2 : undefined;
  if ((second | 0x20) === X) return behindDigits(text, place + 2);
  if ((second | 0x20) !== U) return undefined;
  if (text.charAt(place + 2) !== '{')
    return text.startsWith('00', place + 2) ? behindDigits(text, place + 4) : undefined;
  const end = behindDigits(text, behindZeros(text, place + 3, 4));
  return end !== undefined && text.charAt(end) === '}' ? end + 1 : undefined;
}

/** `&#65;`, `&#x41;`, `&amp;`. */
function endOfReference(text: string, place: number): number | undefined {
  if (text.charCodeAt(place + 1) !== HASH) return text.indexOf(';', place) + 1;
  const isHexadecimal = (text.charCodeAt(place + 2) | 0x20) === X;
  const digits = behindZeros(text, place + (isHexadecimal ? 3 : 2), 5);
  const end = isHexadecimal ? behindDigits(text, digits) : behindDecimal(text, digits);
  return end !== undefined && text.charCodeAt(end) === SEMICOLON ? end + 1 : end;
}

function behindZeros(text: string, from: number, most: number): number {
  let end = from;
  while (end < from + most && text.charCodeAt(end) === ZERO) end += 1;
  return end;
}

/** Behind two digits between 20 and 7f. */
function behindDigits(text: string, start: number): number | undefined {
  const high = text.charCodeAt(start) - ZERO;
  return high >= 2 && high <= 7 && isHexadecimalDigit(text.charCodeAt(start + 1)) ? start + 2 : undefined;
}

function isHexadecimalDigit(code: number): boolean {
  const folded = code | 0x20;
  return (code >= 48 && code <= 57) || (folded >= 97 && folded <= 102);
}

const DECIMAL = /3[2-9]|[4-9]\d|1[01]\d|12[0-6]/y;

/** Behind a number between 32 and 126. */
function behindDecimal(text: string, start: number): number | undefined {
  DECIMAL.lastIndex = start;
  return DECIMAL.test(text) ? DECIMAL.lastIndex : undefined;
}

/** A slash between words, behind as many backslashes as texts of JSON within each other give it. */
function isEscapedSlash(text: string, place: number): boolean {
  const start = withBackslashes(text, place, 0);
  return /[\w+]/.test(text.charAt(start - 1)) && /[\w+]/.test(text.charAt(place + 2));
}

/** Of the escape that begins with the sign at a place. */
function meaningOf(text: string, place: number, end: number): number {
  const sign = text.charCodeAt(place);
  const second = text.charCodeAt(place + 1);
  if (sign === BACKSLASH && second === SLASH) return SLASH ?? 0;
  const last = text.charAt(end - 1);
  const digits = last === ';' || last === '}' ? end - 1 : end;
  if (sign === PERCENT || sign === BACKSLASH) return valueOfDigits(text, digits);
  if (second !== HASH) return (NAMED[text.slice(place + 1, digits).toLowerCase()] ?? ' ').charCodeAt(0);
  const isHexadecimal = (text.charCodeAt(place + 2) | 0x20) === X;
  return isHexadecimal ? valueOfDigits(text, digits) : Number.parseInt(text.slice(place + 2, digits), 10);
}

/** Of the two hexadecimal digits in front of a place. */
const valueOfDigits = (text: string, end: number): number =>
  valueOfDigit(text.charCodeAt(end - 2)) * 16 + valueOfDigit(text.charCodeAt(end - 1));
const valueOfDigit = (code: number): number => (code < 58 ? code - 48 : (code | 0x20) - 87);
