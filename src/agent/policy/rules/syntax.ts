import { FaultyRules, tokensOf } from './tokens.ts';
import type { Place, Token } from './tokens.ts';

export type Value = Place &
  (
    | { readonly kind: 'string'; readonly text: string }
    | { readonly kind: 'list'; readonly items: readonly Value[] }
  );

/** One call of a rules file: `name(positional, …, key=value, …)`. */
export interface Call extends Place {
  readonly name: string;
  readonly positional: readonly Value[];
  readonly named: ReadonlyMap<string, Value>;
}

/** Nobody nests lists deeper; a hostile file must not exhaust the stack. */
const MAX_DEPTH = 16;

/**
 * Reads the calls of a rules file. A text that stands alone is a remark, as in Starlark; any other statement is refused.
 * @throws FaultyRules at the first thing that is no call with literals
 */
export function callsOf(text: string): Call[] {
  const tokens = tokensOf(text);
  const next = (): Token => {
    const { value, done } = tokens.next();
    if (done === true) throw new Error('the tokens end with an end of statement');
    return value;
  };
  const calls: Call[] = [];
  for (let result = tokens.next(); result.done !== true; result = tokens.next()) {
    const token = result.value;
    if (token.kind === 'end') continue;
    if (token.kind === 'name') calls.push(call(token, next));
    else if (token.kind !== 'string') throw unexpected(token, 'the name of a rule');
    const end = next();
    if (end.kind !== 'end') throw unexpected(end, 'the end of the line');
  }
  return calls;
}

function call(
  { text: name, line, column }: Token & { readonly kind: 'name' | 'mark' },
  next: () => Token,
): Call {
  expectMark(next(), '(');
  const positional: Value[] = [];
  const named = new Map<string, Value>();
  for (let token = next(); !isMark(token, ')');) {
    if (token.kind === 'name') {
      if (named.has(token.text)) throw new FaultyRules(`\`${token.text}\` is given twice`, token);
      expectMark(next(), '=');
      named.set(token.text, literal(next(), next, 0));
    } else if (named.size > 0) throw unexpected(token, 'a named argument, as those before it');
    else positional.push(literal(token, next, 0));
    token = separator(next(), next, ')');
  }
  return { name, line, column, positional, named };
}

function literal(token: Token, next: () => Token, depth: number): Value {
  const { line, column } = token;
  if (token.kind === 'string') return { kind: 'string', text: token.text, line, column };
  if (!isMark(token, '[')) throw unexpected(token, 'a text in quotes or a list');
  if (depth === MAX_DEPTH) throw new FaultyRules('lists are nested too deeply', token);
  const items: Value[] = [];
  for (let item = next(); !isMark(item, ']'); item = separator(next(), next, ']'))
    items.push(literal(item, next, depth + 1));
  return { kind: 'list', items, line, column };
}

/** After an element: a comma and what follows it, or the end of the enclosing bracket. */
function separator(token: Token, next: () => Token, end: ')' | ']'): Token {
  if (isMark(token, end)) return token;
  if (!isMark(token, ',')) throw unexpected(token, `\`,\` or \`${end}\``);
  return next();
}

const isMark = (token: Token, text: string): boolean => token.kind === 'mark' && token.text === text;

function expectMark(token: Token, text: string): void {
  if (!isMark(token, text)) throw unexpected(token, `\`${text}\``);
}

function unexpected(token: Token, expected: string): FaultyRules {
  const found =
    token.kind === 'end' ? 'the end' : token.kind === 'string' ? 'a text' : `\`${token.text.slice(0, 40)}\``;
  return new FaultyRules(`${found} stands where ${expected} was expected`, token);
}
