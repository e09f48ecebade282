import { join } from 'node:path';
import type { Clock } from '../../host/clock.ts';
import { createOpening } from '../sqlite/opening.ts';
import { openWritable } from '../sqlite/writable.ts';
import { isPassing, storeErrorClass } from '../sqlite/error-class.ts';
import type { WritableDatabase } from '../sqlite/writable.ts';
import type { StoreErrorClass } from '../sqlite/error-class.ts';
import type { StoreWatch } from '../watch.ts';
import { LOG_MIGRATIONS } from './migrations.ts';
import { createPartitionPruner, pruneByAge } from './retention.ts';
import type { LogRow } from './row.ts';
import { LOG_SCHEMA, migrateLogs } from './schema.ts';

/** What came of one batch. */
export type InsertResult =
  | { readonly kind: 'inserted' }
  /** `isPassing`: the database is in use, and the same batch may be tried again. */
  | { readonly kind: 'failed'; readonly class: StoreErrorClass; readonly isPassing: boolean };

/** The log database. A damaged or locked one costs one warning; nothing here throws. */
export interface LogStore {
  /** One transaction, together with the retention of the partitions that it touches. */
  insert(rows: readonly LogRow[]): InsertResult;
  close(): void;
}

interface LogStoreOptions {
  readonly sqliteHome: string;
  readonly clock: Clock;
  readonly onWarning: (message: string) => void;
  readonly watch?: StoreWatch | undefined;
}

const FILE = 'logs_2.sqlite';
export const logDatabasePath = (sqliteHome: string): string => join(sqliteHome, FILE);

const COLUMNS: readonly (keyof LogRow)[] = [
  'ts',
  'ts_nanos',
  'level',
  'target',
  'feedback_log_body',
  'module_path',
  'file',
  'line',
  'thread_id',
  'process_uuid',
  'estimated_bytes',
];
const INSERT = `INSERT INTO logs (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map(() => '?').join(', ')})`;

/** Opens the log database, makes it where there is none, and forgets what is too old (spec/observability.md 2.2). */
export async function openLogStore({
  sqliteHome,
  clock,
  onWarning,
  watch,
}: LogStoreOptions): Promise<LogStore> {
  const path = logDatabasePath(sqliteHome);
  let database: WritableDatabase | undefined;
  let insertAll: ((rows: readonly LogRow[]) => void) | undefined;
  let hasWarned = false;

  const fail = (error: unknown): Extract<InsertResult, { kind: 'failed' }> => {
    const name = storeErrorClass(error);
    if (!hasWarned && !isPassing(name)) {
      hasWarned = true;
      if (name === 'corrupt') watch?.hear({ type: 'database_corrupt', database: 'logs' });
      onWarning(`The log database ${path} cannot be used (${name}); nothing is logged there.`);
    }
    return { kind: 'failed', class: name, isPassing: database !== undefined && isPassing(name) };
  };
  try {
    database = await openWritable(
      path,
      { schema: LOG_SCHEMA, migrations: LOG_MIGRATIONS, upgrade: migrateLogs },
      watch && createOpening('logs', watch),
    );
    insertAll = inserter(database);
    pruneByAge(database, Math.floor(clock.now() / 1_000));
  } catch (error) {
    fail(error);
  }
  const insert: LogStore['insert'] = (rows) => {
    if (!insertAll) return fail(undefined);
    try {
      insertAll(rows);
      return { kind: 'inserted' };
    } catch (error) {
      return fail(error);
    }
  };
  return {
    insert: watch ? watched(insert, watch) : insert,
    close() {
      const open = database;
      database = undefined;
      insertAll = undefined;
      try {
        open?.close();
      } catch (error) {
        fail(error);
      }
    },
  };
}

function watched(insert: LogStore['insert'], { elapsedMs, hear }: StoreWatch): LogStore['insert'] {
  return (rows) => {
    const beganMs = elapsedMs();
    const result = insert(rows);
    const sizes = rows.map((row) => row.estimated_bytes);
    hear({
      type: 'logs_written',
      entries: rows.length,
      bytes: sizes.reduce((sum, bytes) => sum + bytes, 0),
      maxEntryBytes: Math.max(0, ...sizes),
      durationMs: elapsedMs() - beganMs,
      ...(result.kind === 'failed' && { errorClass: result.class }),
    });
    return result;
  };
}

function inserter(database: WritableDatabase): (rows: readonly LogRow[]) => void {
  const insert = database.prepare(INSERT);
  const pruner = createPartitionPruner(database);
  const inOneStep = database.transaction((rows: readonly LogRow[]) => {
    for (const row of rows)
      insert.run(
        row.ts,
        row.ts_nanos,
        row.level,
        row.target,
        row.feedback_log_body,
        row.module_path,
        row.file,
        row.line,
        row.thread_id,
        row.process_uuid,
        row.estimated_bytes,
      );
    pruner.prune(rows);
  });
  // At once a writer: a read that becomes a write later fails instead of waiting when another process was faster.
  return (rows) => {
    try {
      inOneStep.immediate(rows);
    } catch (error) {
      pruner.forget();
      throw error;
    }
  };
}
