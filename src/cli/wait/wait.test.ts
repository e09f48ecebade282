import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryHome } from '../../../fixtures/home.ts';
import { stethos } from '../../../fixtures/run.ts';
import { newParser } from '../command-line.ts';
import { wait as waitCommand } from './wait.ts';

/* `stethos wait` as a process, over a home that becomes well while it waits. */

const BROKEN = 'model = ';
const WHOLE = 'model = "gpt-5"\n';
const wait = (home: string, args: readonly string[], options: Parameters<typeof stethos>[1] = {}) =>
  stethos(['wait', '--home', home, '--offline', '--no-exec', ...args], {
    cwd: temporaryHome(),
    ...options,
  });

test('it waits until the fault is gone, and says a line for each change', async () => {
  const home = temporaryHome({ 'config.toml': BROKEN });
  const { exitCode, stdout, stderr } = await wait(
    home,
    ['--until', 'config.load', '--every', '100ms', '--for', '50s'],
    {
      onStart: (child) => child.stderr?.once('data', () => writeFileSync(join(home, 'config.toml'), WHOLE)),
    },
  );
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' });
  expect(stderr).toMatch(
    /^stethos: after [\d.]+ s: Verdict: failed — 1 failure — config\.load: [^\n]+\(next look in [\d.]+ s\)\nstethos: reached config\.load after [\d.]+ s, \d+ examinations\n$/,
  );
});

test('what is not reached in time ends with the last summary and exit code 1', async () => {
  const home = temporaryHome({ 'config.toml': BROKEN });
  const { exitCode, stdout, stderr } = await wait(home, ['--only', 'config.load', '--for', '300ms']);
  expect(exitCode).toBe(1);
  expect(stdout).toContain('✗ config');
  expect(stderr).toMatch(/stethos: not reached ok after [\d.]+ s, \d+ examinations?\n$/);
});

test('Ctrl-C ends it with what is known, exit code 130', async () => {
  const home = temporaryHome({ 'config.toml': BROKEN });
  const { exitCode, stdout, stderr } = await wait(home, ['--only', 'config.load', '--for', '50s'], {
    onStart: (child) => child.stderr?.once('data', () => child.kill('SIGINT')),
  });
  expect(exitCode).toBe(130);
  expect(stdout).toContain('✗ config');
  expect(stderr).toContain('stethos: interrupted before it reached ok');
});

test('a fault that only warns is enough for --until warning, and a waiver for --until ok', async () => {
  const home = temporaryHome({ 'config.toml': 'modle = "gpt-5"\n' });
  const only = ['--only', 'config.keys', '--for', '200ms'];
  expect(await wait(home, ['--until', 'warning', ...only])).toMatchObject({ exitCode: 0 });
  expect(await wait(home, only)).toMatchObject({ exitCode: 1 });
  const cwd = temporaryHome({
    'stethos.toml':
      '[[waiver]]\ncheck = "config.keys"\nreason = "a typo that we keep"\nexpires = 9999-12-31\n',
  });
  expect(await wait(home, only, { cwd })).toMatchObject({ exitCode: 0 });
});

test('an unknown check is a wrong command line', async () => {
  const { exitCode, stdout, stderr } = await wait(temporaryHome(), ['--until', 'confg.load']);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain('Did you mean config.load?');
});

test.each([
  [['--for', 'long'], '--for long is not a length of time'],
  [['--every', '0'], '--every 0 is not a length of time'],
  [['--until', 'config.load', '--only', 'config.keys'], '--until names the checks already'],
  [['now'], 'Unknown argument: now'],
])('%j is a wrong command line', async (args, words) => {
  await expect(waitCommand(args, newParser)).rejects.toThrow(words);
});
