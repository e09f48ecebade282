import { mkdirSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { testContext } from '../../fixtures/context.ts';
import { anotherProcess, leaveLog, makeDatabase, overwrite, snapshotOf } from '../../fixtures/databases.ts';
import { temporaryHome } from '../../fixtures/home.ts';
import type { Verdict } from '../../src/doctor/check.ts';
import type { DatabaseExamination } from '../../src/store/sqlite/examine.ts';
import integrity from './integrity.ts';

type Evidence = Parameters<typeof integrity.judge>[0];

const SOUND: DatabaseExamination = {
  reading: { kind: 'read', value: { findings: [] }, method: 'in_place', bytes: 8_192 },
  header: 'sound',
  size: { bytes: 8_192, promisedBytes: 8_192 },
  log: { kind: 'absent' },
  held: undefined,
};

function evidence(change: Partial<DatabaseExamination>, more: Partial<Evidence> = {}): Evidence {
  return {
    agent: 'Codex',
    sqliteHome: '/home/me/.codex',
    source: 'default',
    isHome: false,
    listing: 'read',
    missing: [],
    databases: [
      {
        label: 'state DB',
        path: '/home/me/.codex/state_5.sqlite',
        breaks: 'thread list, resume and search',
        notWritable: undefined,
        examination: { ...SOUND, ...change },
      },
    ],
    ...more,
  };
}

const failed = (failureClass: string, more: object = {}): { reading: DatabaseExamination['reading'] } => ({
  reading: {
    kind: 'failed',
    class: failureClass,
    code: 'CODE',
    message: 'said the engine',
    file: '/home/me/.codex/state_5.sqlite',
    ...more,
  } as DatabaseExamination['reading'],
});

const holder = { pid: 4711, command: 'codex' };

test.each<[string, Partial<DatabaseExamination>, string, string, string]>([
  [
    'findings',
    {
      reading: {
        kind: 'read',
        value: { findings: ['Tree 3 page 4: bad', 'b', 'c', 'd'] },
        method: 'copy',
        bytes: 1,
      },
    },
    'fail',
    'corrupt',
    'Tree 3 page 4: bad; b; c',
  ],
  [
    'cut short',
    { ...failed('corrupt'), size: { bytes: 4_096, promisedBytes: 8_192 } },
    'fail',
    'corrupt',
    '4096 of 8192 bytes',
  ],
  [
    'no header',
    { ...failed('not_a_database'), header: 'foreign' },
    'fail',
    'not_a_database',
    'does not begin as',
  ],
  ['a zeroed header', { ...failed('not_a_database'), header: 'zeroed' }, 'fail', 'not_a_database', 'zeros'],
  ['a header kept up by the log', { header: 'zeroed' }, 'fail', 'corrupt', 'first 100 bytes are zero'],
  [
    'a lock',
    { ...failed('locked'), held: { from: 'reading', by: holder } },
    'fail',
    'locked',
    'exclusive lock',
  ],
  [
    'a lock of nobody known',
    { ...failed('locked'), held: { from: 'reading', by: undefined } },
    'fail',
    'locked',
    'exclusive lock',
  ],
  [
    'a lock around a readable copy',
    { held: { from: 'reading', by: holder } },
    'fail',
    'locked',
    'exclusive lock',
  ],
  [
    'a writer that holds on',
    { held: { from: 'writing', by: holder, forMs: 600 } },
    'warning',
    'locked',
    '600 ms',
  ],
  ['a denied file', failed('permissions'), 'fail', 'permissions', 'CODE'],
  ['a directory', failed('wrong_type', { found: 'directory' }), 'fail', 'wrong_type', 'directory'],
  ['a disk error', failed('unreadable'), 'fail', 'unreadable', 'said the engine'],
  ['a task that failed', failed('schema'), 'fail', 'unreadable', 'said the engine'],
  [
    'a restless owner',
    failed('unreadable', { code: 'KEPT_CHANGING' }),
    'warning',
    'unreadable',
    'said the engine',
  ],
  ['no byte', { reading: { kind: 'empty', walBytes: 0 } }, 'warning', 'not_a_database', '0 bytes'],
  [
    'no byte but a log',
    { reading: { kind: 'empty', walBytes: 99 } },
    'warning',
    'not_a_database',
    '99 bytes',
  ],
  [
    'a broken log',
    { log: { kind: 'broken_frame', frame: 2, lostFrames: 7 } },
    'warning',
    'corrupt',
    'frame 2',
  ],
  [
    'a log without a header',
    { log: { kind: 'bad_header', bytes: 99 } },
    'warning',
    'corrupt',
    'header is invalid',
  ],
  [
    'no answer in time',
    { reading: { kind: 'timeout', timeoutMs: 5_000, bytes: 77 } },
    'warning',
    'timeout',
    '77 bytes, no answer within 5000 ms',
  ],
])('%s', (_name, change, severity, failureClass, measured) => {
  const [issue, ...others] = integrity.judge(evidence(change)).issues;
  expect(others).toEqual([]);
  expect(issue).toMatchObject({
    severity,
    failure: { class: failureClass, phase: expect.any(String) as string },
  });
  expect(issue?.measured).toContain(measured);
  expect(issue?.cause).toContain('state_5.sqlite');
  expect(issue?.fields).toEqual(['state DB integrity']);
});

test.each<[string, Partial<DatabaseExamination>]>([
  ['locked', failed('locked')],
  ['denied', failed('permissions')],
  ['busy', failed('unreadable', { code: 'KEPT_CHANGING' })],
  ['slow', { reading: { kind: 'timeout', timeoutMs: 5_000, bytes: 77 } }],
])('a database that is only %s stays where it is', (_name, change) => {
  const [issue] = integrity.judge(evidence(change)).issues;
  expect(issue?.remedy).not.toMatch(/\bmove (it|the|then)/);
  expect(issue?.command).toBeUndefined();
});

test('whoever holds the lock is named', () => {
  const verdict = integrity.judge(evidence({ ...failed('locked'), held: { from: 'reading', by: holder } }));
  expect(verdict.summary).toContain('process 4711 (codex)');
  expect(verdict.issues[0]?.remedy).toContain('do not move or delete');
});

test('damage names what breaks, and a backup that can be copied to a shell', () => {
  const [issue] = integrity.judge(evidence(failed('corrupt'))).issues;
  expect(issue?.remedy).toContain('thread list, resume and search');
  expect(issue?.command).toBe(
    'mkdir -p database-backup && cp -a /home/me/.codex/state_5.sqlite* database-backup/',
  );
});

test('a path with a quote in it is copied by a command all the same', () => {
  const base = evidence(failed('corrupt'));
  const databases = base.databases.map((database) => ({ ...database, path: "/home/o'neil/state_5.sqlite" }));
  expect(integrity.judge({ ...base, databases }).issues[0]?.command).toContain(
    String.raw`cp -a /home/'o'\''neil'/state_5.sqlite* `,
  );
});

test('damage of a database that the agent does not know is only a warning', () => {
  const base = evidence(failed('corrupt'));
  const databases = base.databases.map((database) => ({
    ...database,
    label: 'mine.sqlite',
    path: '/home/me/.codex/mine.sqlite',
    breaks: undefined,
  }));
  const [issue] = integrity.judge({ ...base, databases }).issues;
  expect(issue).toMatchObject({ severity: 'warning' });
  // The agent will not make anew what it never made.
  expect(issue?.remedy).toContain('does not know this file');
  expect(issue?.remedy).not.toContain('makes a new');
});

test.each([
  ['denied', 'fail', 'permissions'],
  ['wrong_type', 'fail', 'wrong_type'],
  ['dangling', 'fail', 'wrong_type'],
  ['loop', 'fail', 'wrong_type'],
  ['failed', 'fail', 'unreadable'],
])('a folder that is %s is one issue, not one per database', (listing, severity, failureClass) => {
  expect(integrity.judge(evidence(failed('permissions'), { listing })).issues).toMatchObject([
    { severity, failure: { class: failureClass }, fields: ['sqlite home'] },
  ]);
});

test.each<[string, Partial<Evidence>, Verdict['kind'], string | undefined]>([
  ['all sound', {}, 'judged', undefined],
  ['a home that was never made', { listing: 'missing', databases: [], isHome: true }, 'idle', undefined],
  [
    'no home where one was named',
    { listing: 'missing', databases: [], isHome: true, source: 'CODEX_HOME' },
    'skipped',
    'state.paths',
  ],
  ['a file as home', { listing: 'wrong_type', isHome: true }, 'skipped', 'state.paths'],
  [
    'a configured folder that is yet to be made',
    { listing: 'missing', databases: [], source: 'CODEX_SQLITE_HOME' },
    'idle',
    undefined,
  ],
  ['a home without databases', { databases: [] }, 'idle', undefined],
])('%s', (_name, more, kind, skippedBecause) => {
  const verdict = integrity.judge(evidence({}, more));
  expect(verdict).toMatchObject({ kind, issues: [] });
  expect(verdict.skippedBecause).toBe(skippedBecause);
  expect(verdict.summary).not.toBe('');
});

async function examined(home: string): Promise<Verdict> {
  return integrity.judge(await integrity.probe(testContext({ home })));
}

const classesOf = ({ issues }: Verdict): string[] =>
  issues.map(({ severity, failure }) => `${severity} ${failure?.class}`);

test('a home with one of everything, and nothing in it changes', async () => {
  const home = temporaryHome();
  const path = (name: string): string => join(home, name);
  makeDatabase(path('state_5.sqlite'));
  leaveLog(path('logs_2.sqlite'), { sharedMemory: true });
  makeDatabase(path('goals_1.sqlite'));
  truncateSync(path('goals_1.sqlite'), 8_192);
  mkdirSync(path('memories_1.sqlite'));
  writeFileSync(path('queue_1.sqlite'), '');
  symlinkSync('nowhere', path('thread_history_1.sqlite'));
  writeFileSync(path('other.sqlite'), 'no database. '.repeat(1_000));
  for (const name of ['goals_1.sqlite', 'other.sqlite', 'state_5.sqlite']) utimesSync(path(name), 1e9, 1e9);
  const before = snapshotOf(home);
  const verdict = await examined(home);
  expect(snapshotOf(home)).toEqual(before);
  expect(verdict.details).toMatchObject({
    'state DB integrity': 'ok',
    'log DB integrity': 'ok',
    'goals DB integrity': 'corrupt',
    'memories DB integrity': 'wrong type',
    'queue DB integrity': 'empty',
    'thread history DB integrity': 'wrong type',
    'other.sqlite integrity': 'not a database',
    'missing databases': ['memories v2 DB'],
  });
  expect(classesOf(verdict)).toEqual([
    'fail corrupt',
    'fail wrong_type',
    'warning not_a_database',
    'fail wrong_type',
    'warning not_a_database',
  ]);
});

test('a header destroyed behind a whole log is told apart from a lost database', async () => {
  const home = temporaryHome();
  const path = join(home, 'state_5.sqlite');
  leaveLog(path, { sharedMemory: true });
  overwrite(path, 0, Buffer.alloc(100));
  utimesSync(path, 1e9, 1e9);
  const { issues } = await examined(home);
  expect(issues[0]).toMatchObject({ severity: 'fail' });
  expect(issues[0]?.remedy).toContain(`${path}-wal`);
});

test('an index that disagrees with its table is found in a small database', async () => {
  const home = temporaryHome();
  const path = join(home, 'state_5.sqlite');
  makeDatabase(path);
  const database = new Database(path);
  database.unsafeMode();
  database.pragma('writable_schema = ON');
  database.exec(
    "UPDATE sqlite_schema SET sql = 'CREATE INDEX notes_text ON notes(id)' WHERE name = 'notes_text'",
  );
  database.close();
  expect(classesOf(await examined(home))).toEqual(['fail corrupt']);
});

test('a damaged log over a sound database is found', async () => {
  const home = temporaryHome();
  const path = join(home, 'state_5.sqlite');
  leaveLog(path, { sharedMemory: false });
  overwrite(`${path}-wal`, 32 + 24 + 50, Buffer.alloc(16, 0xff));
  utimesSync(`${path}-wal`, 1e9, 1e9);
  utimesSync(path, 1e9, 1e9);
  const verdict = await examined(home);
  expect(classesOf(verdict)).toEqual(['warning corrupt']);
  expect(verdict.issues[0]?.measured).toContain('frame 1');
});

test.runIf(process.platform === 'linux').each([
  ['keeps the write lock', 'warning locked', "database.exec('BEGIN IMMEDIATE')"],
  [
    'shuts everybody out',
    'fail locked',
    "database.pragma('locking_mode = EXCLUSIVE'); database.exec('BEGIN EXCLUSIVE; UPDATE notes SET text = 1')",
  ],
])('a process that %s is named', async (_name, expected, script) => {
  const home = temporaryHome();
  const path = join(home, 'state_5.sqlite');
  makeDatabase(path);
  const { pid } = await anotherProcess(path, script);
  const verdict = await examined(home);
  expect(classesOf(verdict)).toEqual([expected]);
  expect(verdict.summary).toContain(String(pid));
});

test('a home that may not be entered is the fault of state.paths', async () => {
  const context = testContext({ home: temporaryHome({ 'state_5.sqlite': '' }) });
  const files: typeof context.files = {
    ...context.files,
    look: (path) => (path.endsWith('/.') ? { kind: 'denied', code: 'EACCES' } : context.files.look(path)),
  };
  const verdict = integrity.judge(await integrity.probe({ ...context, files }));
  expect(verdict).toMatchObject({ kind: 'skipped', skippedBecause: 'state.paths', issues: [] });
});

test.each<[string, string | undefined, string | undefined]>([
  ['the database', '', 'state_5.sqlite'],
  ['its log', '-wal', 'state_5.sqlite-wal'],
  ['its index', '-shm', 'state_5.sqlite-shm'],
  ['nothing', undefined, undefined],
])('what the agent may not write to: %s', async (_title, denied, named) => {
  const home = temporaryHome();
  makeDatabase(join(home, 'state_5.sqlite'));
  const context = testContext({ home });
  const files: typeof context.files = {
    ...context.files,
    writeAccess: (path) => (path === `${join(home, 'state_5.sqlite')}${denied}` ? 'denied' : 'granted'),
  };
  const { issues, details } = integrity.judge(await integrity.probe({ ...context, files }));
  expect(issues.map(({ failure, measured }) => [failure?.class, measured])).toEqual(
    named === undefined ? [] : [['permissions', `write access denied: ${join(home, named)}`]],
  );
  expect(details['state DB not writable']).toBe(named && join(home, named));
});

test('a folder that cannot be written to is the fault of state.paths', async () => {
  const home = temporaryHome();
  makeDatabase(join(home, 'state_5.sqlite'));
  const context = testContext({ home });
  const files: typeof context.files = { ...context.files, writeAccess: () => 'denied' };
  expect(integrity.judge(await integrity.probe({ ...context, files })).issues).toEqual([]);
});
