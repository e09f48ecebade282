import type { Range } from './rule.ts';

/** A value as it stands behind a name: what is inside the quotes, or up to where a bare value ends. */
export interface WrittenValue extends Range {
  readonly quoted: boolean;
  /** Nothing follows it on its line but closing punctuation: it is the whole value, not the first word of a sentence. */
  readonly standsAlone: boolean;
}

const QUOTES = /(?<escapes>\\*)(?<quote>"""|'''|["'`])/y;
/** A separator inside a bare value ends it only where another assignment follows; a password may contain it. */
const BARE = /(?:[^\s"'`\\,;&]|[,;&](?!\s{0,2}["']?[\w.-]{1,40}["']?\s{0,2}[=:]))+/y;
const TRAILING = new Set(',;:.!?)]}>');
const OPENING: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{', '>': '<' };
const END_OF_LINE = /[\s"'`\\)\]},;.]{0,8}(?:$|[\r\n]|\\[nr])/y;

/** Reads the value that begins at an offset, in time proportional to its length; undefined when there is none. */
export function writtenValueAt(text: string, offset: number): WrittenValue | undefined {
  QUOTES.lastIndex = offset;
  const opening = QUOTES.exec(text);
  const { escapes = '', quote = '' } = opening?.groups ?? {};
  if (opening) {
    const start = offset + opening[0].length;
    const end = closingQuote(text, start, { quote, depth: escapes.length });
    return end > start ? { start, end, quoted: true, standsAlone: true } : undefined;
  }
  BARE.lastIndex = offset;
  if (!BARE.test(text)) return undefined;
  let end = BARE.lastIndex;
  const opened = new Set(text.slice(offset, end).match(/[([{<]/g));
  const isOutside = (character: string): boolean =>
    TRAILING.has(character) && !opened.has(OPENING[character] ?? '');
  while (end > offset && isOutside(text.charAt(end - 1))) end -= 1;
  if (end === offset) return undefined;
  END_OF_LINE.lastIndex = end;
  return { start: offset, end, quoted: false, standsAlone: END_OF_LINE.test(text) };
}

/**
 * A quote closes when no more backslashes stand before it than before the one that opened: deeper ones belong to the
 * value. A string that is cut off ends with its line.
 */
function closingQuote(text: string, start: number, opening: { quote: string; depth: number }): number {
  const multiLine = opening.quote.length > 1;
  let backslashes = 0;
  for (let index = start; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (character === '\\') backslashes += 1;
    else {
      if (backslashes <= opening.depth && text.startsWith(opening.quote, index)) return index - backslashes;
      if (!multiLine && character === '\n') return index;
      backslashes = 0;
    }
  }
  return text.length;
}
