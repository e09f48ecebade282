import { createPieceWriter } from './pieces.ts';
import type { Haystack } from './pieces.ts';

/** Characters that are written out, as in URLs, JSON, source code and on pages. */
const ESCAPE =
  /%[2-7][0-9a-f]|\\{1,4}(?:u00[2-7][0-9a-f]|u\{0{0,4}[2-7][0-9a-f]\}|x[2-7][0-9a-f]|(?<=[\w+]\\{1,4})\/(?=[\w+]))|&(?:#(?:x0{0,5}[2-7][0-9a-f]|0{0,5}(?:3[2-9]|[4-9]\d|1[01]\d|12[0-6]));?|(?:amp|quot|apos|lt|gt|sol|colon|equals|period|lowbar|hyphen|commat|num);)/gi;
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

export const hasEscapes = (text: string): boolean => text.search(ESCAPE) !== -1;

/** What a secret or its name reaches from one escape to the next, and to where it begins and ends. */
const AROUND = 512;

/** The text around characters that are written out, read as what they mean. */
export function* withoutEscapes(text: string): Generator<Haystack> {
  let writer = createPieceWriter();
  let [position, isOpen] = [0, false];
  for (const match of text.matchAll(ESCAPE)) {
    if (isOpen && match.index - position > 2 * AROUND) {
      writer.keep(text.slice(position, position + AROUND), position);
      yield writer.finish();
      writer = createPieceWriter();
      isOpen = false;
    }
    const from = isOpen ? position : Math.max(position, match.index - AROUND);
    writer.keep(text.slice(from, match.index), from);
    position = match.index + match[0].length;
    writer.decoded(meaningOf(match[0]), match.index, position);
    isOpen = true;
  }
  if (!isOpen) return;
  writer.keep(text.slice(position, position + AROUND), position);
  yield writer.finish();
}

function meaningOf(escape: string): string {
  if (escape.startsWith('%')) return String.fromCharCode(Number.parseInt(escape.slice(1), 16));
  if (escape.startsWith('&#'))
    return String.fromCharCode(
      /^&#x/i.test(escape) ? Number.parseInt(escape.slice(3), 16) : Number.parseInt(escape.slice(2), 10),
    );
  if (escape.startsWith('&')) return NAMED[escape.slice(1, -1).toLowerCase()] ?? escape;
  if (escape.endsWith('/')) return '/';
  return String.fromCharCode(Number.parseInt(escape.replace(/^\\+(?:u\{?|x)/i, ''), 16));
}
