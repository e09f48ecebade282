import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { threadId } from '../../../../fixtures/rollouts.ts';
import { expectationOf } from '../../rollouts/expectation.ts';
import { createRolloutList } from '../../rollouts/files.ts';
import { createThreadRows } from '../../rollouts/thread-rows.ts';
import type { ReadOnlyDatabase } from '../database.ts';
import { threads } from './threads.ts';

function databaseOf(sql: string): ReadOnlyDatabase {
  const database = new DatabaseSync(':memory:');
  onTestFinished(() => database.close());
  database.exec(sql);
  return {
    all: (statement, ...parameters) => database.prepare(statement).all(...parameters),
    each: (statement) => database.prepare(statement).iterate(),
  };
}

/** The index with its rows unpacked. */
function indexOf(sql: string) {
  const index = threads(databaseOf(sql), {});
  if (index.kind === 'absent' || !index.rows) return index;
  const rows = createThreadRows(structuredClone(index.rows));
  return {
    ...index,
    rows: Array.from({ length: rows.length }, (_, row) => ({
      id: rows.idAt(row),
      rolloutPath: rows.paths.pathAt(row),
      archived: rows.paths.isMarked(row),
    })),
  };
}

const TABLES = `
  CREATE TABLE threads (id TEXT, rollout_path TEXT, archived INTEGER, source TEXT, model_provider TEXT);
  CREATE TABLE backfill_state (id INTEGER, status TEXT);`;

test('rows, groups and the state of the first filling', () => {
  const index = indexOf(`${TABLES}
    INSERT INTO threads VALUES ('a', '/h/a', 0, 'cli', 'openai'), ('b', '/h/b', 1, 'exec', 'openai'), ('c', '/h/c', 0, 'exec', 'x');
    INSERT INTO backfill_state VALUES (1, 'running');`);
  expect(index).toEqual({
    kind: 'indexed',
    rows: [
      { id: 'a', rolloutPath: '/h/a', archived: false },
      { id: 'b', rolloutPath: '/h/b', archived: true },
      { id: 'c', rolloutPath: '/h/c', archived: false },
    ],
    count: 3,
    archivedCount: 1,
    truncated: false,
    backfill: 'running',
    sources: [
      { name: 'exec', count: 2 },
      { name: 'cli', count: 1 },
    ],
    modelProviders: [
      { name: 'openai', count: 2 },
      { name: 'x', count: 1 },
    ],
  });
});

test.each([
  ['an empty database', ''],
  ['a table of that name that is another', 'CREATE TABLE threads (id TEXT);'],
  ['a view of that name', "CREATE VIEW threads AS SELECT 1 AS id, 'x' AS rollout_path, 0 AS archived;"],
])('%s holds no index', (_, sql) => {
  expect(indexOf(sql)).toEqual({ kind: 'absent' });
});

test('an older index lacks the newer columns', () => {
  const index = indexOf(
    "CREATE TABLE threads (id TEXT, rollout_path TEXT, archived INTEGER); INSERT INTO threads VALUES ('a', '/a', 0);",
  );
  expect(index).toMatchObject({ kind: 'indexed', sources: [], backfill: undefined });
});

test('values of other types than the agent writes', () => {
  const index = indexOf(`${TABLES}
    INSERT INTO threads VALUES (NULL, 7, 'yes', x'00ff', NULL); INSERT INTO backfill_state VALUES (1, x'05');`);
  expect(index).toMatchObject({
    kind: 'indexed',
    rows: [{ id: 'null', rolloutPath: '7' }],
    backfill: undefined,
  });
});

test.each([
  ['are not sent', 'id TEXT PRIMARY KEY', false],
  ['are sent where an id could stand twice', 'id TEXT', true],
  ['are sent where the id alone is no key', 'id TEXT, PRIMARY KEY (id, archived)', true],
])('rows that are as expected %s', (_, id, isSent) => {
  const files = createRolloutList();
  const name = `rollout-2026-11-20T07-41-40-${threadId(1)}.jsonl`;
  files.add({ folder: 'sessions', name, bytes: 1, modifiedAtMs: 1 });
  const expected = expectationOf(files, createRolloutList(), ['/h']);
  const [column, ...constraint] = id.split(', ');
  const columns = [column, 'rollout_path TEXT', 'archived INTEGER', constraint.join(', ')].filter(Boolean);
  const database = databaseOf(`CREATE TABLE threads (${columns.join(', ')});
    INSERT INTO threads VALUES ('${threadId(1)}', '/h/sessions/${name}', 0);`);
  const index = threads(database, { expected });
  expect(index).toMatchObject({ count: 1, archivedCount: 0 });
  expect('rows' in index && index.rows !== undefined).toBe(isSent);
});
