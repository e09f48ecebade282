import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../host/clock.ts';
import { createOpening } from '../sqlite/opening.ts';
import { columnsOf, openWritable } from '../sqlite/writable.ts';
import { isPassing, storeErrorClass } from '../sqlite/error-class.ts';
import type { WritableDatabase } from '../sqlite/writable.ts';
import type { StoreErrorClass } from '../sqlite/error-class.ts';
import type { StoreWatch } from '../watch.ts';
import { STATE_MIGRATIONS } from './migrations.ts';
import { STATE_SCHEMA } from './schema.ts';
import type { ThreadRow } from './thread-row.ts';

/**
 * The index of threads. It only speeds up what the rollouts tell, so nothing here ever throws: a database that is
 * damaged, locked or gone costs one warning, and every loss is counted.
 */
export interface StateStore {
  /** Writes or renews a thread's row. False when it was not written; a later call with the same row makes up for it. */
  upsertThread(row: ThreadRow): boolean;
  setThreadName(threadId: string, name: string): boolean;
  health(): StoreHealth;
  close(): void;
}

export interface StoreHealth {
  readonly isOpen: boolean;
  /** Writes that did not come about, by class of error. */
  readonly failures: Readonly<Partial<Record<StoreErrorClass, number>>>;
}

interface StateStoreOptions {
  /** Where the databases lie; that need not be the home. */
  readonly sqliteHome: string;
  readonly home: string;
  readonly clock: Clock;
  readonly onWarning: (message: string) => void;
  readonly watch?: StoreWatch | undefined;
}

const FILE = 'state_5.sqlite';

/** Opens the index, and makes it where there is none (spec/observability.md 2). */
export async function openStateStore({
  sqliteHome,
  home,
  clock,
  onWarning,
  watch,
}: StateStoreOptions): Promise<StateStore> {
  const path = join(sqliteHome, FILE);
  const failures: Partial<Record<StoreErrorClass, number>> = {};
  let hasWarned = false;
  let database: WritableDatabase | undefined;

  const fail = (error: unknown): false => {
    const name = storeErrorClass(error);
    failures[name] = (failures[name] ?? 0) + 1;
    if (!hasWarned && !isPassing(name)) {
      hasWarned = true;
      if (name === 'corrupt') watch?.hear({ type: 'database_corrupt', database: 'state' });
      onWarning(
        `The thread index ${path} cannot be used (${name}); threads are found by their rollouts alone.`,
      );
    }
    return false;
  };
  const attempt = (work: (open: WritableDatabase) => void): boolean => {
    if (!database) return fail(undefined);
    try {
      work(database);
      return true;
    } catch (error) {
      return fail(error);
    }
  };
  const nowSeconds = (): number => Math.floor(clock.now() / 1_000);
  const fill = (made: WritableDatabase): void => {
    // Threads that are there already are left to the agent, which reads them in at its next start.
    const status = hasRollouts(home) ? 'pending' : 'complete';
    const doneAt = status === 'complete' ? nowSeconds() : null;
    made
      .prepare('INSERT INTO backfill_state (id, status, last_success_at, updated_at) VALUES (1, ?, ?, ?)')
      .run(status, doneAt, nowSeconds());
  };
  let upsert: string | undefined;
  try {
    database = await openWritable(
      path,
      { schema: STATE_SCHEMA, migrations: STATE_MIGRATIONS, fill },
      watch && createOpening('state', watch),
    );
    upsert = upsertStatement(columnsOf(database, 'threads'));
  } catch (error) {
    fail(error);
  }
  return {
    upsertThread: (row) =>
      attempt((open) => {
        if (upsert === undefined) throw new Error('the index has no threads that could be written');
        open.prepare(upsert).run({
          ...row,
          created_at: Math.floor(row.created_at_ms / 1_000),
          updated_at: Math.floor(row.updated_at_ms / 1_000),
        });
      }),
    setThreadName: (threadId, name) =>
      attempt((open) => {
        const column = columnsOf(open, 'threads').has('name') ? 'name' : 'title';
        open.prepare(`UPDATE threads SET ${column} = ? WHERE id = ?`).run(name, threadId);
      }),
    health: () => ({ isOpen: database !== undefined, failures: { ...failures } }),
    close() {
      const open = database;
      database = undefined;
      try {
        open?.close();
      } catch (error) {
        fail(error);
      }
    },
  };
}

function hasRollouts(home: string): boolean {
  return ['sessions', 'archived_sessions'].some((folder) => {
    const path = join(home, folder);
    return existsSync(path) && readdirSync(path).length > 0;
  });
}

/** Columns of a row, in the order of the table. */
const COLUMNS: readonly (keyof ThreadRow | 'created_at' | 'updated_at')[] = [
  'id',
  'rollout_path',
  'created_at',
  'updated_at',
  'source',
  'model_provider',
  'cwd',
  'title',
  'sandbox_policy',
  'approval_mode',
  'tokens_used',
  'git_sha',
  'git_branch',
  'git_origin_url',
  'cli_version',
  'first_user_message',
  'agent_nickname',
  'agent_role',
  'memory_mode',
  'model',
  'reasoning_effort',
  'agent_path',
  'created_at_ms',
  'updated_at_ms',
  'thread_source',
  'preview',
  'history_mode',
  'originator',
];

/** How a column is renewed where that is not by its new value (spec/observability.md 2.4, upsert). */
const RENEWED: Readonly<Partial<Record<(typeof COLUMNS)[number], string | undefined>>> = {
  id: undefined,
  memory_mode: undefined,
  preview: "CASE WHEN excluded.preview = '' THEN preview ELSE excluded.preview END",
  git_sha: 'COALESCE(git_sha, excluded.git_sha)',
  git_branch: 'COALESCE(git_branch, excluded.git_branch)',
  git_origin_url: 'COALESCE(git_origin_url, excluded.git_origin_url)',
};

/** The statement for the columns that there are; undefined where none of the table is known. */
function upsertStatement(present: ReadonlySet<string>): string | undefined {
  const columns = COLUMNS.filter((column) => present.has(column));
  if (!columns.includes('id')) return undefined;
  const renewals = columns.flatMap((column) => {
    const value = column in RENEWED ? RENEWED[column] : `excluded.${column}`;
    return value === undefined ? [] : [`${column} = ${value}`];
  });
  if (present.has('recency_at_ms'))
    renewals.push('recency_at = excluded.updated_at', 'recency_at_ms = excluded.updated_at_ms');
  return `INSERT INTO threads (${columns.join(', ')}) VALUES (${columns.map((column) => `@${column}`).join(', ')})
    ON CONFLICT (id) DO UPDATE SET ${renewals.join(', ')}`;
}
