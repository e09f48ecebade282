import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type DatabaseConstructor from 'better-sqlite3';
import { fileSystemOf } from '../../host/file-system.ts';
import { files } from '../../host/files.ts';
import { isPassing, storeErrorClass } from './error-class.ts';
import type { Opening } from './opening.ts';

export type WritableDatabase = DatabaseConstructor.Database;

/** What a database of the home is made of, as data. */
export interface DatabasePlan {
  /** Statements that make every table. */
  readonly schema: string;
  /** One per line: version, SHA-384 in hex, description. */
  readonly migrations: string;
  /** First rows of a new database, in the transaction that makes it. */
  readonly fill?: (database: WritableDatabase) => void;
  /** Brings a file of an older agent up to date; several processes may do so at once. */
  readonly upgrade?: (database: WritableDatabase) => void;
}

/**
 * Calls into SQLite block the whole process, and a writer of a WAL database is done within milliseconds. The real agent,
 * which waits on threads of their own, allows five seconds; whoever cannot write here tries again later.
 */
const BUSY_TIMEOUT_MS = 500;
/** Several processes that start at once; SQLite does not wait for the one that switches the journal mode. */
const OPEN_TRIES = 10;
const OPEN_PAUSE_MS = 50;

/**
 * Opens a database of the home for writing, and makes it as the real agent would where it does not exist. Several
 * processes may do so at once.
 * @param opening hears what it took
 * @throws the SQLite error; `storeErrorClass` names its class
 */
export async function openWritable(
  path: string,
  plan: DatabasePlan,
  opening?: Opening,
): Promise<WritableDatabase> {
  const { default: Database } = await import('better-sqlite3');
  for (let tries = 1; ; tries += 1) {
    opening?.enter('open');
    try {
      mkdirSync(dirname(path), { recursive: true });
      const database = openOnce(new Database(path, { timeout: BUSY_TIMEOUT_MS }), plan, opening);
      opening?.end();
      return database;
    } catch (error) {
      const name = storeErrorClass(error);
      if (tries === OPEN_TRIES || !isPassing(name)) {
        opening?.end(name);
        throw error;
      }
    }
    await setTimeout(OPEN_PAUSE_MS);
  }
}

function openOnce(
  database: WritableDatabase,
  plan: DatabasePlan,
  opening: Opening | undefined,
): WritableDatabase {
  try {
    const isShared = fileSystemOf(files, database.name)?.shared ?? false;
    // Takes effect only before the first table is made.
    database.pragma('auto_vacuum = INCREMENTAL');
    // Shared memory does not work between machines.
    database.pragma(isShared ? 'journal_mode = DELETE' : 'journal_mode = WAL');
    database.pragma(isShared ? 'synchronous = EXTRA' : 'synchronous = NORMAL');
    database.pragma('foreign_keys = ON');
    opening?.enter('migrate');
    if (!isMade(database)) make(database, plan);
    plan.upgrade?.(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

const MIGRATIONS_TABLE = `CREATE TABLE _sqlx_migrations (
  version BIGINT PRIMARY KEY, description TEXT NOT NULL,
  installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, success BOOLEAN NOT NULL, checksum BLOB NOT NULL,
  execution_time BIGINT NOT NULL
)`;

/** Anything in the file means that somebody else has made it, and knows better. */
function isMade(database: WritableDatabase): boolean {
  return database.prepare('SELECT 1 FROM sqlite_master LIMIT 1').get() !== undefined;
}

function make(database: WritableDatabase, { schema, migrations, fill }: DatabasePlan): void {
  const inOneStep = database.transaction(() => {
    // Another process may have been first.
    if (isMade(database)) return;
    database.exec(MIGRATIONS_TABLE);
    database.exec(schema);
    for (const migration of parseMigrations(migrations)) recordMigration(database, migration);
    fill?.(database);
  });
  inOneStep.immediate();
}

export interface Migration {
  readonly version: number;
  readonly checksum: Buffer;
  readonly description: string;
}

export function parseMigrations(text: string): readonly Migration[] {
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const [version = '', checksum = '', ...words] = line.split(' ');
      return {
        version: Number(version),
        checksum: Buffer.from(checksum, 'hex'),
        description: words.join(' '),
      };
    });
}

/** Notes a migration as done, the way the agent's SQL library checks it. */
export function recordMigration(database: WritableDatabase, migration: Migration): void {
  const { version, description, checksum } = migration;
  database
    .prepare(
      `INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
       VALUES (?, ?, 1, ?, 0)`,
    )
    .run(version, description, checksum);
}

/** Columns of a table; a newer or older agent may have made it with others than ours. */
export function columnsOf(database: WritableDatabase, table: string): ReadonlySet<string> {
  const rows = database.pragma(`table_info(${table})`) as readonly { readonly name: string }[];
  return new Set(rows.map(({ name }) => name));
}
