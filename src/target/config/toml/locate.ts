import type { KeyPath } from '../key-path.ts';
import { placeOf, statements } from './scan.ts';
import type { Statement } from './scan.ts';

interface Place {
  /** 1-based. */
  readonly line: number;
  readonly column: number;
}

/** Finds where a key path is set. */
export type Locate = (path: KeyPath) => Place | undefined;

interface Placed {
  readonly statement: Statement;
  /** With the table that it stands in. */
  readonly path: KeyPath;
}

/**
 * Finds key paths in a TOML text: the key itself, or, inside an inline table or list, the nearest spelled-out key above
 * it; undefined when no statement sets it. A scan of its own and not a second parser, because it is needed only for
 * faults, must work on broken texts too, and shares the outline that reads those. The outline is made on first use.
 */
export function locator(text: string): Locate {
  let outline: readonly Placed[] | undefined;
  return (path) => {
    outline ??= outlineOf(text);
    let best: { readonly statement: Statement; readonly depth: number } | undefined;
    for (const placed of outline) {
      const depth = sharedDepth(placed.path, path);
      // A header that leads past the wanted path still is the place where an implied table comes into being.
      const sets = depth === Math.min(placed.path.length, path.length);
      if (sets && depth > (best?.depth ?? 0)) best = { statement: placed.statement, depth };
      if (best?.depth === path.length) break;
    }
    if (!best) return undefined;
    const { start, end } = best.statement;
    return placeOf(text, start + offsetOfKey(text.slice(start, end), path.at(-1)));
  };
}

function outlineOf(text: string): Placed[] {
  const root: Named = { length: undefined, below: new Map() };
  let table: KeyPath = [];
  const outline: Placed[] = [];
  for (const statement of statements(text)) {
    if (statement.kind !== 'pair') table = enter(statement, root);
    outline.push({ statement, path: statement.kind === 'pair' ? [...table, ...statement.keys] : table });
  }
  return outline;
}

/** A table by its name. A tree, because joined names of a hostile header would together be gigabytes long. */
interface Named {
  /** Elements so far, when it is a list of tables. */
  length: number | undefined;
  readonly below: Map<string, Named>;
}

/** The absolute path of a header; an element of a list of tables carries its index. */
function enter(header: Statement, root: Named): (string | number)[] {
  const path: (string | number)[] = [];
  let named = root;
  for (const [index, key] of header.keys.entries()) {
    const next = named.below.get(key) ?? { length: undefined, below: new Map() };
    named.below.set(key, next);
    named = next;
    path.push(key);
    if (header.kind === 'list_table' && index === header.keys.length - 1) {
      next.length = (next.length ?? 0) + 1;
      next.below.clear();
    }
    if (next.length !== undefined) path.push(next.length - 1);
  }
  return path;
}

function sharedDepth(whole: KeyPath, path: KeyPath): number {
  let depth = 0;
  while (depth < whole.length && depth < path.length && whole[depth] === path[depth]) depth += 1;
  return depth;
}

/** Offset of a key within its statement; 0 when it is not spelled out there, as for an element of a list. */
function offsetOfKey(statement: string, key: string | number | undefined): number {
  if (typeof key !== 'string') return 0;
  for (const written of [key, JSON.stringify(key), `'${key}'`]) {
    for (let at = statement.indexOf(written); at >= 0; at = statement.indexOf(written, at + 1)) {
      const before = statement[at - 1] ?? ' ';
      const after = statement.slice(at + written.length).trimStart()[0] ?? '';
      if (/[\s.,{[]/.test(before) && ['=', '.', ']'].includes(after)) return at;
    }
  }
  return 0;
}
