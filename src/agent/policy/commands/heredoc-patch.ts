import type { Node } from 'web-tree-sitter';
import { withSyntaxTree } from './grammar.ts';
import { scriptOf } from './script.ts';
import { wordOf, wordsOf } from './words.ts';

const PATCH_COMMANDS: ReadonlySet<string> = new Set(['apply_patch', 'applypatch']);

export interface HeredocPatch {
  readonly patch: string;
  /** Folder of a `cd DIR &&` before it, as written; absent without one. */
  readonly cwd?: string;
}

/**
 * The patch of a shell command that is nothing but `apply_patch <<'EOF' …` or `cd DIR && apply_patch <<'EOF' …`; undefined for
 * every other command (spec/agent-core.md 2.2, 2.3 and trap 28). The text of an unquoted here-document is taken as it stands.
 */
export async function heredocPatch(argv: readonly string[]): Promise<HeredocPatch | undefined> {
  const found = scriptOf(argv);
  // Most commands are no patches, and need no parser to tell.
  if (!found || !/\bapply_?patch\b/.test(found.script) || !found.script.includes('<<')) return undefined;
  return withSyntaxTree(found.script, ({ rootNode }) => (rootNode.hasError ? undefined : patchOf(rootNode)));
}

function patchOf(root: Node): HeredocPatch | undefined {
  const [statement] = root.namedChildren;
  if (root.namedChildCount !== 1 || statement?.type !== 'redirected_statement') return undefined;
  if (root.children.some(({ type }) => type === '&')) return undefined;
  const [body, redirect] = statement.namedChildren;
  if (statement.namedChildCount !== 2 || !body || redirect?.type !== 'heredoc_redirect') return undefined;
  const text = heredocText(redirect);
  const place = text === undefined ? undefined : placeOf(body);
  return text === undefined || !place ? undefined : { patch: text, ...place };
}

function placeOf(body: Node): { readonly cwd?: string } | undefined {
  if (body.type === 'command') return isPatchCommand(body) ? {} : undefined;
  const [change, operator, apply] = body.children;
  if (body.type !== 'list' || body.childCount !== 3 || operator?.type !== '&&') return undefined;
  if (change?.type !== 'command' || !apply || !isPatchCommand(apply)) return undefined;
  const [name, folder] = change.namedChildren;
  const cwd = folder && change.namedChildCount === 2 && name?.text === 'cd' ? wordOf(folder) : undefined;
  return cwd && !cwd.expands && cwd.text !== '' ? { cwd: cwd.text } : undefined;
}

function isPatchCommand(node: Node): boolean {
  const words = node.type === 'command' ? wordsOf(node) : undefined;
  return words?.length === 1 && words.some(({ text }) => PATCH_COMMANDS.has(text));
}

function heredocText(redirect: Node): string | undefined {
  const [start, body, end] = redirect.namedChildren;
  if (redirect.namedChildCount !== 3 || start?.type !== 'heredoc_start' || end?.type !== 'heredoc_end')
    return undefined;
  if (body?.type !== 'heredoc_body') return undefined;
  // `<<-` takes the tabs away that indent the lines.
  const [operator] = redirect.children;
  const text = operator?.type === '<<-' ? body.text.replaceAll(/^\t+/gm, '') : body.text;
  return text.replace(/\n+$/, '');
}
