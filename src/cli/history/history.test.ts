import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryHome } from '../../../fixtures/home.ts';
import { stethos } from '../../../fixtures/run.ts';
import { sampleReport } from '../../../fixtures/sample-report.ts';
import { redactReport } from '../../doctor/redact-report.ts';
import type { Report, Status } from '../../doctor/report.ts';
import { useHistory } from '../../history/open.ts';
import { historyPath } from '../../history/place.ts';
import { recordRun } from '../../history/record.ts';
import { newParser } from '../command-line.ts';
import { runHistory } from './history.ts';
import { buildHistoryOptions, historyOptions } from './options.ts';

interface Machine {
  readonly home: string;
  readonly path: string;
  readonly history: (...argv: string[]) => Promise<string>;
  readonly record: (...reports: Partial<Report>[]) => Promise<void>;
}

/** A user's home, `stethos history` in it, and runs to be kept there. */
function machine(): Machine {
  const home = temporaryHome();
  const env = { HOME: home };
  const path = historyPath(env);
  return {
    home,
    path,
    history: (...argv) =>
      runHistory(buildHistoryOptions(newParser(argv, 'stethos history', historyOptions)).parseSync(), {
        env,
        cwd: home,
      }),
    record: async (...reports) => {
      for (const more of reports) {
        const report = { ...sampleReport, ...more };
        const clean = redactReport(report, { userDirectory: home, hostName: 'host' });
        expect(await recordRun(clean, { path, keep: 200, homes: [report.target.home] })).toBeUndefined();
      }
    },
  };
}

const [id = ''] = Object.keys(sampleReport.checks);

/** A report of a day of November in which one check has this status. */
function onDay(day: number, status: Status): Partial<Report> {
  const row = sampleReport.checks[id];
  if (!row) throw new Error('the sample report has a row');
  return {
    generatedAt: `2026-11-${day}T10:00:00.000Z`,
    checks: { ...sampleReport.checks, [id]: { ...row, status } },
  };
}

test('without any run it is said how runs are kept', async () => {
  const { history, path } = machine();
  expect(await history()).toContain('[history] enabled = true');
  expect(JSON.parse(await history('--json'))).toEqual({ schemaVersion: 1, runs: [] });
  expect(await history('flaps')).toContain('No run is kept.');
  expect((await useHistory(path, { create: false }, () => 0)).kind).toBe('absent');
});

test('the list: newest first, as many as asked for, of one agent or home', async () => {
  const { history, record, home } = machine();
  const target = { ...sampleReport.target, profile: 'stethos', home: join(home, '.stethos'), version: null };
  await record(
    onDay(10, 'ok'),
    { target, overallStatus: 'ok', interrupted: true, durationMs: 1_540 },
    onDay(12, 'fail'),
  );
  const { fail, warning, ok } = sampleReport.counts;
  const rest = `${fail}     ${warning}     ${ok}   -     `;
  expect(await history()).toBe(
    [
      'ID  WHEN                  AGENT          HOME                   VERDICT           FAIL  WARN  OK  EXIT  TOOK',
      `3   2026-11-12 10:00:00Z  codex 0.169.0  /home/<user:1>/.codex  fail              ${rest}0.0 s`,
      `2   2026-11-20 10:00:00Z  stethos        ~/.stethos             ok (interrupted)  ${rest}1.5 s`,
      `1   2026-11-10 10:00:00Z  codex 0.169.0  /home/<user:1>/.codex  fail              ${rest}0.0 s`,
      '',
    ].join('\n'),
  );
  const idsOf = async (...argv: string[]): Promise<readonly number[]> =>
    (JSON.parse(await history('--json', ...argv)) as { runs: { id: number }[] }).runs.map((run) => run.id);
  expect(await idsOf('--limit', '2')).toEqual([3, 2]);
  expect(await idsOf('--target', 'codex')).toEqual([3, 1]);
  expect(await idsOf('--home', join(home, '.stethos'))).toEqual([2]);
  expect(await idsOf('--home', '.stethos')).toEqual([2]);
  expect(await idsOf('--home', '/home/ann/.codex')).toEqual([3, 1]);
  // Shown alike, and yet another home.
  expect(await idsOf('--home', '/home/bob/.codex')).toEqual([]);
});

test('a kept report in any format, and what changed from one to another', async () => {
  const { history, record } = machine();
  await record(onDay(10, 'ok'), onDay(11, 'fail'));
  expect(await history('show', '1')).toContain('Verdict: ');
  expect(JSON.parse(await history('show', '2', '--json'))).toMatchObject({
    generatedAt: '2026-11-11T10:00:00.000Z',
    schemaVersion: 1,
  });
  expect(await history('show', '1', '--format', 'summary')).toContain('Verdict: ');
  expect(await history('diff', '1', '2')).toContain(id);
  expect(JSON.parse(await history('diff', '1', '2', '--json'))).toMatchObject({
    schemaVersion: 1,
    checks: [{ check: id }],
  });
});

test('what came and went, and what broke once', async () => {
  const { history, record } = machine();
  await record(onDay(10, 'ok'), onDay(11, 'fail'), onDay(12, 'ok'));
  expect(await history('flaps')).toBe(
    `codex at /home/<user:1>/.codex, 3 runs\n  ${id}  recovered, good now  since 2026-11-12 10:00:00Z  ok 1 · fail 2 · ok 3\n`,
  );
  await record(onDay(13, 'fail'));
  expect(await history('flaps')).toContain(
    `${id}  flapping: 3 changes, bad now  since 2026-11-11 10:00:00Z  ok 1 · fail 2 · ok 3 · fail 4`,
  );
  expect(await history('flaps', '--runs', '2')).toContain(`${id}  broke, bad now`);
  const { targets } = JSON.parse(await history('flaps', '--json', '--changes', '4')) as {
    targets: { checks: { kind: string; changes: number }[] }[];
  };
  expect(targets[0]?.checks[0]).toMatchObject({ kind: 'broke', changes: 3 });
});

test('clearing says what it would remove, and removes it when told so', async () => {
  const { history, record, path } = machine();
  await record({}, {});
  await expect(history('clear')).rejects.toMatchObject({
    name: 'UsageError',
    message: 'history clear removes 2 runs for good.',
  });
  expect(await history('clear', '--yes')).toBe('2 runs removed.\n');
  expect(await history()).toContain('No run is kept.');
  writeFileSync(path, 'x'.repeat(9_999));
  await expect(history()).rejects.toMatchObject({
    name: 'Problem',
    message: expect.stringContaining('stethos history clear --yes begins a new one') as string,
  });
  expect(await history('clear', '--yes')).toBe('The damaged history was removed.\n');
});

test.each([
  [['shw'], 'UsageError'],
  [['show'], 'UsageError'],
  [['show', 'x'], 'UsageError'],
  [['show', '1', '2'], 'UsageError'],
  [['show', '1', '--format', 'jnuit'], 'UsageError'],
  [['show', '1', '--format', 'json', '--json'], 'UsageError'],
  [['diff', '1'], 'Problem'],
  [['--limit', '0'], 'UsageError'],
  [['--limit', 'many'], 'UsageError'],
  [['flaps', '--runs', '1.5'], 'UsageError'],
  [['show', '9'], 'Problem'],
])('%j', async (argv, name) => {
  await expect(async () => machine().history(...argv)).rejects.toMatchObject({ name });
});

test('what somebody wrote into the file steers no terminal', async () => {
  const { history, record, path } = machine();
  await record({});
  await useHistory(path, { create: false }, (database) => {
    database.prepare('UPDATE run SET home = ?, verdict = ?').run('\u001b]0;x\u0007', '\u202eok\n');
  });
  for (const argv of [[], ['flaps']]) {
    const text = await history(...argv);
    // oxlint-disable-next-line no-control-regex -- control characters are what this is about
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  }
});

test('as a process: the doctor keeps its runs when asked to, and they are shown', async () => {
  const home = temporaryHome({ '.codex/config.toml': '' });
  const env = { HOME: home, PATH: dirname(process.execPath) };
  mkdirSync(join(home, 'work'));
  const run = (...args: string[]): ReturnType<typeof stethos> =>
    stethos(args, { env, cwd: join(home, 'work') });
  const doctor = ['doctor', '--offline', '--only', 'config.load', '--summary'];
  const plain = await run(...doctor);
  const kept = await run(...doctor, '--history');
  expect([plain.exitCode, kept.exitCode, kept.stderr]).toEqual([plain.exitCode, plain.exitCode, '']);
  const { exitCode, stdout, stderr } = await run('history', '--json');
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(JSON.parse(stdout)).toMatchObject({ runs: [{ id: 1, profile: 'codex', home: '~/.codex' }] });
});
