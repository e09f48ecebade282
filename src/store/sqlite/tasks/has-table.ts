import type { ReadOnlyDatabase } from '../database.ts';

/** Whether a real table of that name exists; as SQLite does, without regard to case. */
export const hasTable = (database: ReadOnlyDatabase, { name }: { readonly name: string }): boolean =>
  database.all(
    "SELECT 1 AS found FROM sqlite_schema WHERE type = 'table' AND rootpage > 0 AND lower(name) = lower(?) LIMIT 1",
    name,
  ).length > 0;
