import type DatabaseConstructor from 'better-sqlite3';

export type HistoryDatabase = DatabaseConstructor.Database;

/** `sths`: tells our file from any other SQLite database that stands at its place. */
export const APPLICATION_ID = 0x73_74_68_73;

/** Each brings a file of the version before up to date; `user_version` counts how many were done. Only ever added to. */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE run (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     at TEXT NOT NULL,
     profile TEXT NOT NULL,
     home TEXT NOT NULL,
     home_key TEXT NOT NULL,
     agent_version TEXT,
     verdict TEXT NOT NULL,
     interrupted INTEGER NOT NULL,
     exit_code INTEGER,
     duration_ms REAL NOT NULL,
     counts TEXT NOT NULL,
     bytes INTEGER NOT NULL,
     report BLOB NOT NULL
   ) STRICT;
   CREATE INDEX run_of_target ON run (profile, home_key, id);
   CREATE TABLE run_check (
     run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
     check_id TEXT NOT NULL,
     status TEXT NOT NULL,
     class TEXT,
     PRIMARY KEY (run, check_id)
   ) STRICT, WITHOUT ROWID;`,
];

export type SchemaLook = 'empty' | 'ours' | 'foreign' | { readonly newer: number };

/** Whether a database is new or ours to use, and is not newer than this program. */
export function lookAtSchema(database: HistoryDatabase, migrations = MIGRATIONS): SchemaLook {
  const version = numberOf(database, 'user_version');
  const isEmpty = database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined;
  if (isEmpty) return 'empty';
  if (numberOf(database, 'application_id') !== APPLICATION_ID) return 'foreign';
  return version > migrations.length ? { newer: version } : 'ours';
}

/** Brings a database up to date in one transaction, which of several processes the first one does. */
export function migrate(database: HistoryDatabase, migrations = MIGRATIONS): void {
  if (numberOf(database, 'user_version') === migrations.length) return;
  const inOneStep = database.transaction(() => {
    for (const statements of migrations.slice(numberOf(database, 'user_version'))) database.exec(statements);
    database.pragma(`application_id = ${APPLICATION_ID}`);
    database.pragma(`user_version = ${migrations.length}`);
  });
  inOneStep.immediate();
}

const numberOf = (database: HistoryDatabase, pragma: string): number =>
  Number(database.pragma(pragma, { simple: true }));
