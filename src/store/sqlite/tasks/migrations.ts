import type { ReadOnlyDatabase } from '../database.ts';
import { tableNames } from './tables.ts';

/** One applied migration, as the agent's SQL library records it. */
export interface AppliedMigration {
  readonly version: number;
  readonly success: boolean;
  /** Lower-case hex of the SHA-384 over the migration's SQL text. */
  readonly checksum: string;
}

export interface Migrations {
  /** In rising order of their versions; empty when there is no migration table. */
  readonly applied: readonly AppliedMigration[];
  readonly tables: readonly string[];
}

/** The agent's largest history has 62 entries; a table of more than this is not one. */
const MAX_MIGRATIONS = 10_000;

export function migrations(database: ReadOnlyDatabase, _input: Record<string, never>): Migrations {
  const tables = tableNames(database);
  if (!tables.includes('_sqlx_migrations')) return { applied: [], tables };
  const rows = database.all(
    `SELECT version, success, lower(hex(checksum)) AS checksum
       FROM _sqlx_migrations ORDER BY version LIMIT ${MAX_MIGRATIONS}`,
  );
  return {
    tables,
    applied: rows.map((row) => ({
      version: Number(row['version']),
      success: Boolean(row['success']),
      checksum: String(row['checksum']),
    })),
  };
}
