import { createPieceWriter } from './decode/pieces.ts';
import type { Haystack, PieceWriter } from './decode/pieces.ts';

/*
 * What must not reach a terminal as it is: control characters other than tab and line feed (they move the cursor and
 * set colours), directional overrides (they make text read as something else), invisible characters and line
 * separators (they hide or forge text), and halves of surrogate pairs (they are not text).
 */
const UNSAFE =
  // oxlint-disable-next-line no-control-regex -- control characters are what this is about
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\u{e0000}-\u{e007f}]/u;
const EACH_UNSAFE = new RegExp(UNSAFE.source, 'gu');

/** Whole terminal sequences: CSI, OSC and other strings, two-byte escapes. */
const SEQUENCE = String.raw`(?:\u001b\[|\u009b)[0-?]{0,64}[ -/]{0,8}[@-~]?|\u001b[\]PX^_][^\u0007\u001b\u009c]{0,4096}(?:\u0007|\u001b\\|\u009c)?|\u001b[ -/]{0,8}[0-~]?`;
/** The same characters already written out, as in JSON inside a string. */
const WRITTEN_OUT = String.raw`\\{1,8}(?:u(?:00(?:0[0-8bcef]|1[0-9a-f]|7f|[89][0-9a-f]|ad)|061c|180e|20(?:0[b-f]|2[89a-e]|6[0-9a-f])|feff)|x(?:0[0-8bcef]|1[0-9a-f]|7f))(?:\[[0-9;?]{0,64}[A-Za-z])?`;
const MAYBE_WRITTEN_OUT = /\\[ux][0-9a-f]/i;
/** One of these stands in what is {@link WRITTEN_OUT}; in lower case. */
export const SEQUENCE_HINTS: readonly string[] = String.raw`\u0 \u1 \u2 \uf \x0 \x1 \x7`.split(' ');

/** What invalid bytes became: they split words as control characters do. */
const INVALID = '\ufffd';

let removable: RegExp | undefined;

/** The same unit by unit, which is several times quicker; a half of a pair alone is asked for elsewhere. */
const UNSAFE_UNIT =
  // oxlint-disable-next-line no-control-regex -- control characters are what this is about
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\udb40[\udc00-\udc7f]/;
const EACH_UNSAFE_UNIT = new RegExp(UNSAFE_UNIT.source, 'g');
const MAYBE_REMOVABLE = new RegExp(`${UNSAFE_UNIT.source}|${MAYBE_WRITTEN_OUT.source}|${INVALID}`, 'gi');
const MAYBE_REMOVABLE_OR_HALF = new RegExp(`${MAYBE_REMOVABLE.source}|[\\ud800-\\udfff]`, 'gi');
/** For what {@link visible} writes out. Halves of pairs take longer to find, and hardly any text has them. */
export const eachUnsafe = (text: string): RegExp => (text.isWellFormed() ? EACH_UNSAFE_UNIT : EACH_UNSAFE);
const MAYBE_WRITTEN_OR_INVALID = new RegExp(`${MAYBE_WRITTEN_OUT.source}|${INVALID}`, 'gi');

/** True when nothing in the text needs {@link visible}. */
export function isSafe(text: string): boolean {
  return !UNSAFE_UNIT.test(text) && text.isWellFormed();
}

/**
 * Makes unsafe characters visible as `\u001b`; tab and line feed stay, CR LF becomes LF. Safe text is returned as it
 * is, so the function may be applied again.
 */
export function visible(text: string): string {
  if (isSafe(text)) return text;
  return text.replaceAll('\r\n', '\n').replaceAll(eachUnsafe(text), (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/**
 * Stretches of a text as {@link visible} shows them, asked for in the order of the text.
 * @param unsafe where unsafe characters begin; without it each stretch is looked at
 */
export function visibleStretches(
  text: string,
  unsafe: readonly number[] | undefined,
): (start: number, end: number) => string {
  let next = 0;
  return (start, end) => {
    const stretch = text.slice(start, end);
    if (!unsafe) return visible(stretch);
    while ((unsafe[next] ?? Infinity) < start) next += 1;
    return (unsafe[next] ?? Infinity) < end ? visible(stretch) : stretch;
  };
}

/** The same characters written out so that a text of JSON stays one and means the same; CR LF becomes LF. */
export function escapedForJson(text: string): string {
  if (isSafe(text)) return text;
  return text
    .replaceAll('\r\n', '\n')
    .replaceAll(eachUnsafe(text), (character) =>
      Array.from({ length: character.length }, (_, index) => writtenOut(character.charCodeAt(index))).join(
        '',
      ),
    );
}

const writtenOut = (unit: number): string => `\\u${unit.toString(16).padStart(4, '0')}`;

/** {@link visible}, with tabs and line feeds written out too: for text that must stay within one row. */
export function visibleInOneLine(text: string): string {
  return visible(text)
    .replaceAll('\n', String.raw`\n`)
    .replaceAll('\t', String.raw`\t`);
}

/** Characters that stand in the way of whoever looks for words: each place is where one begins, in the order of the text. */
export interface Obstacles {
  /** What {@link visible} writes out. */
  readonly unsafe: readonly number[];
  /** Where something may begin that splits a word in two: the unsafe, what is written out, what invalid bytes became. */
  readonly splitting: readonly number[];
}

/**
 * The forms of a text in which a secret may stand: the text itself and, where there are control characters, one with
 * those blanked out (they separate words) and one with whole sequences removed (they split a word in two).
 */
export function haystacksOf(
  text: string,
  { unsafe, splitting }: Obstacles = obstaclesIn(text),
): readonly Haystack[] {
  const haystack = { text: blanked(text, unsafe), originalOffset: identity, originalEnd: identity };
  return splitting.length === 0 ? [haystack] : [haystack, ...withoutSequences(text, splitting)];
}

function obstaclesIn(text: string): Obstacles {
  if (isSafe(text)) {
    const isSplit = MAYBE_WRITTEN_OUT.test(text) || text.includes(INVALID);
    return { unsafe: [], splitting: isSplit ? indexesOf(text, MAYBE_WRITTEN_OR_INVALID) : [] };
  }
  return {
    unsafe: indexesOf(text, eachUnsafe(text)),
    splitting: indexesOf(text, text.isWellFormed() ? MAYBE_REMOVABLE : MAYBE_REMOVABLE_OR_HALF),
  };
}

const indexesOf = (text: string, pattern: RegExp): number[] =>
  Array.from(text.matchAll(pattern), ({ index }) => index);

/** How many units the unsafe character has that begins at a place; zero where none does. */
export function unsafeLengthAt(text: string, index: number): number {
  const code = text.charCodeAt(index);
  if (code >= 0x20 && code < 0x7f) return 0;
  if ((code & 0xf800) !== 0xd800) return UNSAFE_UNIT.test(text.charAt(index)) ? 1 : 0;
  if (code >= 0xdc00) return isFirstHalf(text.charCodeAt(index - 1)) ? 0 : 1;
  const next = text.charCodeAt(index + 1);
  if ((next & 0xfc00) !== 0xdc00) return 1;
  return code === 0xdb40 && next < 0xdc80 ? 2 : 0;
}

/** True where an unsafe character stands, or the second half of one. */
export const isUnsafeAt = (text: string, index: number): boolean =>
  unsafeLengthAt(text, index) > 0 || (index > 0 && unsafeLengthAt(text, index - 1) === 2);

const isFirstHalf = (code: number): boolean => (code & 0xfc00) === 0xd800;

function blanked(text: string, unsafe: readonly number[]): string {
  if (unsafe.length === 0) return text;
  const pieces: string[] = [];
  let position = 0;
  for (const index of unsafe) {
    const length = unsafeLengthAt(text, index);
    pieces.push(text.slice(position, index), text.charAt(index) === '\r' ? '\n' : ' '.repeat(length));
    position = index + length;
  }
  return [...pieces, text.slice(position)].join('');
}

const identity = (offset: number): number => offset;

/** What a secret reaches from one sequence to the next, and to where it begins and ends. */
const AROUND = 512;

/** The text around each sequence, without it. */
function* withoutSequences(text: string, beginnings: readonly number[]): Generator<Haystack> {
  let writer: PieceWriter | undefined;
  let position = 0;
  for (const { start, end } of sequencesIn(text, beginnings)) {
    if (writer && start - position > 2 * AROUND) {
      writer.keep(text.slice(position, position + AROUND), position);
      yield writer.finish();
      writer = undefined;
    }
    const from = writer ? position : Math.max(position, start - AROUND);
    writer ??= createPieceWriter();
    writer.keep(text.slice(from, start), from);
    position = end;
  }
  if (!writer) return;
  writer.keep(text.slice(position, position + AROUND), position);
  yield writer.finish();
}

function* sequencesIn(
  text: string,
  beginnings: readonly number[],
): Generator<{ readonly start: number; readonly end: number }> {
  removable ??= new RegExp(`${SEQUENCE}|${WRITTEN_OUT}|${INVALID}|${UNSAFE.source}`, 'iuy');
  let position = 0;
  for (const index of beginnings) {
    if (index < position || text.charAt(index) === '\r') continue;
    let start = index;
    while (start > position && start > index - MOST_BACKSLASHES && text.charAt(start - 1) === '\\')
      start -= 1;
    removable.lastIndex = start;
    if (!removable.test(text)) continue;
    position = removable.lastIndex;
    yield { start, end: position };
  }
}

/** In front of what is written out, besides its own. */
const MOST_BACKSLASHES = 7;
