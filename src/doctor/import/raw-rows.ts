import { MOST_ROWS } from './draft.ts';
import type { RawRow } from './draft.ts';
import { checkIdOf } from './ids.ts';
import { listOf, member, recordOf } from './narrow.ts';

export interface RawRows {
  readonly rows: readonly RawRow[];
  /** The id that a row got which was called so. */
  readonly idOf: (name: unknown) => string;
  readonly problems: readonly string[];
}

/** The rows of a report under ids of their own: an object by id, or the list that older reports have. */
export function rawRowsOf(checks: unknown): RawRows {
  const named = namedRows(checks);
  const read = named.slice(0, MOST_ROWS);
  const rows = new Map<string, RawRow>();
  const ids = new Map<unknown, string>();
  let broken = 0;
  let renamed = 0;
  for (const { name, value } of read) {
    const row = recordOf(value);
    if (!row) {
      broken += 1;
      continue;
    }
    const inside = member(row, 'id');
    const id = unused(checkIdOf(name ?? inside), rows);
    if (id !== (name ?? inside) || (inside !== undefined && inside !== id)) renamed += 1;
    if (!ids.has(name ?? inside)) ids.set(name ?? inside, id);
    rows.set(id, { id, row });
  }
  return {
    rows: [...rows.values()],
    idOf: (name) => ids.get(name) ?? checkIdOf(name),
    problems: [
      ...told(broken, 'that cannot be read: left out'),
      ...told(renamed, 'with an id that is none, that another row has, or that differs from its place'),
      ...told(named.length - read.length, `beyond the first ${MOST_ROWS}: not read`),
    ],
  };
}

function namedRows(
  checks: unknown,
): readonly { readonly name: string | undefined; readonly value: unknown }[] {
  const list = listOf(checks);
  if (list) return list.map((value) => ({ name: undefined, value }));
  return Object.entries(recordOf(checks) ?? {}).map(([name, value]) => ({ name, value }));
}

/** Counted from the rows that there are, so that a file of duplicates is read in one go. */
function unused(id: string, taken: ReadonlyMap<string, unknown>): string {
  if (!taken.has(id)) return id;
  for (let number = taken.size + 1; ; number += 1)
    if (!taken.has(`${id}_${number}`)) return `${id}_${number}`;
}

/** A line of what was wrong with some rows. */
export const told = (count: number, what: string): string[] =>
  count === 0 ? [] : [`${count} ${count === 1 ? 'row' : 'rows'} ${what}`];
