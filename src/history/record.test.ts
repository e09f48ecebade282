import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { temporaryHome } from '../../fixtures/home.ts';
import { programPath, runNode } from '../../fixtures/run.ts';
import { sampleReport } from '../../fixtures/sample-report.ts';
import { redactReport } from '../doctor/redact-report.ts';
import type { RedactedReport, Report } from '../doctor/report.ts';
import { clearHistory } from './clear.ts';
import { earlierRows } from './doctor-history.ts';
import { useHistory } from './open.ts';
import { historyPath, homeKey } from './place.ts';
import { checkRows, countRuns, keptReport, keptRuns, keptTargets } from './read.ts';
import { prune, recordRun } from './record.ts';
import { migrate, MIGRATIONS } from './schema.ts';
import type { HistoryDatabase } from './schema.ts';

const redacted = (more: Partial<Report> = {}): RedactedReport =>
  redactReport({ ...sampleReport, ...more }, { userDirectory: '/home/ann', hostName: 'host' });

const newPath = (): string => join(temporaryHome(), 'state/stethos/history.sqlite');

const HOME = '/home/ann/.codex';
const record = (path: string, report = redacted(), keep = 200, home = HOME): Promise<string | undefined> =>
  recordRun(report, { path, keep, homes: [home] });

async function read<Value>(path: string, work: (database: HistoryDatabase) => Value): Promise<Value> {
  const use = await useHistory(path, { create: false }, work);
  if (use.kind !== 'done') throw new Error(JSON.stringify(use));
  return use.value;
}

test('a run comes back as it was, with a row for each check; the file is for its owner alone', async () => {
  const path = newPath();
  const report = redacted();
  expect(await record(path, report)).toBeUndefined();
  expect([statSync(path).mode & 0o777, statSync(dirname(path)).mode & 0o777]).toEqual([0o600, 0o700]);
  expect(await read(path, (database) => keptReport(database, 1))).toEqual(JSON.parse(JSON.stringify(report)));
  expect(await read(path, (database) => keptReport(database, 2))).toBeUndefined();
  const [run] = await read(path, (database) => keptRuns(database, { limit: 5 }));
  expect(run).toEqual({
    id: 1,
    at: report.generatedAt,
    profile: 'codex',
    home: '~/.codex',
    agentVersion: '0.169.0',
    verdict: 'fail',
    interrupted: false,
    exitCode: null,
    durationMs: report.durationMs,
    counts: report.counts,
  });
  const rows = await read(path, (database) =>
    database.prepare('SELECT check_id, status, class FROM run_check ORDER BY check_id').all(),
  );
  expect(rows).toHaveLength(Object.keys(report.checks).length);
  expect(rows).toContainEqual({ check_id: 'state.integrity', status: 'fail', class: 'corrupt' });
});

test('a file that others may read is closed to them', async () => {
  const path = newPath();
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, '', { mode: 0o644 });
  await record(path);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('the newest runs are kept, by number and by bytes', async () => {
  const path = newPath();
  for (let run = 1; run <= 5; run += 1) await record(path, redacted(), 3);
  const ids = (): Promise<readonly number[]> =>
    read(path, (database) => keptRuns(database, { limit: 10 }).map(({ id }) => id));
  expect(await ids()).toEqual([5, 4, 3]);
  await read(path, (database) => {
    const { bytes } = database.prepare<unknown[], { bytes: number }>('SELECT bytes FROM run').get() ?? {
      bytes: 0,
    };
    prune(database, { keep: 10, maxBytes: bytes * 2 });
  });
  expect(await ids()).toEqual([5, 4]);
  expect(
    await read(path, (database) => database.prepare('SELECT DISTINCT run FROM run_check').all()),
  ).toEqual([{ run: 4 }, { run: 5 }]);
});

test('runs are told apart by what they examined', async () => {
  const path = newPath();
  const other = redacted({
    target: { ...sampleReport.target, profile: 'stethos', home: '/home/ann/.stethos' },
  });
  await record(path);
  await record(path, other, 200, '/home/ann/.stethos');
  await record(path);
  expect(await read(path, (database) => keptTargets(database, {}))).toEqual([
    { profile: 'codex', homeKey: homeKey(HOME), home: '~/.codex' },
    { profile: 'stethos', homeKey: homeKey('/home/ann/.stethos'), home: '~/.stethos' },
  ]);
  const runsOf = async (profile: string, home: string): Promise<readonly number[]> => [
    ...new Set((await earlierRows(path, { profile, home })).map(({ run }) => run)),
  ];
  expect(await runsOf('codex', HOME)).toEqual([1, 3]);
  expect(await runsOf('stethos', '/home/ann/.stethos')).toEqual([2]);
  // The same in every report: `/home/<user:1>/.codex`.
  await record(path, redacted(), 200, '/home/bob/.codex');
  expect(await runsOf('codex', HOME)).toEqual([1, 3]);
  expect(await read(path, (database) => keptRuns(database, { profile: 'stethos', limit: 9 }))).toHaveLength(
    1,
  );
  const last = await read(path, (database) => checkRows(database, { runs: 1 }));
  expect(new Set(last.map(({ run }) => run))).toEqual(new Set([4]));
});

test('nothing is written below an examined home, however its path leads there', async () => {
  const home = temporaryHome({ 'agent/config.toml': '' });
  symlinkSync('agent', join(home, 'link'));
  const options = { keep: 1, homes: [join(home, 'agent')] as const };
  for (const path of ['agent/history.sqlite', 'link/new/stethos/history.sqlite'])
    expect(await recordRun(redacted(), { ...options, path: join(home, path) })).toContain(
      'lies in the examined home',
    );
  expect(execFileSync('ls', ['-A', join(home, 'agent')], { encoding: 'utf8' })).toBe('config.toml\n');
});

/** Makes something of a history with one run. */
const FAULTS: readonly (readonly [what: string, make: (path: string) => unknown, line: string])[] = [
  [
    'damaged',
    (path) => writeFileSync(path, 'no database at all, but long enough to be looked at'.repeat(20)),
    'is damaged; stethos history clear --yes begins a new one',
  ],
  [
    'a folder',
    (path) => execFileSync('sh', ['-c', `rm ${path}; mkdir ${path}`]),
    'is a directory, not a file',
  ],
  ['a pipe', (path) => execFileSync('sh', ['-c', `rm ${path}; mkfifo ${path}`]), 'is a fifo, not a file'],
  [
    'of another program',
    (path) => execFileSync('rm', [path]) && new Database(path).exec('CREATE TABLE t (a)').close(),
    'is a database of another program',
  ],
  [
    'of a newer stethos',
    (path) => {
      const database = new Database(path);
      database.pragma('user_version = 9');
      database.close();
    },
    'a newer stethos wrote',
  ],
  [
    'with a damaged page',
    (path) => {
      const bytes = readFileSync(path);
      bytes.fill(0xff, 4096 * 2, 4096 * 4);
      writeFileSync(path, bytes);
    },
    'is damaged',
  ],
];

test.each(FAULTS)(
  'a history that is %s costs one line, and nothing in it changes',
  async (_what, make, line) => {
    const path = newPath();
    await record(path);
    make(path);
    const before = statSync(path).isFile() ? readFileSync(path) : undefined;
    expect(await record(path)).toContain(line);
    expect(await earlierRows(path, { profile: 'codex', home: HOME })).toEqual([]);
    expect(statSync(path).isFile() ? readFileSync(path) : undefined).toEqual(before);
  },
);

test('a history that another process holds costs one line', async () => {
  const path = newPath();
  await record(path);
  const other = new Database(path);
  other.exec('BEGIN EXCLUSIVE');
  expect(await record(path)).toBe(`this run is not kept: another process holds ${path}`);
  other.exec('ROLLBACK');
  other.close();
  expect(await record(path)).toBeUndefined();
});

test('a place where nothing can be made costs one line', async () => {
  expect(await record('/proc/stethos/history.sqlite')).toContain('this run is not kept: ');
});

test('two processes at once, each run kept once', async () => {
  const path = newPath();
  const program = programPath('record-runs.ts');
  const ended = await Promise.all([runNode([program, path, '8']), runNode([program, path, '8'])]);
  expect(ended.map(({ stdout, stderr }) => [stdout, stderr])).toEqual([
    ['begun\n', ''],
    ['begun\n', ''],
  ]);
  expect(await read(path, countRuns)).toBe(16);
});

test('a kill at any moment leaves it sound', async () => {
  const path = newPath();
  for (const afterMs of [0, 3, 11]) {
    await runNode([programPath('record-runs.ts'), path], {
      onStart: (child) => child.stdout?.on('data', () => setTimeout(() => child.kill('SIGKILL'), afterMs)),
    });
    expect(await read(path, (database) => database.pragma('integrity_check', { simple: true }))).toBe('ok');
    const rows = await read(path, (database) =>
      database
        .prepare('SELECT id FROM run WHERE (SELECT count(*) FROM run_check WHERE run = id) <> ?')
        .all(Object.keys(sampleReport.checks).length),
    );
    expect(rows).toEqual([]);
  }
});

test('clearing leaves nothing of a run in the file; a damaged one is removed', async () => {
  const path = newPath();
  await record(path);
  expect(readFileSync(path).includes('state.integrity')).toBe(true);
  expect(await clearHistory(path)).toEqual({ kind: 'done', value: 1 });
  expect(readFileSync(path).includes('state.integrity')).toBe(false);
  writeFileSync(path, 'x'.repeat(5_000));
  expect(await clearHistory(path)).toEqual({ kind: 'done', value: 'damaged' });
  expect(await clearHistory(path)).toEqual({ kind: 'absent' });
  expect(await record(path)).toBeUndefined();
});

test('a file of an older version gets what is new, and keeps what it has', async () => {
  const path = newPath();
  await record(path);
  await read(path, (database) => {
    migrate(database, [...MIGRATIONS, 'ALTER TABLE run ADD COLUMN note TEXT']);
    expect(database.prepare('SELECT id, note FROM run').all()).toEqual([{ id: 1, note: null }]);
    expect(database.pragma('user_version', { simple: true })).toBe(MIGRATIONS.length + 1);
  });
});

test('a history that may only be read is shown, and not written', async () => {
  const path = newPath();
  await record(path);
  chmodSync(path, 0o400);
  expect(await read(path, countRuns)).toBe(1);
});

test.each([
  [{ HOME: '/home/ann' }, 'linux', '/home/ann/.local/state/stethos/history.sqlite'],
  [{ HOME: '/home/ann', XDG_STATE_HOME: '/s' }, 'linux', '/s/stethos/history.sqlite'],
  [{ HOME: '/home/ann', XDG_STATE_HOME: 's' }, 'linux', '/home/ann/.local/state/stethos/history.sqlite'],
  [{ HOME: '/home/ann', LOCALAPPDATA: 'C:\\L' }, 'win32', 'C:\\L/stethos/history.sqlite'],
] as const)('%j on %s', (env, platform, path) => expect(historyPath(env, platform)).toBe(path));
