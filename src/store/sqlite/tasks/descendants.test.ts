import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import type { ReadOnlyDatabase } from '../database.ts';
import { descendants } from './descendants.ts';
import { threadLogs } from './thread-logs.ts';

function databaseOf(sql: string): ReadOnlyDatabase {
  const database = new DatabaseSync(':memory:');
  onTestFinished(() => database.close());
  database.exec(sql);
  return {
    all: (statement, ...parameters) => database.prepare(statement).all(...parameters),
    each: (statement) => database.prepare(statement).iterate(),
  };
}

const edges = (pairs: readonly (readonly [string, string])[]): ReadOnlyDatabase =>
  databaseOf(`CREATE TABLE thread_spawn_edges (parent_thread_id TEXT, child_thread_id TEXT PRIMARY KEY, status TEXT);
    ${pairs.map(([parent, child]) => `INSERT INTO thread_spawn_edges VALUES ('${parent}', '${child}', 'closed');`).join('')}`);

test('breadth first, by id within a depth, open and closed alike', () => {
  const database = edges([
    ['root', 'c'],
    ['root', 'a'],
    ['a', 'z'],
    ['c', 'b'],
    ['other', 'd'],
  ]);
  expect(descendants(database, { threadId: 'root', limit: 10 })).toEqual({
    kind: 'found',
    ids: ['a', 'c', 'z', 'b'],
    isCut: false,
  });
});

test('a circle ends, and a limit cuts', () => {
  const database = edges([
    ['root', 'a'],
    ['a', 'b'],
    ['b', 'root'],
  ]);
  expect(descendants(database, { threadId: 'root', limit: 10 })).toMatchObject({ ids: ['a', 'b'] });
  expect(descendants(database, { threadId: 'root', limit: 1 })).toEqual({
    kind: 'found',
    ids: ['a'],
    isCut: true,
  });
});

test('a database of another kind has neither edges nor logs', () => {
  expect(descendants(databaseOf(''), { threadId: 'root', limit: 1 })).toEqual({ kind: 'absent' });
  expect(threadLogs(databaseOf(''), { threadIds: ['root'] })).toMatchObject({ lines: 0 });
});
