import { columnsOf, parseMigrations, recordMigration } from '../sqlite/writable.ts';
import type { WritableDatabase } from '../sqlite/writable.ts';
import { LOG_MIGRATIONS } from './migrations.ts';

const LOGS_TABLE = `
CREATE TABLE logs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  ts INTEGER NOT NULL,
  ts_nanos INTEGER NOT NULL,
  level TEXT NOT NULL,
  target TEXT NOT NULL,
  feedback_log_body TEXT,
  module_path TEXT,
  file TEXT,
  line INTEGER,
  thread_id TEXT,
  process_uuid TEXT,
  estimated_bytes INTEGER NOT NULL DEFAULT 0
);`;

const INDEXES = `
CREATE INDEX idx_logs_ts ON logs(ts DESC, ts_nanos DESC, id DESC);
CREATE INDEX idx_logs_thread_id ON logs(thread_id);
CREATE INDEX idx_logs_thread_id_ts ON logs(thread_id, ts DESC, ts_nanos DESC, id DESC);
CREATE INDEX idx_logs_process_uuid_threadless_ts
  ON logs(process_uuid, ts DESC, ts_nanos DESC, id DESC) WHERE thread_id IS NULL;`;

/** The log database as it stands after migration 2. */
export const LOG_SCHEMA = LOGS_TABLE + INDEXES;

/**
 * Migration 2, for a file of an older agent: the column `message` becomes `feedback_log_body` and keeps its values
 * (spec/DECISIONS.md 20).
 */
export function migrateLogs(database: WritableDatabase): void {
  const isOld = (): boolean => {
    const columns = columnsOf(database, 'logs');
    return columns.has('message') && !columns.has('feedback_log_body');
  };
  if (!isOld()) return;
  const inOneStep = database.transaction(() => {
    // Another process may have been first.
    if (!isOld()) return;
    database.exec('ALTER TABLE logs RENAME TO logs_before');
    for (const { name } of indexesOf(database)) database.exec(`DROP INDEX "${name}"`);
    database.exec(LOGS_TABLE);
    const before = columnsOf(database, 'logs_before');
    const kept = [...columnsOf(database, 'logs')].filter((column) => before.has(column));
    database.exec(
      `INSERT INTO logs (${kept.join(', ')}, feedback_log_body)
       SELECT ${kept.join(', ')}, message FROM logs_before ORDER BY id`,
    );
    database.exec('DROP TABLE logs_before');
    database.exec(INDEXES);
    const [, second] = parseMigrations(LOG_MIGRATIONS);
    if (second && columnsOf(database, '_sqlx_migrations').size > 0) recordMigration(database, second);
  });
  inOneStep.immediate();
}

const indexesOf = (database: WritableDatabase): readonly { readonly name: string }[] =>
  database
    .prepare<[], { readonly name: string }>(
      "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = 'logs_before' AND sql IS NOT NULL",
    )
    .all();
