import { basename, dirname } from 'node:path';
import type { Node, Tree } from 'web-tree-sitter';
import { withSyntaxTree } from './grammar.ts';
import { partsOf } from './walk.ts';
import { leadingWords, wordsOf } from './words.ts';
import type { Word } from './words.ts';

/** What a command line of a shell would run, as far as its text tells (spec/agent-core.md 3.2). */
export type Script =
  /** Nothing but commands of plain words, joined by `&&`, `||`, `;`, `|` or new lines. */
  | { readonly kind: 'plain'; readonly commands: readonly (readonly Word[])[] }
  /** One command of plain words that reads a here-document. */
  | { readonly kind: 'heredoc'; readonly commands: readonly (readonly Word[])[] }
  /** Anything else. The commands that could be read all the same can forbid it, and never allow it. */
  | {
      readonly kind: 'other';
      readonly commands: readonly (readonly Word[])[];
      /** False: the script is too long or too tangled to be read to its end. */
      readonly isWhole: boolean;
    };

const SHELLS: ReadonlySet<string> = new Set(['bash', 'sh', 'zsh']);
const SCRIPT_OPTIONS: ReadonlySet<string> = new Set(['-lc', '-c']);
/** Folders whose programs come with the system; a program of another folder may have been written by the model. */
const SYSTEM_FOLDERS: ReadonlySet<string> = new Set([
  '/bin',
  '/usr/bin',
  '/usr/local/bin',
  '/opt/homebrew/bin',
  '/run/current-system/sw/bin',
]);
const NAMED_PARTS: ReadonlySet<string> = new Set(
  'program list pipeline command command_name word string string_content raw_string number concatenation'.split(
    ' ',
  ),
);
const PUNCTUATION: ReadonlySet<string> = new Set(['&&', '||', ';', '|', '"', "'", '\n']);

/** The program is one of the system's, or is looked up by its bare name. */
export const isFromSystem = (program: string): boolean =>
  !program.includes('/') || SYSTEM_FOLDERS.has(dirname(program));

/** The script of `bash -lc SCRIPT` and its like; undefined for any other command. */
export function scriptOf(argv: readonly string[]): { shell: string; script: string } | undefined {
  const [shell, option, script] = argv;
  if (argv.length !== 3 || shell === undefined || option === undefined || script === undefined)
    return undefined;
  return SHELLS.has(basename(shell)) && SCRIPT_OPTIONS.has(option) ? { shell, script } : undefined;
}

/** Reads what `bash -lc SCRIPT` would run. Undefined when `argv` is not of that form. */
export async function readScript(argv: readonly string[]): Promise<Script | undefined> {
  const found = scriptOf(argv);
  if (!found) return undefined;
  const { shell, script } = found;
  const read = await withSyntaxTree(script, (tree) => readTree(tree, script));
  if (!read) return { kind: 'other', commands: [], isWhole: false };
  // Globs of zsh run code, and a shell that the model wrote may do anything with a script.
  const isTrusted =
    isFromSystem(shell) &&
    (basename(shell) !== 'zsh' || !read.commands.some((words) => words.some(({ expands }) => expands)));
  return isTrusted || read.kind === 'other' ? read : { ...read, kind: 'other', isWhole: true };
}

/** Control characters are words to the shell and nothing to the eye. */
export const hasControlCharacters = (script: string): boolean =>
  // eslint-disable-next-line no-control-regex -- finding them is the point
  /[\0-\x08\x0b-\x1f\x7f]/.test(script);

function readTree(tree: Tree, script: string): Script {
  const parts = partsOf(tree, script);
  const { commands, isWhole } = parts;
  const isUnderstood = isWhole && parts.hasNoGap && !tree.rootNode.hasError && !hasControlCharacters(script);
  if (
    isUnderstood &&
    [...parts.named].every((type) => NAMED_PARTS.has(type)) &&
    [...parts.marks].every((type) => PUNCTUATION.has(type))
  ) {
    const words = commands.map((command) => wordsOf(command));
    if (words.length > 0 && words.every((each) => each !== undefined))
      return { kind: 'plain', commands: words };
  }
  const [only] = commands;
  if (isUnderstood && only && commands.length === 1 && isOnlyHeredoc(tree.rootNode)) {
    const words = wordsOf(only);
    if (words) return { kind: 'heredoc', commands: [words] };
  }
  return {
    kind: 'other',
    commands: commands.map(leadingWords).filter((words) => words.length > 0),
    isWhole,
  };
}

/** The program is one command with one here-document and nothing else: no file is written, nothing is started behind it. */
function isOnlyHeredoc(root: Node): boolean {
  const [statement] = root.namedChildren;
  if (root.namedChildCount !== 1 || statement?.type !== 'redirected_statement') return false;
  const [body, redirect] = statement.namedChildren;
  return (
    statement.namedChildCount === 2 &&
    body?.type === 'command' &&
    redirect?.type === 'heredoc_redirect' &&
    redirect.namedChildren.every(
      ({ type, namedChildCount }) => /^heredoc_(start|body|end)$/.test(type) && namedChildCount === 0,
    ) &&
    isTakenAsItStands(redirect)
  );
}

/**
 * An unquoted here-document expands variables, runs substitutions and joins lines, even the one that ends it. The grammar
 * does not see all of that.
 */
function isTakenAsItStands({ namedChildren }: Node): boolean {
  const textOf = (type: string): string => namedChildren.find((child) => child.type === type)?.text ?? '';
  return /['"\\]/.test(textOf('heredoc_start')) || !/[$`\\]/.test(textOf('heredoc_body'));
}
