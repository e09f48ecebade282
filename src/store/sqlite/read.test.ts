import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test, vi } from 'vitest';
import {
  anotherProcess,
  leaveLog,
  makeDatabase,
  overwrite,
  snapshotOf,
} from '../../../fixtures/databases.ts';
import { temporaryHome } from '../../../fixtures/home.ts';
import { files } from '../../host/files.ts';
import type { Files } from '../../host/files.ts';
import type { DatabaseRead } from './outcome.ts';
import { readDatabase } from './read.ts';
import type { Integrity } from './tasks/integrity.ts';

const PAGE = 4096;
const NOISE = Buffer.alloc(PAGE, 0xa5);

/** A folder with one database, and its path. */
function place(): { home: string; path: string } {
  const home = temporaryHome();
  return { home, path: join(home, 'state_5.sqlite') };
}

const integrityOf = (path: string, more: Parameters<typeof readDatabase>[2] = {}) =>
  readDatabase(path, { task: 'integrity', input: { depth: 'quick' } }, more);

/** One word for what came out, so that a table can hold it. */
function wordFor(read: DatabaseRead<Integrity>): string {
  if (read.kind === 'failed') return read.class;
  if (read.kind === 'read')
    return `${read.value.findings.length === 0 ? 'sound' : 'corrupt'}, ${read.method}`;
  return read.kind;
}

/** Files that were written a moment ago could still be changing; these were not. */
function age(folder: string): void {
  const earlier = new Date(Date.now() - 60_000);
  for (const name of readdirSync(folder)) utimesSync(join(folder, name), earlier, earlier);
}

const STATES: readonly (readonly [string, string, (path: string) => void])[] = [
  ['closed properly', 'sound, in_place', (path) => makeDatabase(path)],
  ['with a rollback journal', 'sound, in_place', (path) => makeDatabase(path, { journal: 'DELETE' })],
  [
    'an empty log beside it',
    'sound, in_place',
    (path) => (makeDatabase(path), writeFileSync(`${path}-wal`, '')),
  ],
  [
    'an index without a log',
    'sound, in_place',
    (path) => (makeDatabase(path), writeFileSync(`${path}-shm`, '')),
  ],
  ['left by a killed process', 'sound, in_place', (path) => leaveLog(path, { sharedMemory: true })],
  [
    'noise in place of the log, behind its index',
    'sound, copy',
    (path) => (leaveLog(path, { sharedMemory: true }), writeFileSync(`${path}-wal`, NOISE)),
  ],
  ['copied without its index', 'sound, copy', (path) => leaveLog(path, { sharedMemory: false })],
  ['a hot journal', 'sound, copy', leaveHotJournal],
  ['noise on a page', 'corrupt, copy', (path) => (makeDatabase(path), overwrite(path, 3 * PAGE, NOISE))],
  [
    'noise on a page behind a log',
    'corrupt',
    (path) => (leaveLog(path, { sharedMemory: true }), overwrite(path, 6 * PAGE, NOISE)),
  ],
  [
    'the schema page is noise',
    'corrupt',
    (path) => (makeDatabase(path), overwrite(path, 100, NOISE.subarray(100))),
  ],
  ['cut in half', 'corrupt', (path) => (makeDatabase(path), truncateSync(path, statSync(path).size / 2))],
  [
    'a zeroed header',
    'not_a_database',
    (path) => (makeDatabase(path), overwrite(path, 0, Buffer.alloc(100))),
  ],
  ['text', 'not_a_database', (path) => writeFileSync(path, 'not a database at all. '.repeat(1_000))],
  ['fewer bytes than a header', 'not_a_database', (path) => writeFileSync(path, 'SQLite format 3\0')],
  ['no byte', 'empty', (path) => writeFileSync(path, '')],
  ['no byte, but a log', 'empty', (path) => (leaveLog(path, { sharedMemory: true }), truncateSync(path, 0))],
  ['nothing', 'missing', () => undefined],
  ['a directory', 'wrong_type', (path) => mkdirSync(path)],
  ['a FIFO', 'wrong_type', (path) => execFileSync('mkfifo', [path])],
  [
    'a FIFO in place of the log',
    'wrong_type',
    (path) => (makeDatabase(path), execFileSync('mkfifo', [`${path}-wal`])),
  ],
  [
    'a directory in place of the journal',
    'wrong_type',
    (path) => (makeDatabase(path), mkdirSync(`${path}-journal`)),
  ],
  ['a dangling link', 'wrong_type', (path) => symlinkSync('nowhere', path)],
  ['a link to itself', 'wrong_type', (path) => symlinkSync(path, path)],
];

test.each(STATES)('%s: %s, and nothing in the folder changes', async (_name, expected, make) => {
  const { home, path } = place();
  make(path);
  if (expected !== 'wrong_type') age(home);
  const before = snapshotOf(home);
  const outcome = wordFor(await integrityOf(path));
  expect(snapshotOf(home)).toEqual(before);
  expect(outcome).toBe(expected);
});

test('no private copy is left behind', async () => {
  const { home, path } = place();
  const temporary = temporaryHome();
  vi.stubEnv('TMPDIR', temporary);
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(tmpdir()).toBe(temporary);
  leaveLog(path, { sharedMemory: false });
  age(home);
  expect(wordFor(await integrityOf(path))).toBe('sound, copy');
  expect(readdirSync(temporary)).toEqual([]);
});

test('a copy is made elsewhere when the temporary folder lies in the examined one', async () => {
  const { home, path } = place();
  mkdirSync(join(home, 'tmp'));
  vi.stubEnv('TMPDIR', join(home, 'tmp'));
  onTestFinished(() => void vi.unstubAllEnvs());
  leaveLog(path, { sharedMemory: false });
  age(home);
  const before = snapshotOf(home);
  expect(wordFor(await integrityOf(path))).toBe('sound, copy');
  expect(snapshotOf(home)).toEqual(before);
});

test('what stands in the log alone is read', async () => {
  const { path } = place();
  leaveLog(path, { sharedMemory: true });
  const inPlace = await readDatabase(path, { task: 'sizes', input: {} });
  rmSync(`${path}-shm`);
  const copied = await readDatabase(path, { task: 'sizes', input: {} });
  expect(inPlace).toMatchObject({ kind: 'read', method: 'in_place' });
  expect(copied).toMatchObject({ kind: 'read', method: 'copy' });
  const { pageCount, pageSizeBytes } = (inPlace as { value: { pageCount: number; pageSizeBytes: number } })
    .value;
  expect(copied).toMatchObject({ value: { pageCount } });
  expect(pageCount * pageSizeBytes).toBeGreaterThan(statSync(path).size);
});

test('the log of a linked database stands beside the target', async () => {
  const { path } = place();
  const other = temporaryHome();
  leaveLog(join(other, 'real.sqlite'), { sharedMemory: true });
  symlinkSync(join(other, 'real.sqlite'), path);
  const before = snapshotOf(other);
  expect(await readDatabase(path, { task: 'sizes', input: {} })).toEqual(
    await readDatabase(join(other, 'real.sqlite'), { task: 'sizes', input: {} }),
  );
  expect(snapshotOf(other)).toEqual(before);
});

test.each([
  ['of a rollback journal', 'locked', "database.pragma('journal_mode = DELETE')"],
  ['of a shared log', 'locked', "database.pragma('user_version')"],
  // Such a holder keeps the index to itself; what it has committed can be read from a copy.
  ['of a log of its own', 'sound, copy', ''],
])('an exclusive lock %s does not look like damage: %s', async (_name, expected, before) => {
  const { home, path } = place();
  makeDatabase(path);
  await anotherProcess(
    path,
    `${before};
     database.pragma('locking_mode = EXCLUSIVE');
     database.exec("BEGIN EXCLUSIVE; INSERT INTO notes(text) VALUES ('new'); COMMIT");
     database.exec("BEGIN EXCLUSIVE; INSERT INTO notes(text) VALUES ('newer')")`,
  );
  age(home);
  const standing = snapshotOf(home);
  expect(wordFor(await integrityOf(path))).toBe(expected);
  expect(snapshotOf(home)).toEqual(standing);
});

test('a writer that never rests is never called corrupt', async () => {
  const { home, path } = place();
  makeDatabase(path);
  await anotherProcess(
    path,
    `database.pragma('wal_autocheckpoint = 20');
     const insert = database.prepare('INSERT INTO notes(text) VALUES (?)');
     const trim = database.prepare('DELETE FROM notes WHERE id % 3 = 0');
     const write = database.transaction(() => {
       for (let row = 0; row < 40; row += 1) insert.run('busy '.repeat(60));
       trim.run();
     });
     (function again() { write(); setImmediate(again); })()`,
  );
  const names = readdirSync(home);
  for (let round = 0; round < 40; round += 1) {
    expect(wordFor(await integrityOf(path))).toBe('sound, in_place');
  }
  expect(readdirSync(home)).toEqual(names);
});

test('a writer that opens and closes all the time is never called corrupt', async () => {
  const { home, path } = place();
  makeDatabase(path);
  await anotherProcess(
    path,
    `(function again() {
       const short = new Database(${JSON.stringify(path)});
       short.prepare('INSERT INTO notes(text) VALUES (?)').run('short '.repeat(60));
       short.close();
       setImmediate(again);
     })(); database.close()`,
  );
  const outcomes = new Set<string>();
  for (let round = 0; round < 40; round += 1) outcomes.add(wordFor(await integrityOf(path)));
  for (const outcome of outcomes) expect(['sound, in_place', 'sound, copy', 'unreadable']).toContain(outcome);
  expect(readdirSync(home).filter((name) => !name.startsWith('state_5.sqlite'))).toEqual([]);
});

test('a denied file is a matter of permissions, whichever file it is', async () => {
  const { path } = place();
  leaveLog(path, { sharedMemory: true });
  for (const denied of [path, `${path}-wal`]) {
    const guarded: Files = {
      ...files,
      readBytes: (file, limits) =>
        file === denied ? { kind: 'denied', code: 'EACCES' } : files.readBytes(file, limits),
    };
    expect(await integrityOf(path, { files: guarded })).toMatchObject({
      kind: 'failed',
      class: 'permissions',
      code: 'EACCES',
      file: denied,
    });
  }
});

test('a task that meets another schema says so', async () => {
  const { path } = place();
  const database = new Database(path);
  database.exec('CREATE TABLE _sqlx_migrations(something)');
  database.close();
  expect(await readDatabase(path, { task: 'migrations', input: {} })).toMatchObject({
    kind: 'failed',
    class: 'schema',
    message: expect.stringContaining('version') as string,
  });
});

test('a view in place of a table is not run', async () => {
  const { path } = place();
  const database = new Database(path);
  database.exec(`CREATE VIEW _sqlx_migrations AS
    WITH RECURSIVE endless(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM endless) SELECT n AS version FROM endless`);
  database.close();
  expect(await readDatabase(path, { task: 'migrations', input: {} })).toMatchObject({
    kind: 'read',
    value: { applied: [], tables: [] },
  });
});

test('a huge integer does not stop a read', async () => {
  const { path } = place();
  const database = new Database(path);
  database.exec(`CREATE TABLE _sqlx_migrations(version, success, checksum);
    INSERT INTO _sqlx_migrations VALUES (9223372036854775807, 1, x'00')`);
  database.close();
  expect(await readDatabase(path, { task: 'migrations', input: {} })).toMatchObject({
    value: { applied: [{ version: 2 ** 63, success: true, checksum: '00' }] },
  });
});

test('a large database is read in a child process and can be stopped', { timeout: 60_000 }, async () => {
  const { home, path } = place();
  makeDatabase(path, { rows: 70_000 });
  expect(statSync(path).size).toBeGreaterThan(17 * 1024 * 1024);
  const before = snapshotOf(home);
  expect(wordFor(await integrityOf(path, { timeoutMs: 60_000 }))).toBe('sound, in_place');
  expect(await integrityOf(path, { timeoutMs: 1 })).toMatchObject({ kind: 'timeout', timeoutMs: 1 });
  expect(await integrityOf(path, { signal: AbortSignal.abort() })).toMatchObject({ kind: 'timeout' });
  overwrite(path, 1_000 * PAGE, NOISE);
  age(home);
  const damaged = snapshotOf(home);
  expect(wordFor(await integrityOf(path, { timeoutMs: 60_000 }))).toBe('corrupt, copy');
  expect(snapshotOf(home)).toEqual(damaged);
  expect(Object.keys(damaged)).toEqual(Object.keys(before));
});

/** A transaction that a killed process had half written into the main file. */
function leaveHotJournal(path: string): void {
  makeDatabase(path, { journal: 'DELETE', rows: 3_000 });
  const database = new Database(path);
  // A cache of one page makes SQLite write to the main file, and so sync the journal, before the commit.
  database.pragma('cache_size = 1');
  database.exec('BEGIN; DELETE FROM notes WHERE id > 10');
  for (const suffix of ['', '-journal']) copyFileSync(path + suffix, `${path}.kept${suffix}`);
  database.exec('ROLLBACK');
  database.close();
  for (const suffix of ['', '-journal']) {
    copyFileSync(`${path}.kept${suffix}`, path + suffix);
    rmSync(`${path}.kept${suffix}`);
  }
}
