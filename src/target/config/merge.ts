import type { ConfigTable, ConfigValue } from './facts.ts';
import { isTable } from './facts.ts';
import type { KeyPath } from './key-path.ts';

/** Lays tables over each other, the last one on top: tables are merged key by key, everything else is replaced. */
export function mergeTables(tables: Iterable<ConfigTable>): ConfigTable {
  let merged: ConfigTable = {};
  for (const table of tables) merged = mergeTwo(merged, table);
  return merged;
}

function mergeTwo(lower: ConfigTable, upper: ConfigTable): ConfigTable {
  if (Object.keys(lower).length === 0) return upper;
  // `fromEntries` defines own keys only, so that a key named `__proto__` stays a key.
  const entries = new Map<string, ConfigValue>(Object.entries(lower));
  for (const [key, value] of Object.entries(upper)) {
    const below = entries.get(key);
    entries.set(key, isTable(below) && isTable(value) ? mergeTwo(below, value) : value);
  }
  return Object.fromEntries(entries);
}

/** The value at a path whose steps are known one by one, or undefined. */
export function valueAtPath(table: ConfigTable, path: KeyPath): ConfigValue | undefined {
  let value: ConfigValue | undefined = table;
  for (const step of path) {
    if (typeof step === 'number') value = Array.isArray(value) ? value[step] : undefined;
    else value = isTable(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  }
  return value;
}

/** The table without the keys at these paths. */
export function withoutKeys(table: ConfigTable, keys: readonly string[]): ConfigTable {
  return Object.fromEntries(Object.entries(table).filter(([key]) => !keys.includes(key)));
}

/** A table that holds one value at the end of a path. */
export function tableWith(path: readonly string[], value: ConfigValue): ConfigTable {
  const [key, ...rest] = path;
  return key === undefined
    ? {}
    : Object.fromEntries([[key, rest.length === 0 ? value : tableWith(rest, value)]]);
}
