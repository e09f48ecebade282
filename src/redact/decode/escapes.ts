import { createPieceWriter } from './pieces.ts';
import { escapeLiteral } from '../rules/rule.ts';
import type { Haystack, PieceWriter } from './pieces.ts';

/** Characters that are written out, as in URLs, JSON, source code and on pages. */
const ESCAPE =
  /%[2-7][0-9a-f]|\\{1,4}(?:u00[2-7][0-9a-f]|u\{0{0,4}[2-7][0-9a-f]\}|x[2-7][0-9a-f]|(?<=[\w+]\\{1,4})\/(?=[\w+]))|&(?:#(?:x0{0,5}[2-7][0-9a-f]|0{0,5}(?:3[2-9]|[4-9]\d|1[01]\d|12[0-6]));?|(?:amp|quot|apos|lt|gt|sol|colon|equals|period|lowbar|hyphen|commat|num);)/iy;
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
 * The text around characters that are written out, read as what they mean.
 * @param places where hints of escapes stand, in the order of the text
 */
export function* withoutEscapes(text: string, places: readonly number[]): Generator<Haystack> {
  let writer: PieceWriter | undefined;
  let position = 0;
  for (const place of places) {
    if (place < position) continue;
    const start = withBackslashes(text, place, position);
    ESCAPE.lastIndex = start;
    if (!ESCAPE.test(text)) continue;
    const end = ESCAPE.lastIndex;
    if (writer && start - position > 2 * AROUND) {
      writer.keep(text.slice(position, position + AROUND), position);
      yield writer.finish();
      writer = undefined;
    }
    const from = writer ? position : Math.max(position, start - AROUND);
    writer ??= createPieceWriter();
    writer.keep(text.slice(from, start), from);
    position = end;
    writer.decoded(meaningOf(text, place, end), start, end);
  }
  if (!writer) return;
  writer.keep(text.slice(position, position + AROUND), position);
  yield writer.finish();
}

/** In front of what is written out, besides its own. */
const MOST_BACKSLASHES = 3;

function withBackslashes(text: string, place: number, from: number): number {
  let start = place;
  if (text.charAt(place) !== '\\') return start;
  while (start > from && place - start < MOST_BACKSLASHES && text.charAt(start - 1) === '\\') start -= 1;
  return start;
}

/** Of an escape whose last sign, `%`, `&` or backslash, stands at a place. */
function meaningOf(text: string, place: number, end: number): string {
  const second = text.charAt(place + 1);
  if (text.charAt(place) === '%') return character(text.slice(place + 1, end), 16);
  if (text.charAt(place) === '\\') {
    if (second === '/') return '/';
    return character(text.slice(text.charAt(place + 2) === '{' ? place + 3 : place + 2, end), 16);
  }
  if (second !== '#') return NAMED[text.slice(place + 1, end - 1).toLowerCase()] ?? '';
  return /x/i.test(text.charAt(place + 2))
    ? character(text.slice(place + 3, end), 16)
    : character(text.slice(place + 2, end), 10);
}

const character = (digits: string, base: number): string =>
  String.fromCharCode(Number.parseInt(digits, base));
