/** A place in a rules file; both numbers count from 1, columns in characters. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Why a rules file does not hold. */
export interface RulesFault extends Place {
  readonly message: string;
}

/** Carries a fault out of the parser; `parseRules` turns it into a value. */
export class FaultyRules extends Error {
  override readonly name = 'FaultyRules';
  readonly place: Place;
  constructor(message: string, { line, column }: Place) {
    super(message);
    this.place = { line, column };
  }
}

export type Token = Place &
  (
    | { readonly kind: 'name' | 'mark'; readonly text: string }
    | { readonly kind: 'string'; readonly text: string }
    /** The end of a statement: a line's end outside of brackets, or a semicolon. */
    | { readonly kind: 'end' }
  );

/** Whatever means nothing between two tokens; a line's end counts outside of brackets only. */
const BLANK = /(?:[ \t\r]|\\\r?\n|#[^\n]*)*/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const MARK = /[()[\],=]/y;
const STRING_START = /(r?)("""|'''|"|')/y;

/** Cuts a rules file into tokens (spec/agent-core.md 3.2: the part of Starlark that is calls with literals). */
export function* tokensOf(text: string): Generator<Token> {
  const placeOf = placer(text);
  let at = 0;
  let depth = 0;
  let isFirst = true;
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (!match) return undefined;
    at = pattern.lastIndex;
    return match;
  };
  for (;;) {
    const lineStart = at;
    take(BLANK);
    const place = placeOf(at);
    const char = text[at];
    if (char === undefined) break;
    if (char === '\n' || (char === ';' && depth === 0)) {
      at += 1;
      if (depth === 0) {
        yield { kind: 'end', ...place };
        isFirst = char === '\n';
      }
      continue;
    }
    if (isFirst && depth === 0 && /[ \t]/.test(text[lineStart] ?? ''))
      throw new FaultyRules('a statement must not be indented', place);
    isFirst = false;
    const opening = take(STRING_START);
    if (opening) {
      const [, raw, quote = '"'] = opening;
      const { content, end } = stringAt(text, { from: at, quote, place, isRaw: raw !== '' });
      at = end;
      yield { kind: 'string', text: content, ...place };
      continue;
    }
    const name = take(NAME);
    if (name) yield { kind: 'name', text: name[0], ...place };
    else {
      const mark = take(MARK)?.[0];
      if (mark === undefined)
        throw new FaultyRules(
          `${JSON.stringify(char)} has no meaning here: rules are calls with literals`,
          place,
        );
      if (mark === '(' || mark === '[') depth += 1;
      if (mark === ')' || mark === ']') depth = Math.max(0, depth - 1);
      yield { kind: 'mark', text: mark, ...place };
    }
  }
  yield { kind: 'end', ...placeOf(text.length) };
}

/** Places are asked for in rising order, so each line is counted once. */
function placer(text: string): (index: number) => Place {
  let line = 1;
  let lineStart = 0;
  return (index) => {
    for (
      let next = text.indexOf('\n', lineStart);
      next >= 0 && next < index;
      next = text.indexOf('\n', lineStart)
    ) {
      line += 1;
      lineStart = next + 1;
    }
    return { line, column: index - lineStart + 1 };
  };
}

function stringAt(
  text: string,
  { from, quote, place, isRaw }: { from: number; quote: string; place: Place; isRaw: boolean },
): { content: string; end: number } {
  for (let at = from; at < text.length; at += 1) {
    if (text.startsWith(quote, at)) {
      const content = text.slice(from, at).replaceAll('\r\n', '\n');
      return { content: isRaw ? content : unescape(content, place), end: at + quote.length };
    }
    if (text[at] === '\\') at += text.startsWith('\\\r\n', at) ? 2 : 1;
    else if (text[at] === '\n' && quote.length === 1) break;
  }
  throw new FaultyRules('the string has no end', place);
}

const SIMPLE: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': '',
};
const ESCAPE = /\\(?:([0-7]{1,3})|x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([xuU])|([^]))/g;

/** As the real agent reads them (measured, 0.169): an unknown escape stays as it is written. */
function unescape(content: string, place: Place): string {
  return content.replaceAll(
    ESCAPE,
    (whole: string, octal?: string, x?: string, u?: string, long?: string, broken?: string, one?: string) => {
      if (broken !== undefined) throw new FaultyRules(`\`\\${broken}\` lacks its hexadecimal digits`, place);
      if (one !== undefined) return SIMPLE[one] ?? whole;
      const code =
        octal === undefined ? Number.parseInt(x ?? u ?? long ?? '', 16) : Number.parseInt(octal, 8);
      if (code > 0x10_ff_ff || (code >= 0xd8_00 && code <= 0xdf_ff))
        throw new FaultyRules(`\`${whole}\` is no character`, place);
      return String.fromCodePoint(code);
    },
  );
}
