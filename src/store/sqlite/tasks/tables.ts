import type { ReadOnlyDatabase } from '../database.ts';

/** More tables than any agent has; keeps a hostile schema out of the report. */
const MAX_TABLES = 500;

/** Names of real tables. Views and virtual tables are left out: reading one runs whatever somebody wrote into it. */
export function tableNames(database: ReadOnlyDatabase): string[] {
  return database
    .all(
      `SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0 ORDER BY name LIMIT ${MAX_TABLES}`,
    )
    .map((row) => String(row['name']));
}
