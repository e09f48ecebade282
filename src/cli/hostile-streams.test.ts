import { spawn } from 'node:child_process';
import type { StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, linkSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { builtLauncher } from '../../fixtures/built-program/launcher.ts';
import { makeBaseHome } from '../../fixtures/hostile/base-home.ts';
import { rolloutPlace, session, threadId } from '../../fixtures/rollouts.ts';
import { programPath, runNode, WARM_START } from '../../fixtures/run.ts';
import { schemaErrors } from '../../fixtures/schema.ts';
import type { RedactedReport } from '../doctor/report.ts';

/* Signals, and standard streams that are closed, full or slow. */

const base = makeBaseHome();
afterAll(base.remove);
const { root, home, user, project } = base;
const env = { ...WARM_START, HOME: user, CODEX_HOME: home, PATH: '/usr/bin:/bin' };
const DOCTOR = [await builtLauncher(), 'doctor', '--json', '--offline', '--no-exec'];

/** Valid, with a row for every check; throws when the text was cut. */
function reportOf(stdout: string): RedactedReport {
  const report = JSON.parse(stdout) as RedactedReport;
  expect(schemaErrors(report)).toEqual([]);
  return report;
}

const healthy = await runNode(DOCTOR, { cwd: project, env });
const expected = {
  exitCode: healthy.exitCode,
  checks: Object.keys(reportOf(healthy.stdout).checks),
};

describe('Ctrl-C in the middle of a large home', () => {
  const SESSIONS = 20_000;
  const large = join(root, 'large');
  const first = join(large, rolloutPlace({ id: threadId(0) }));
  mkdirSync(dirname(first), { recursive: true });
  writeFileSync(first, session(threadId(0)));
  for (let number = 1; number < SESSIONS; number += 1)
    linkSync(first, join(large, rolloutPlace({ id: threadId(number) })));

  test.each([1_000, 5_000, SESSIONS - 1_000])('after %i looks: the partial report', async (looks) => {
    const { exitCode, signal, stdout, stderr } = await runNode(
      ['--require', programPath('interrupt-midway.cjs'), ...DOCTOR, '--home', large],
      { cwd: project, env: { ...env, INTERRUPT_AFTER_LOOKS: String(looks) } },
    );
    expect({ exitCode, signal, stderr }).toEqual({ exitCode: 130, signal: null, stderr: '' });
    const { interrupted, checks, counts } = reportOf(stdout);
    expect(Object.keys(checks)).toEqual(expected.checks);
    expect({ interrupted, crashed: counts.crashed }).toEqual({ interrupted: true, crashed: 0 });
    expect(counts.incomplete).toBeGreaterThan(0);
  });
});

/** Runs the doctor with streams of the test's own, and collects what comes through those that are pipes. */
async function withStreams(stdio: StdioOptions) {
  const child = spawn(process.execPath, DOCTOR, { cwd: project, env, stdio });
  const texts = [child.stdout, child.stderr].map(async (stream) => {
    let text = '';
    for await (const chunk of stream ?? []) text += String(chunk);
    return text;
  });
  const [exitCode] = (await once(child, 'close')) as [number | null];
  const [stdout = '', stderr = ''] = await Promise.all(texts);
  return { exitCode, stdout, stderr };
}

const inShell = async (script: string) => {
  const child = spawn('/bin/sh', ['-c', script, process.execPath, ...DOCTOR], { cwd: project, env });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  const [exitCode] = (await once(child, 'close')) as [number | null];
  return { exitCode, stdout };
};

test.each([
  ['standard input is closed', '"$0" "$@" <&-', true],
  ['standard error is closed', '"$0" "$@" 2>&-', true],
  ['standard output is closed', '"$0" "$@" >&-', false],
  ['all of them are closed', '"$0" "$@" <&- >&- 2>&-', false],
  ['standard input is a folder', '"$0" "$@" < /', true],
  ['standard input never ends', '"$0" "$@" < /dev/zero', true],
])('%s', async (_, script, isShown) => {
  const { exitCode, stdout } = await inShell(script);
  expect(exitCode).toBe(expected.exitCode);
  const shown = stdout === '' ? [] : Object.keys(reportOf(stdout).checks);
  expect(shown).toEqual(isShown ? expected.checks : []);
});

test('a reader that leaves at once changes nothing about the verdict', async () => {
  const { exitCode, stderr } = await runNode(DOCTOR, {
    cwd: project,
    env,
    onStart: (child) => child.stdout?.destroy(),
  });
  expect({ exitCode, stderr }).toEqual({ exitCode: expected.exitCode, stderr: '' });
});

test('a report of several pipes arrives whole, however slowly it is read', async () => {
  const servers = Array.from(
    { length: 400 },
    (_, number) => `[mcp_servers.server-${number}]\ncommand = "/nonexistent/server-${number}"\n`,
  );
  const wordy = join(root, 'wordy');
  mkdirSync(wordy);
  writeFileSync(join(wordy, 'config.toml'), servers.join('\n'));
  const { stdout } = await inShell(`"$0" "$@" --home '${wordy}' | "$0" '${programPath('slow-reader.ts')}'`);
  expect(stdout.length).toBeGreaterThan(2 * PIPE_BYTES);
  expect(Object.keys(reportOf(stdout).checks)).toEqual(expected.checks);
});

const PIPE_BYTES = 64 * 1024;

test.each([
  ...(process.platform === 'linux' ? [['ENOSPC', '/dev/full', 'w'] as const] : []),
  ['EBADF', '/dev/null', 'r'] as const,
])('a report that nobody can store is no success: %s', async (code, path, mode) => {
  const output = openSync(path, mode);
  try {
    const { exitCode, stderr } = await withStreams(['ignore', output, 'pipe']);
    expect(stderr).toContain(code);
    expect(exitCode).toBe(3);
  } finally {
    closeSync(output);
  }
});
