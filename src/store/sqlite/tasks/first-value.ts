import type { ReadOnlyDatabase } from '../database.ts';

export type FirstValue =
  | { readonly kind: 'value'; readonly value: string | number | null; readonly isCut: boolean }
  | { readonly kind: 'blob'; readonly bytes: number }
  | { readonly kind: 'no_row' };

/** A value is compared and shown, not exported. */
const MAX_LENGTH = 4_096;

/**
 * The first column of the first row that somebody's own SELECT gives. As a part of a statement of ours it can be nothing
 * that writes, attaches or changes settings. How long it takes is for its author to know, so it runs in a child process.
 */
export function firstValue(database: ReadOnlyDatabase, { query }: { readonly query: string }): FirstValue {
  const [row] = database.all(`SELECT * FROM (\n${query}\n) LIMIT 1`);
  const value = row && Object.values(row)[0];
  if (value === undefined) return { kind: 'no_row' };
  if (value instanceof Uint8Array) return { kind: 'blob', bytes: value.length };
  if (typeof value !== 'string')
    return { kind: 'value', value: value === null ? null : Number(value), isCut: false };
  return { kind: 'value', value: value.slice(0, MAX_LENGTH), isCut: value.length > MAX_LENGTH };
}
