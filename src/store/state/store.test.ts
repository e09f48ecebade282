import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { snapshotOf } from '../../../fixtures/databases.ts';
import { temporaryHome } from '../../../fixtures/home.ts';
import { put, rolloutPlace, threadId } from '../../../fixtures/rollouts.ts';
import { assessSchema } from '../sqlite/schema-assessment.ts';
import { migrations } from '../sqlite/tasks/migrations.ts';
import { openStateStore } from './store.ts';
import type { StateStore } from './store.ts';
import type { ThreadRow } from './thread-row.ts';

const NOW_SECONDS = 1_795_181_751;
const clock = { now: () => NOW_SECONDS * 1_000 + 7, elapsed: () => 0 };
const FILE = 'state_5.sqlite';

const row = (more: Partial<ThreadRow> = {}): ThreadRow => ({
  id: threadId(1),
  rollout_path: '/home/rollout.jsonl',
  created_at_ms: 1_795_181_700_123,
  updated_at_ms: 1_795_181_751_456,
  source: 'exec',
  model_provider: 'scripted',
  cwd: '/work',
  title: 'Say how the patient is.',
  sandbox_policy: '{"type":"read-only"}',
  approval_mode: 'never',
  tokens_used: 15,
  git_sha: null,
  git_branch: null,
  git_origin_url: null,
  cli_version: '0.1.0',
  first_user_message: 'Say how the patient is.',
  agent_nickname: null,
  agent_role: null,
  agent_path: null,
  memory_mode: 'enabled',
  model: 'gpt-5',
  reasoning_effort: null,
  thread_source: 'user',
  preview: 'Say how the patient is.',
  history_mode: 'legacy',
  originator: 'stethos_exec',
  ...more,
});

async function openStore(home: string, warnings: string[] = []): Promise<StateStore> {
  const store = await openStateStore({
    sqliteHome: home,
    home,
    clock,
    onWarning: (message) => warnings.push(message),
  });
  onTestFinished(() => store.close());
  return store;
}

function query(home: string, sql: string): unknown[] {
  const database = new Database(join(home, FILE));
  try {
    return database.prepare(sql).all();
  } finally {
    database.close();
  }
}

test('a new index is what the real agent would have made', async () => {
  const home = temporaryHome();
  const store = await openStore(home);
  expect(store.upsertThread(row())).toBe(true);
  const database = new Database(join(home, FILE));
  onTestFinished(() => void database.close());
  const seen = migrations({ all: (sql) => database.prepare<[], never>(sql).all(), each: () => [] }, {});
  expect(assessSchema(FILE, seen)).toEqual({ version: 62, knownVersion: 62, faults: [] });
  expect(query(home, 'SELECT count(*) AS n FROM _sqlx_migrations WHERE length(checksum) = 48')).toEqual([
    { n: 62 },
  ]);
  expect(query(home, 'PRAGMA foreign_key_check')).toEqual([]);
  expect(query(home, 'PRAGMA auto_vacuum')).toEqual([{ auto_vacuum: 2 }]);
  expect(query(home, 'SELECT * FROM backfill_state')).toEqual([
    {
      id: 1,
      status: 'complete',
      last_watermark: null,
      last_success_at: NOW_SECONDS,
      updated_at: NOW_SECONDS,
    },
  ]);
  expect(query(home, 'SELECT * FROM threads')).toMatchObject([
    {
      ...row(),
      created_at: 1_795_181_700,
      updated_at: 1_795_181_751,
      recency_at_ms: 1_795_181_751_456,
      has_user_event: 0,
      archived: 0,
      name: null,
    },
  ]);
});

test('threads that are there before the index are left to the backfill', async () => {
  const home = temporaryHome();
  put(home, rolloutPlace(), '');
  await openStore(home);
  expect(query(home, 'SELECT status, last_success_at FROM backfill_state')).toEqual([
    { status: 'pending', last_success_at: null },
  ]);
});

test.each<[string, Partial<ThreadRow>, Partial<ThreadRow>]>([
  ['what is new replaces what was', { title: 'new', tokens_used: 3 }, { title: 'new', tokens_used: 3 }],
  ['an empty preview does not', { preview: '' }, { preview: 'Say how the patient is.' }],
  [
    'a git commit that was known stays',
    { git_sha: 'new', git_branch: 'b' },
    { git_sha: 'old', git_branch: 'b' },
  ],
  ['the memory mode is of the creation', { memory_mode: 'enabled' }, { memory_mode: 'disabled' }],
])('upsert: %s', async (_name, change, expected) => {
  const home = temporaryHome();
  const store = await openStore(home);
  store.upsertThread(row({ git_sha: 'old', memory_mode: 'disabled' }));
  expect(store.upsertThread(row(change))).toBe(true);
  expect(query(home, 'SELECT * FROM threads')).toMatchObject([expected]);
});

test('a thread gets its name', async () => {
  const home = temporaryHome();
  const store = await openStore(home);
  store.upsertThread(row());
  expect(store.setThreadName(threadId(1), 'Rounds')).toBe(true);
  expect(query(home, 'SELECT name, title FROM threads')).toEqual([{ name: 'Rounds', title: row().title }]);
});

test('of an index with other columns those that are known are written', async () => {
  const home = temporaryHome();
  const database = new Database(join(home, FILE));
  database.exec(`CREATE TABLE threads (id TEXT PRIMARY KEY, rollout_path TEXT NOT NULL, title TEXT,
    novelty TEXT NOT NULL DEFAULT 'x')`);
  database.close();
  const store = await openStore(home);
  expect(store.upsertThread(row())).toBe(true);
  expect(query(home, 'SELECT * FROM threads')).toEqual([
    { id: threadId(1), rollout_path: '/home/rollout.jsonl', title: row().title, novelty: 'x' },
  ]);
});

test.each([
  ['is no database', (path: string) => writeFileSync(path, 'nonsense '.repeat(2_000)), 'corrupt'],
  ['cannot be opened', (path: string) => mkdirSync(path), 'cantopen'],
])('an index that %s costs one warning and is counted, and stays as it is', async (_name, damage, name) => {
  const home = temporaryHome();
  damage(join(home, FILE));
  const before = snapshotOf(home);
  const warnings: string[] = [];
  const store = await openStore(home, warnings);
  expect([store.upsertThread(row()), store.upsertThread(row())]).toEqual([false, false]);
  expect(warnings).toEqual([expect.stringContaining(name)]);
  expect(store.health()).toMatchObject({ isOpen: false, failures: { [name]: 1 } });
  expect(snapshotOf(home)).toEqual(before);
});

test('an index that another process keeps is tried again, without a warning', async () => {
  const home = temporaryHome();
  const warnings: string[] = [];
  const store = await openStore(home, warnings);
  const other = new Database(join(home, FILE));
  onTestFinished(() => void other.close());
  other.exec('BEGIN IMMEDIATE');
  expect(store.upsertThread(row())).toBe(false);
  other.exec('COMMIT');
  expect(store.upsertThread(row())).toBe(true);
  expect([warnings, store.health().failures]).toEqual([[], { busy: 1 }]);
});

const PROCESSES = 4;
const ROWS = 25;
const url = JSON.stringify(pathToFileURL(join(import.meta.dirname, 'store.ts')).href);

test('several processes make one index and fill it at once', async () => {
  const home = temporaryHome();
  const children = Array.from({ length: PROCESSES }, (_, process_) =>
    spawn(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `import { openStateStore } from ${url};
         const home = ${JSON.stringify(home)};
         const store = await openStateStore({ sqliteHome: home, home, clock: Date, onWarning: (text) => { throw new Error(text); } });
         for (let number = 0; number < ${ROWS}; number += 1)
           while (!store.upsertThread({ ...${JSON.stringify(row())}, id: '${process_}-' + number }));
         store.close();`,
      ],
      { stdio: ['ignore', 'inherit', 'inherit'] },
    ),
  );
  const codes = await Promise.all(children.map((child) => once(child, 'exit')));
  expect(codes.map(([code]) => code as number)).toEqual(Array.from({ length: PROCESSES }, () => 0));
  expect(query(home, 'SELECT count(*) AS n FROM threads')).toEqual([{ n: PROCESSES * ROWS }]);
  expect(query(home, 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
});
