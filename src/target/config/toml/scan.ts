import { splitKeyPath } from '../key-path.ts';

/** What breaks a statement, as far as its outline shows. */
export type Defect = 'no_equals' | 'no_value' | 'open_header' | 'open_text' | 'open_list' | 'open_table';

/** One line or group of lines of a TOML text that belongs together. */
export interface Statement {
  readonly kind: 'table' | 'list_table' | 'pair';
  /** The keys as written, without the table that the statement stands in. */
  readonly keys: readonly string[];
  /** Offsets into the text; `end` is exclusive and stands before the line end. */
  readonly start: number;
  readonly end: number;
  readonly defect?: Defect;
}

const BARE_OR_QUOTED = String.raw`(?:[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')`;
const DOTTED = String.raw`[ \t]*${BARE_OR_QUOTED}(?:[ \t]*\.[ \t]*${BARE_OR_QUOTED})*[ \t]*`;
const BLANK = /(?:[ \t\r\n]|#[^\n]*)+/y;
const HEADER = new RegExp(String.raw`(\[\[?)(${DOTTED})(\]\]?)?[^\n]*`, 'y');
const PAIR = new RegExp(String.raw`(${DOTTED})=[ \t]*`, 'y');
/**
 * A line that can only begin a new statement. Inside an open list it proves that the list was never closed. Words that
 * are themselves values (`[true]`) are left out, since nested lists hold them.
 */
const NEW_HEADER =
  /\n[ \t]*\[{1,2}(?!true|false|inf|nan)[A-Za-z_][\w.-]*\]{1,2}[ \t\r]*(?:#[^\n]*)?(?=\n|$)/y;
const NEW_PAIR = /\n[ \t]*[A-Za-z_][\w.-]*[ \t]*=/y;

/**
 * Outlines a TOML text, valid or not: where each statement stands and which keys it names. It judges no value; a
 * statement that is left open ends where the next one evidently begins, so that one slip does not swallow the rest.
 */
export function* statements(text: string): Generator<Statement> {
  let position = 0;
  for (;;) {
    position += matchAt(BLANK, text, position)?.[0].length ?? 0;
    if (position >= text.length) return;
    const statement = text[position] === '[' ? header(text, position) : pair(text, position);
    yield statement;
    position = Math.max(statement.end, position + 1);
  }
}

function header(text: string, start: number): Statement {
  const found = matchAt(HEADER, text, start);
  const end = found ? start + found[0].length : lineEnd(text, start);
  const kind = text.startsWith('[[', start) ? 'list_table' : 'table';
  if (!found) return { kind, keys: [], start, end, defect: 'open_header' };
  const keys = splitKeyPath((found[2] ?? '').trim()).map((key) => key.trim());
  return { kind, keys, start, end, ...(found[1]?.length !== found[3]?.length && { defect: 'open_header' }) };
}

function pair(text: string, start: number): Statement {
  const found = matchAt(PAIR, text, start);
  if (!found) {
    return { kind: 'pair', keys: [], start, end: lineEnd(text, start), defect: 'no_equals' };
  }
  const keys = splitKeyPath((found[1] ?? '').trim()).map((key) => key.trim());
  const value = start + found[0].length;
  const { end, defect } = skipValue(text, value);
  const empty = /^[ \t\r]*(?:#.*)?$/.test(text.slice(value, end)) ? 'no_value' : defect;
  return { kind: 'pair', keys, start, end, ...(empty && { defect: empty }) };
}

/** Finds the end of a value: the end of its line, counting brackets and skipping quoted text and comments. */
function skipValue(text: string, from: number): { end: number; defect?: Defect } {
  const open: string[] = [];
  const defect = (): Defect => (open.at(-1) === '{' ? 'open_table' : 'open_list');
  let position = from;
  while (position < text.length) {
    const character = text[position];
    if (character === '\n') {
      if (open.length === 0) return { end: position };
      const abandoned =
        matchAt(NEW_HEADER, text, position) ??
        (open.includes('{') ? null : matchAt(NEW_PAIR, text, position));
      if (abandoned) return { end: position, defect: defect() };
    } else if (character === '"' || character === "'") {
      const closed = skipQuoted(text, position, character);
      if (closed === undefined) return { end: lineEnd(text, position), defect: 'open_text' };
      position = closed;
      continue;
    } else if (character === '#') {
      position = lineEnd(text, position);
      continue;
    } else if (character === '[' || character === '{') open.push(character);
    else if (character === ']' || character === '}') open.pop();
    position += 1;
  }
  return open.length === 0 ? { end: text.length } : { end: text.length, defect: defect() };
}

/** The offset behind the closing quote, or undefined when there is none where there must be one. */
function skipQuoted(text: string, from: number, quote: '"' | "'"): number | undefined {
  const triple = quote.repeat(3);
  if (text.startsWith(triple, from)) {
    for (let at = from + 3; ;) {
      at = text.indexOf(triple, at);
      if (at < 0) return undefined;
      if (quote === '"' && isEscaped(text, at)) {
        at += 1;
        continue;
      }
      // Up to two more quotes may stand before the closing three: `"""say "yes"""""`.
      while (text[at + 3] === quote) at += 1;
      return at + 3;
    }
  }
  for (let at = from + 1; at < text.length && text[at] !== '\n'; at += 1) {
    if (text[at] === '\\' && quote === '"') at += 1;
    else if (text[at] === quote) return at + 1;
  }
  return undefined;
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text[at - 1 - backslashes] === '\\') backslashes += 1;
  return backslashes % 2 === 1;
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

function matchAt(pattern: RegExp, text: string, offset: number): RegExpExecArray | null {
  pattern.lastIndex = offset;
  return pattern.exec(text);
}

/** 1-based line and column of an offset. */
export function placeOf(text: string, offset: number): { line: number; column: number } {
  let line = 1;
  let lineStart = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) {
    line += 1;
    lineStart = at + 1;
  }
  return { line, column: offset - lineStart + 1 };
}
