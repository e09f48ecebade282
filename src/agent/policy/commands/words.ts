import type { Node } from 'web-tree-sitter';

/** A word of a command as the shell hands it over, as far as that is told by the text alone. */
export interface Word {
  readonly text: string;
  /** The shell puts other words in its place: file names for a `*`, a folder for `~`. The text is as written then. */
  readonly expands: boolean;
}

/** The words of a command; undefined when one of them is not told by the text: variables, substitutions, redirections. */
export function wordsOf(command: Node): readonly Word[] | undefined {
  const words = leadingWords(command);
  return words.length === command.namedChildCount && words.length > 0 ? words : undefined;
}

/** The words up to the first that is not told by the text. Assignments and redirections before the name are passed over. */
export function leadingWords(command: Node): readonly Word[] {
  const words: Word[] = [];
  let end = -1;
  for (const child of command.namedChildren) {
    if (words.length === 0 && BEFORE_NAME.has(child.type)) continue;
    if (child.startIndex === end && !/^\s/.test(child.text)) {
      // One word to the shell: the grammar takes what follows a quote, such as `\x`, for the next one.
      words.pop();
      break;
    }
    end = child.endIndex;
    const inner = child.type === 'command_name' ? child.namedChild(0) : child;
    const word = inner ? wordOf(inner) : undefined;
    // A name that expands, or is no name at all, says nothing about what runs.
    if (!word || (words.length === 0 && (word.expands || word.text === ''))) break;
    words.push(word);
  }
  return words;
}

const BEFORE_NAME: ReadonlySet<string> = new Set(['variable_assignment', 'file_redirect']);

export function wordOf(node: Node): Word | undefined {
  switch (node.type) {
    case 'word':
    case 'number':
      return ENDING.test(withoutEscapes(node.text))
        ? undefined
        : { text: unescapeBare(node.text), expands: EXPANDING.test(node.text) };
    case 'string':
      return node.namedChildren.every(({ type }) => type === 'string_content')
        ? { text: unescapeQuoted(node.text.slice(1, -1)), expands: false }
        : undefined;
    case 'raw_string':
      return { text: node.text.slice(1, -1), expands: false };
    case 'concatenation':
      return joined(node);
    default:
      return undefined;
  }
}

function joined(node: Node): Word | undefined {
  const parts: Word[] = [];
  for (const child of node.children) {
    const part = child.isNamed ? wordOf(child) : undefined;
    if (!part) return undefined;
    parts.push(part);
  }
  return {
    text: parts.map(({ text }) => text).join(''),
    expands: parts.some(({ expands }) => expands),
  };
}

/** Globs, braces, home folders, and what zsh expands besides: `=name`, `^` and `#`. A backslash before them counts all the same. */
const EXPANDING = /[*?[\]{}~^#]|^=/;

/** Ends a word, or begins another kind of one, unless it is escaped. Behind a line end the grammar takes `\x` for a part of the word before. */
const ENDING = /[ \t\n;&|<>()'"`$]/;

const withoutEscapes = (text: string): string => text.replaceAll(/\\[^]/g, '');

const unescapeBare = (text: string): string =>
  text.replaceAll(/\\(\n|[^])/g, (_, escaped: string) => (escaped === '\n' ? '' : escaped));

/** Between double quotes a backslash escapes these only. */
const unescapeQuoted = (text: string): string =>
  text.replaceAll(/\\([$`"\\\n])/g, (_, escaped: string) => (escaped === '\n' ? '' : escaped));
