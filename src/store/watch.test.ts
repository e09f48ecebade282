import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { overwrite } from '../../fixtures/databases.ts';
import { temporaryHome } from '../../fixtures/home.ts';
import { logRow } from '../../fixtures/log-rows.ts';
import { createLogger } from './logs/create-logger.ts';
import { openLogStore } from './logs/store.ts';
import type { InsertResult, LogStore } from './logs/store.ts';
import { openStateStore } from './state/store.ts';
import type { StoreTold, StoreWatch } from './watch.ts';

const clock = { now: () => 2_000_000, elapsed: () => 0 };
const onWarning = (): void => undefined;

/** Each look at the clock is a millisecond later than the one before. */
function watching(): { readonly watch: StoreWatch; readonly told: StoreTold[] } {
  const told: StoreTold[] = [];
  let elapsed = 0;
  return { told, watch: { elapsedMs: () => (elapsed += 1), hear: (what) => told.push(what) } };
}

const openers = {
  state: { file: 'state_5.sqlite', open: openStateStore },
  logs: { file: 'logs_2.sqlite', open: openLogStore },
} as const;

async function opened(database: keyof typeof openers, home: string): Promise<readonly StoreTold[]> {
  const { watch, told } = watching();
  const store = await openers[database].open({ home, sqliteHome: home, clock, onWarning, watch });
  onTestFinished(() => store.close());
  return told;
}

test.each(['state', 'logs'] as const)('%s: a new database is opened, then made', async (database) => {
  expect(await opened(database, temporaryHome())).toEqual([
    { type: 'database_phase', database, phase: 'open', durationMs: 1 },
    { type: 'database_phase', database, phase: 'migrate', durationMs: 1 },
  ]);
});

test.each(['state', 'logs'] as const)(
  '%s: a file that is no database fails while it is opened, and is told to be damaged once',
  async (database) => {
    const home = temporaryHome({ [openers[database].file]: 'no database at all'.repeat(400) });
    expect(await opened(database, home)).toEqual([
      { type: 'database_phase', database, phase: 'open', durationMs: 1, errorClass: 'corrupt' },
      { type: 'database_corrupt', database },
    ]);
  },
);

test('a place where no database can be is told by its class', async () => {
  const home = temporaryHome();
  mkdirSync(join(home, 'logs_2.sqlite'));
  expect(await opened('logs', home)).toEqual([
    { type: 'database_phase', database: 'logs', phase: 'open', durationMs: 1, errorClass: 'cantopen' },
  ]);
});

test('an older file that cannot be brought up to date fails in that phase', async () => {
  const home = temporaryHome();
  const made = new Database(join(home, 'logs_2.sqlite'));
  made.exec('CREATE TABLE logs (message TEXT); CREATE TABLE logs_before (message TEXT)');
  made.close();
  expect(await opened('logs', home)).toMatchObject([
    { phase: 'open' },
    { phase: 'migrate', errorClass: 'unknown' },
  ]);
});

test('a batch of log rows is told with its size, and why it was not written', async () => {
  const { watch, told } = watching();
  const store = await openLogStore({ sqliteHome: temporaryHome(), clock, onWarning, watch });
  told.length = 0;
  store.insert([logRow(1, { estimated_bytes: 30 }), logRow(2, { estimated_bytes: 50 })]);
  store.close();
  store.insert([logRow(3, { estimated_bytes: 7 })]);
  expect(told).toEqual([
    { type: 'logs_written', entries: 2, bytes: 80, maxEntryBytes: 50, durationMs: 1 },
    { type: 'logs_written', entries: 1, bytes: 7, maxEntryBytes: 7, durationMs: 1, errorClass: 'unknown' },
  ]);
});

test('rows that found no place are told together, each once', async () => {
  const { watch, told } = watching();
  let answer: InsertResult = { kind: 'failed', class: 'busy', isPassing: true };
  const store: LogStore = { insert: () => answer, close: () => undefined };
  const logger = createLogger({ store, clock, processId: 1, processUuid: 'uuid', watch });
  for (let number = 0; number < 4_096 + 3; number += 1) logger.log('INFO', 'line');
  answer = { kind: 'inserted' };
  await logger.flush();
  await logger.close();
  expect(told).toEqual([{ type: 'logs_dropped', count: 3 }]);
});

test('a database that opens is told to be damaged when a write finds it so, once', async () => {
  const { watch, told } = watching();
  const sqliteHome = temporaryHome();
  const path = join(sqliteHome, 'state_5.sqlite');
  const place = { home: sqliteHome, sqliteHome, clock, onWarning };
  (await openStateStore(place)).close();
  overwrite(path, (rootPageOf(path, 'sqlite_autoindex_threads_1') - 1) * 4_096, Buffer.alloc(4_096, 'x'));
  const store = await openStateStore({ ...place, watch });
  onTestFinished(() => store.close());
  store.setThreadName('a', 'b');
  store.setThreadName('a', 'b');
  expect(told.slice(2)).toEqual([{ type: 'database_corrupt', database: 'state' }]);
});

function rootPageOf(path: string, name: string): number {
  const database = new Database(path, { readonly: true });
  const row = database
    .prepare<[string], { readonly rootpage: number }>('SELECT rootpage FROM sqlite_master WHERE name = ?')
    .get(name);
  database.close();
  return row?.rootpage ?? 0;
}
