import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { snapshotOf } from '../../../fixtures/databases.ts';
import { temporaryHome } from '../../../fixtures/home.ts';
import { logRow } from '../../../fixtures/log-rows.ts';
import { assessSchema } from '../sqlite/schema-assessment.ts';
import { migrations } from '../sqlite/tasks/migrations.ts';
import { MAX_PARTITION_BYTES, MAX_PARTITION_ROWS } from './retention.ts';
import type { LogRow } from './row.ts';
import { logDatabasePath, openLogStore } from './store.ts';
import type { LogStore } from './store.ts';

const NOW_SECONDS = 2_000;
const clock = { now: () => NOW_SECONDS * 1_000, elapsed: () => 0 };

async function openStore(sqliteHome: string, warnings: string[] = []): Promise<LogStore> {
  const store = await openLogStore({ sqliteHome, clock, onWarning: (message) => warnings.push(message) });
  onTestFinished(() => store.close());
  return store;
}

function rowsOf(sqliteHome: string, columns = '*'): Record<string, unknown>[] {
  const database = new Database(logDatabasePath(sqliteHome), { readonly: true });
  try {
    return database.prepare<[], Record<string, unknown>>(`SELECT ${columns} FROM logs ORDER BY id`).all();
  } finally {
    database.close();
  }
}

test('a new database is what the real agent would have made', async () => {
  const home = temporaryHome();
  const store = await openStore(home);
  expect(store.insert([logRow(1)])).toEqual({ kind: 'inserted' });
  expect(rowsOf(home)).toEqual([{ id: 1, ...logRow(1) }]);
  const database = new Database(logDatabasePath(home));
  onTestFinished(() => void database.close());
  const seen = migrations({ all: (sql) => database.prepare<[], never>(sql).all(), each: () => [] }, {});
  expect(assessSchema('logs_2.sqlite', seen)).toEqual({ version: 2, knownVersion: 2, faults: [] });
  expect(database.pragma('journal_mode', { simple: true })).toBe('wal');
  expect(database.pragma('auto_vacuum', { simple: true })).toBe(2);
  expect(database.prepare('SELECT length(checksum) AS bytes FROM _sqlx_migrations').all()).toEqual([
    { bytes: 48 },
    { bytes: 48 },
  ]);
});

const MIB = 1024 * 1024;

test.each<[string, readonly LogRow[], { readonly kept: number; readonly first: number }]>([
  [
    'a thread keeps its newest thousand rows',
    Array.from({ length: MAX_PARTITION_ROWS + 5 }, (_, index) => logRow(index, { thread_id: 'a' })),
    { kept: MAX_PARTITION_ROWS, first: 6 },
  ],
  [
    'a thread keeps ten mebibytes',
    Array.from({ length: 12 }, (_, index) => logRow(index, { thread_id: 'a', estimated_bytes: MIB })),
    { kept: 10, first: 3 },
  ],
  [
    'a process has a partition of its own for rows without a thread',
    Array.from({ length: 2 * MAX_PARTITION_ROWS }, (_, index) =>
      logRow(index, { process_uuid: index % 2 === 0 ? 'a' : 'b' }),
    ),
    { kept: 2 * MAX_PARTITION_ROWS, first: 1 },
  ],
  [
    'rows of nobody are a partition as well',
    Array.from({ length: MAX_PARTITION_ROWS + 1 }, (_, index) => logRow(index, { process_uuid: null })),
    { kept: MAX_PARTITION_ROWS, first: 2 },
  ],
  [
    'a single row above the limit goes itself',
    [logRow(0, { thread_id: 'b' }), logRow(1, { thread_id: 'a', estimated_bytes: MAX_PARTITION_BYTES + 1 })],
    { kept: 1, first: 1 },
  ],
])('retention: %s', async (_name, rows, { kept, first }) => {
  const home = temporaryHome();
  const store = await openStore(home);
  for (let at = 0; at < rows.length; at += 512) store.insert(rows.slice(at, at + 512));
  const ids = rowsOf(home, 'id').map(({ id }) => id);
  expect([ids.length, ids[0]]).toEqual([kept, first]);
});

test('retention counts what another process has written meanwhile', async () => {
  const home = temporaryHome();
  const [one, other] = [await openStore(home), await openStore(home)];
  const half = MAX_PARTITION_ROWS / 2;
  const rows = (from: number): LogRow[] =>
    Array.from({ length: half }, (_, index) => logRow(from + index, { thread_id: 'a' }));
  one.insert(rows(0));
  other.insert(rows(half));
  one.insert(rows(2 * half).slice(0, 1));
  expect(rowsOf(home, 'id')).toHaveLength(MAX_PARTITION_ROWS);
});

test('rows of more than ten days are forgotten at the start', async () => {
  const home = temporaryHome();
  const before = await openStore(home);
  const tenDays = 10 * 24 * 60 * 60;
  before.insert([logRow(0, { ts: NOW_SECONDS - tenDays - 1 }), logRow(1, { ts: NOW_SECONDS - tenDays })]);
  before.close();
  await openStore(home);
  expect(rowsOf(home, 'id')).toEqual([{ id: 2 }]);
});

test('a file that holds too much forgets sooner', async () => {
  const home = temporaryHome();
  const before = await openStore(home);
  const day = 24 * 60 * 60;
  const body = 'x'.repeat(MIB);
  for (let days = 0; days < 9; days += 1)
    for (let row = 0; row < 8; row += 1)
      before.insert([
        logRow(row, { ts: NOW_SECONDS - days * day, thread_id: `${days}`, feedback_log_body: body }),
      ]);
  before.close();
  await openStore(home);
  const kept = rowsOf(home, 'thread_id').map(({ thread_id: id }) => Number(id));
  expect(Math.max(...kept), 'five days and less').toBe(5);
});

/** As the first migration of an older agent left it. */
function putOldDatabase(home: string): void {
  const database = new Database(logDatabasePath(home));
  database.exec(`
    CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL,
      installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, success BOOLEAN NOT NULL, checksum BLOB NOT NULL,
      execution_time BIGINT NOT NULL);
    INSERT INTO _sqlx_migrations VALUES (1, 'logs', CURRENT_TIMESTAMP, 1,
      x'009639eafe599be97d49d1d712e51671bf1be1c6b8cb7bf1a4136da88fb0e19308ff3cbcfbfbf589065e0eafef2ca164', 0);
    CREATE TABLE logs (id INTEGER PRIMARY KEY AUTOINCREMENT, ts INTEGER NOT NULL, ts_nanos INTEGER NOT NULL,
      level TEXT NOT NULL, target TEXT NOT NULL, message TEXT, module_path TEXT, file TEXT, line INTEGER,
      thread_id TEXT, process_uuid TEXT, estimated_bytes INTEGER NOT NULL DEFAULT 0);
    CREATE INDEX idx_logs_ts ON logs(ts DESC, ts_nanos DESC, id DESC);
    INSERT INTO logs (id, ts, ts_nanos, level, target, message, thread_id)
      VALUES (7, ${NOW_SECONDS}, 0, 'INFO', 't', 'kept', 'a');`);
  database.close();
}

test('migration 2: the message of an old file becomes the body', async () => {
  const home = temporaryHome();
  putOldDatabase(home);
  const store = await openStore(home);
  store.insert([logRow(1)]);
  expect(rowsOf(home, 'id, feedback_log_body, thread_id')).toEqual([
    { id: 7, feedback_log_body: 'kept', thread_id: 'a' },
    { id: 8, feedback_log_body: 'line 1', thread_id: null },
  ]);
  const database = new Database(logDatabasePath(home));
  onTestFinished(() => void database.close());
  const seen = migrations({ all: (sql) => database.prepare<[], never>(sql).all(), each: () => [] }, {});
  expect(assessSchema('logs_2.sqlite', seen)).toMatchObject({ version: 2, faults: [] });
});

test.each([
  ['is no database', (path: string) => writeFileSync(path, 'nonsense '.repeat(2_000)), 'corrupt'],
  ['cannot be opened', (path: string) => mkdirSync(path), 'cantopen'],
])('a file that %s costs one warning, and stays as it is', async (_name, damage, name) => {
  const home = temporaryHome();
  damage(logDatabasePath(home));
  const before = snapshotOf(home);
  const warnings: string[] = [];
  const store = await openStore(home, warnings);
  expect(store.insert([logRow(1)])).toMatchObject({ kind: 'failed', isPassing: false });
  expect(warnings).toEqual([expect.stringContaining(name)]);
  expect(snapshotOf(home)).toEqual(before);
});

test('while another process writes for long, a batch may be tried again', async () => {
  const home = temporaryHome();
  const store = await openStore(home);
  const other = new Database(logDatabasePath(home));
  onTestFinished(() => void other.close());
  other.exec('BEGIN IMMEDIATE');
  expect(store.insert([logRow(1)])).toEqual({ kind: 'failed', class: 'busy', isPassing: true });
  other.exec('COMMIT');
  expect(store.insert([logRow(1)])).toEqual({ kind: 'inserted' });
  expect(rowsOf(home)).toHaveLength(1);
});

const url = (name: string): string => JSON.stringify(pathToFileURL(join(import.meta.dirname, name)).href);

test('several processes make one database and write it at once; one that is killed breaks nothing', async () => {
  const home = temporaryHome();
  const BATCHES = 20;
  const script = (name: string): string => `
    import { writeSync } from 'node:fs';
    import { openLogStore } from ${url('store.ts')};
    const store = await openLogStore({ sqliteHome: ${JSON.stringify(home)}, clock: { now: () => 0 }, onWarning: (text) => { throw new Error(text); } });
    for (let number = 0; ${name === 'killed'} || number < ${BATCHES}; number += 1) {
      const row = { ts: ${NOW_SECONDS}, ts_nanos: number, level: 'INFO', target: 't', feedback_log_body: 'x', module_path: null,
        file: null, line: null, thread_id: '${name}', process_uuid: null, estimated_bytes: 1 };
      while (store.insert([row, row, row]).kind !== 'inserted');
      writeSync(1, '.');
    }`;
  const start = (name: string): ReturnType<typeof spawn> =>
    spawn(process.execPath, ['--input-type=module', '-e', script(name)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  const [killed, ...others] = ['killed', 'a', 'b'].map(start);
  const ends = others.map((child) => once(child, 'exit'));
  let acknowledged = 0;
  killed?.stdout?.on('data', (chunk: Buffer) => {
    acknowledged += chunk.length;
    if (acknowledged > 5) killed.kill('SIGKILL');
  });
  await Promise.all([...(killed ? [once(killed, 'close')] : []), ...ends]);
  const counts = new Map<unknown, number>();
  for (const { thread_id: id } of rowsOf(home, 'thread_id')) counts.set(id, (counts.get(id) ?? 0) + 1);
  expect([counts.get('a'), counts.get('b')]).toEqual([3 * BATCHES, 3 * BATCHES]);
  expect(counts.get('killed')).toBeGreaterThanOrEqual(3 * Math.min(acknowledged, MAX_PARTITION_ROWS / 3 - 1));
  expect((counts.get('killed') ?? 0) % 3, 'whole batches').toBe(0);
});
