/** Classes by the low byte of SQLite's result code (spec/observability.md 2.1). A closed list: it is a metric's tag. */
export type StoreErrorClass =
  | 'busy'
  | 'locked'
  | 'readonly'
  | 'io'
  | 'corrupt'
  | 'full'
  | 'cantopen'
  | 'schema'
  | 'constraint'
  | 'unknown';

const CLASSES: readonly (readonly [prefix: string, name: StoreErrorClass])[] = [
  ['SQLITE_BUSY', 'busy'],
  ['SQLITE_LOCKED', 'locked'],
  ['SQLITE_READONLY', 'readonly'],
  ['SQLITE_IOERR', 'io'],
  ['SQLITE_CORRUPT', 'corrupt'],
  ['SQLITE_NOTADB', 'corrupt'],
  ['SQLITE_FULL', 'full'],
  ['SQLITE_CANTOPEN', 'cantopen'],
  ['SQLITE_SCHEMA', 'schema'],
  ['SQLITE_CONSTRAINT', 'constraint'],
  ['EACCES', 'cantopen'],
  ['EROFS', 'readonly'],
  ['ENOSPC', 'full'],
];

export function storeErrorClass(error: unknown): StoreErrorClass {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return CLASSES.find(([prefix]) => code.startsWith(prefix))?.[1] ?? 'unknown';
}

/** Whether trying again later can help. */
export const isPassing = (name: StoreErrorClass): boolean => name === 'busy' || name === 'locked';
