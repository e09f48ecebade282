import { join } from 'node:path';
import Database from 'better-sqlite3';
import { utimesSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { testContext } from '../../fixtures/context.ts';
import { makeDatabase, snapshotOf } from '../../fixtures/databases.ts';
import { temporaryHome } from '../../fixtures/home.ts';
import type { Verdict } from '../../src/doctor/check.ts';
import { FIRST_TABLES, KNOWN_MIGRATIONS } from '../../src/store/sqlite/known-migrations.ts';
import type { SchemaFault } from '../../src/store/sqlite/schema-assessment.ts';
import schema from './schema.ts';

type Evidence = Parameters<typeof schema.judge>[0];
type Outcome = Evidence['databases'][number]['outcome'];

const database = (outcome: Outcome, { neededToStart = true } = {}): Evidence['databases'][number] => ({
  label: 'state DB',
  path: '/home/me/.codex/state_5.sqlite',
  neededToStart,
  breaks: 'thread list',
  outcome,
});
const judged = (...databases: Evidence['databases']): Verdict =>
  schema.judge({ agent: 'Codex', command: 'codex', databases });
const faulty = (fault: SchemaFault): Outcome => ({
  kind: 'assessed',
  assessment: { version: 62, knownVersion: 62, faults: [fault] },
});

test.each<[string, SchemaFault, string, string]>([
  ['unfinished', { kind: 'unfinished', versions: [10] }, 'fail', 'unfinished migration: 10'],
  [
    'altered',
    { kind: 'altered', versions: [3, 4], byLineEndings: false },
    'fail',
    'does not know in this form: 3, 4',
  ],
  ['line endings', { kind: 'altered', versions: [1], byLineEndings: true }, 'fail', 'Windows line endings'],
  ['a gap', { kind: 'gap', versions: [30] }, 'fail', 'later ones build on: 30'],
  ['no table', { kind: 'dropped', table: 'threads', readAtStart: true }, 'fail', 'lost its table threads'],
  ['a table less', { kind: 'dropped', table: 'jobs', readAtStart: false }, 'warning', 'does without'],
  ['no record', { kind: 'unrecorded', tables: ['threads'], collides: true }, 'fail', 'lost the record'],
  ['strangers', { kind: 'unrecorded', tables: ['bookmarks'], collides: false }, 'warning', 'something else'],
])('%s', (_name, fault, severity, cause) => {
  const { issues } = judged(database(faulty(fault)));
  expect(issues).toMatchObject([
    { severity, failure: { class: 'schema', phase: 'database' }, fields: ['state DB schema'] },
  ]);
  expect(issues[0]?.cause).toContain(cause);
  expect(issues[0]?.cause).toContain('state_5.sqlite');
});

test('a fault in a database without which the agent starts is a warning that says so', () => {
  const { issues } = judged(database(faulty({ kind: 'gap', versions: [1] }), { neededToStart: false }));
  expect(issues).toMatchObject([{ severity: 'warning' }]);
  expect(issues[0]?.cause).toContain('starts without it');
});

test('a long list of versions is cut', () => {
  const versions = Array.from({ length: 62 }, (_, index) => index + 1);
  const { issues } = judged(database(faulty({ kind: 'altered', versions, byLineEndings: true })));
  expect(issues[0]?.cause).toContain('1, 2, 3, 4, 5, 6, 7, 8 and 54 more');
});

test.each<[string, number | undefined, number | undefined, string]>([
  ['current', 62, 62, 'version 62'],
  ['newer', 70, 62, 'version 70, newer than the 62 known here'],
  ['older', 35, 62, 'version 35, up to 62 at the next start'],
  ['unverified', 3, undefined, 'version 3, not verified'],
  ['empty', undefined, 62, 'not set up'],
])('a database that is %s is fine', (_name, version, knownVersion, detail) => {
  const verdict = judged(database({ kind: 'assessed', assessment: { version, knownVersion, faults: [] } }));
  expect(verdict).toMatchObject({ kind: 'judged', issues: [], details: { 'state DB schema': detail } });
});

test('what cannot be read is left to state.integrity', () => {
  const unread = database({ kind: 'unread', why: 'corrupt' });
  expect(judged(unread)).toMatchObject({ kind: 'skipped', skippedBecause: 'state.integrity' });
  const sound = database({ kind: 'assessed', assessment: { version: 62, knownVersion: 62, faults: [] } });
  expect(judged(unread, sound)).toMatchObject({ kind: 'judged', issues: [] });
});

test('a migration table of another shape is a fault of the schema', () => {
  expect(judged(database({ kind: 'unexpected', message: 'no such column: version' })).issues).toMatchObject([
    { severity: 'fail', measured: 'no such column: version' },
  ]);
});

test('without databases there is nothing to judge', () => {
  expect(judged()).toMatchObject({ kind: 'idle' });
});

/** A database whose migrations are recorded as codex 0.169 does. */
function makeAgentDatabase(home: string, file: string, statement: string): void {
  const made = new Database(join(home, file));
  made.exec(`CREATE TABLE ${FIRST_TABLES[file]}(id)`);
  made.exec('CREATE TABLE _sqlx_migrations(version BIGINT PRIMARY KEY, success BOOLEAN, checksum BLOB)');
  const insert = made.prepare('INSERT INTO _sqlx_migrations VALUES (?, 1, ?)');
  for (const line of (KNOWN_MIGRATIONS[file] ?? '').trim().split('\n')) {
    const [version, checksum = ''] = line.split(' ');
    insert.run(Number(version), Buffer.concat([Buffer.from(checksum, 'hex'), Buffer.alloc(40)]));
  }
  made.exec(statement);
  made.close();
}

test('a home with one of everything, and nothing in it changes', async () => {
  const home = temporaryHome();
  makeAgentDatabase(
    home,
    'state_5.sqlite',
    'UPDATE _sqlx_migrations SET checksum = zeroblob(48) WHERE version = 7',
  );
  makeAgentDatabase(home, 'goals_1.sqlite', 'UPDATE _sqlx_migrations SET success = 0 WHERE version = 2');
  makeAgentDatabase(home, 'queue_1.sqlite', '');
  makeAgentDatabase(home, 'logs_2.sqlite', 'DELETE FROM _sqlx_migrations WHERE version = 1');
  makeDatabase(join(home, 'memories_1.sqlite'));
  writeFileSync(join(home, 'thread_history_1.sqlite'), 'no database '.repeat(500));
  utimesSync(join(home, 'thread_history_1.sqlite'), 1e9, 1e9);
  const before = snapshotOf(home);
  const verdict = schema.judge(await schema.probe(testContext({ home })));
  expect(snapshotOf(home)).toEqual(before);
  expect(verdict.details).toEqual({
    'state DB schema': 'version 62',
    'log DB schema': 'version 2',
    'goals DB schema': 'version 2',
    'memories DB schema': 'not set up',
    'queue DB schema': 'version 2',
    'thread history DB schema': 'not read (not a database)',
  });
  expect(verdict.issues.map(({ severity, measured }) => [severity, measured])).toEqual([
    ['fail', '1 checksum differs: 7'],
    ['warning', 'not recorded: 1'],
    ['fail', 'begun and not recorded as done: 2'],
    ['warning', 'tables without a migration record: notes'],
  ]);
});
