/** One assignment of a `.env` file. */
export interface DotenvEntry {
  readonly name: string;
  readonly value: string;
}

export interface Dotenv {
  readonly entries: readonly DotenvEntry[];
  /** 1-based numbers of the lines that the agent skips because it cannot read them. */
  readonly rejectedLines: readonly number[];
}

/** `export` is allowed; names begin with a letter or an underscore and may contain dots. */
const ASSIGNMENT = /[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.]*)[ \t]*=[ \t]*/y;
const NOTHING = /[ \t]*(?:#[^\n]*)?(?:\r?\n|$)/y;
const VARIABLE = /\$(?:\{([A-Za-z0-9_.]+)\}|([A-Za-z0-9_]+))/y;
const AFTER_VALUE = /[ \t]*(?:(?<=[ \t])#[^\n]*)?(?:\r?\n|$)/y;
const ESCAPED = new Map(Object.entries({ n: '\n', '\\': '\\', '"': '"', "'": "'", $: '$', ' ': ' ' }));

/**
 * Reads a `.env` file by the agent's rules, which are stricter than those of `node:util` parseEnv: an unquoted value
 * holds no space, a byte-order mark spoils the first name, `$NAME` is replaced, and an unreadable line costs only
 * itself. (Measured against codex 0.169.)
 * @param lookup a variable of the shell; it wins over an earlier line of the file when `$NAME` is replaced
 */
export function parseDotenv(text: string, lookup: (name: string) => string | undefined): Dotenv {
  const entries: DotenvEntry[] = [];
  const rejectedLines: number[] = [];
  const assigned = new Map<string, string>();
  const valueOf = (name: string): string => lookup(name) ?? assigned.get(name) ?? '';
  let position = 0;
  let line = 1;
  while (position < text.length) {
    const read = readStatement(text, position, valueOf);
    if (read.kind === 'rejected') rejectedLines.push(line);
    if (read.kind === 'assigned') {
      entries.push({ name: read.name, value: read.value });
      assigned.set(read.name, read.value);
    }
    for (let at = text.indexOf('\n', position); at !== -1 && at < read.end; at = text.indexOf('\n', at + 1))
      line += 1;
    position = read.end;
  }
  return { entries, rejectedLines };
}

type Statement =
  | { readonly kind: 'assigned'; readonly name: string; readonly value: string; readonly end: number }
  | { readonly kind: 'nothing' | 'rejected'; readonly end: number };

/** Reads from the beginning of a line to the end of that line, or of the later line where a quote is closed. */
function readStatement(text: string, start: number, valueOf: (name: string) => string): Statement {
  const nothing = matchAt(NOTHING, text, start);
  if (nothing) return { kind: 'nothing', end: start + nothing[0].length };
  const head = matchAt(ASSIGNMENT, text, start);
  if (head?.[1] === undefined) return { kind: 'rejected', end: endOfLine(text, start) };
  let value = '';
  let quote: string | undefined;
  let position = start + head[0].length;
  while (position < text.length) {
    const character = text[position] ?? '';
    if (quote === undefined) {
      const tail = matchAt(AFTER_VALUE, text, position);
      if (tail) return { kind: 'assigned', name: head[1], value, end: position + tail[0].length };
      if (character === ' ' || character === '\t')
        return { kind: 'rejected', end: endOfLine(text, position) };
    }
    const variable = quote === "'" ? undefined : matchAt(VARIABLE, text, position);
    if (character === quote) quote = undefined;
    else if (quote === undefined && (character === '"' || character === "'")) quote = character;
    else if (variable) {
      value += valueOf(variable[1] ?? variable[2] ?? '');
      position += variable[0].length - 1;
    } else if (character === '\\' && quote !== "'") {
      const escaped = ESCAPED.get(text[position + 1] ?? '');
      if (escaped === undefined) return { kind: 'rejected', end: endOfLine(text, position) };
      value += escaped;
      position += 1;
    } else value += character;
    position += 1;
  }
  // The last line of a file needs no line end, but an open quote has swallowed everything up to here.
  return quote === undefined
    ? { kind: 'assigned', name: head[1], value, end: position }
    : { kind: 'rejected', end: position };
}

function matchAt(pattern: RegExp, text: string, position: number): RegExpExecArray | null {
  pattern.lastIndex = position;
  return pattern.exec(text);
}

function endOfLine(text: string, position: number): number {
  const end = text.indexOf('\n', position);
  return end === -1 ? text.length : end + 1;
}
