import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { gateRow, reportOf } from '../../../fixtures/gate.ts';
import { temporaryHome } from '../../../fixtures/home.ts';
import { stethos } from '../../../fixtures/run.ts';
import { redactReport } from '../../doctor/redact-report.ts';
import type { CheckResult } from '../../doctor/report.ts';
import { newParser } from '../command-line.ts';
import { diff as diffCommand } from './diff.ts';

/* `stethos diff` as a process. */

const json = (...rows: readonly CheckResult[]): string =>
  JSON.stringify(redactReport(reportOf(...rows), { userDirectory: '/home/ann' }));

const [fine, other] = ['config.load', 'auth.live'].map((id) => gateRow(id)) as [CheckResult, CheckResult];
const warned = gateRow('auth.live', { status: 'warning', classes: ['expired'] });
const failed = gateRow('auth.live', { status: 'fail', classes: ['expired'] });
const crashed = gateRow('auth.live', { status: 'crashed', summary: 'boom' });

const folder = (contents: Readonly<Record<string, string>>): string => temporaryHome(contents);
const diff = (cwd: string, args: readonly string[], input?: string) =>
  stethos(['diff', ...args], { cwd, ...(input !== undefined && { input }) });

test('what is worse than before makes the exit code 1, at the threshold that was asked for', async () => {
  const cwd = folder({
    'ok.json': json(fine, other),
    'warned.json': json(fine, warned),
    'failed.json': json(fine, failed),
    'crashed.json': json(fine, crashed),
  });
  const runs: readonly [args: readonly string[], exitCode: number, verdict: string][] = [
    [['ok.json', 'failed.json'], 1, 'worse — 1 new failure'],
    [['failed.json', 'ok.json'], 0, 'better — 1 recovered'],
    [['ok.json', 'warned.json', '--fail-on', 'warn'], 1, 'worse — 1 new warning'],
    [['ok.json', 'crashed.json'], 3, 'worse — 1 check without an answer'],
  ];
  for (const [args, exitCode, verdict] of runs) {
    const done = await diff(cwd, args);
    expect({ args, exitCode: done.exitCode, stderr: done.stderr }).toEqual({ args, exitCode, stderr: '' });
    expect(done.stdout).toContain(`Compared: ${verdict}\n`);
  }
});

test('--json is one document; one of the two may be standard input, with words of a program before it', async () => {
  const cwd = folder({ 'ok.json': json(fine, other) });
  const done = await diff(
    cwd,
    ['ok.json', '-', '--json'],
    `npm notice: new version\n${json(fine, failed)}\n`,
  );
  expect({ exitCode: done.exitCode, stderr: done.stderr }).toEqual({ exitCode: 1, stderr: '' });
  expect(JSON.parse(done.stdout)).toMatchObject({
    schemaVersion: 1,
    checks: [{ check: 'auth.live', change: 'failed', before: { status: 'ok' } }],
    unchanged: 1,
  });
});

test('a secret in a report that somebody hands in is not shown', async () => {
  const secret = `sk-proj-${'a1B2c3D4'.repeat(6)}`;
  const cwd = folder({ 'ok.json': json(fine) });
  writeFileSync(
    join(cwd, 'bad.json'),
    JSON.stringify(reportOf(gateRow('config.load', { details: { key: `${secret}\u001B[2J` } }))),
  );
  const { exitCode, stdout } = await diff(cwd, ['ok.json', 'bad.json']);
  expect(exitCode).toBe(0);
  expect(stdout).toContain('key: not there → <openai-key:1>');
  expect(stdout).not.toContain(secret.slice(8, 24));
  expect(stdout).not.toContain('\u001B');
});

test('what is no report is explained, with exit code 2', async () => {
  const cwd = folder({ 'ok.json': json(fine), 'other.json': '{"name":"stethos"}', 'empty.json': '' });
  const runs: readonly [args: readonly string[], words: string][] = [
    [['ok.json'], 'diff takes two reports'],
    [['ok.json', 'gone.json'], 'gone.json does not exist.'],
    [['ok.json', '.'], 'cannot be read (EISDIR)'],
    [['other.json', 'ok.json'], 'other.json holds no report: its JSON is not the report of a doctor.'],
    [['ok.json', 'empty.json'], 'empty.json holds no report: it is empty.'],
  ];
  for (const [args, words] of runs) {
    const paths = args.map((name) => join(cwd, name));
    await expect(diffCommand(paths, newParser)).rejects.toThrow(words);
  }
  await expect(diffCommand(['-', '-'], newParser)).rejects.toThrow('Only one of the two');
  const { exitCode, stdout } = await diff(cwd, ['ok.json', 'gone.json']);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
});
