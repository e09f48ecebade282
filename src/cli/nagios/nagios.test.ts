import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryHome } from '../../../fixtures/home.ts';
import { stethos } from '../../../fixtures/run.ts';

/* `stethos nagios` as a process. */

const probe = (home: string, args: readonly string[], options: Parameters<typeof stethos>[1] = {}) =>
  stethos(['nagios', '--home', home, '--offline', '--no-exec', ...args], {
    cwd: temporaryHome(),
    ...options,
  });

/** One line: state, words, performance data after the one bar. */
const LINE = /^STETHOS (?:OK|WARNING|CRITICAL|UNKNOWN) - [^|\n]+ \| (?:'[a-z]+'=\d+(?:\.\d+s)?;;;0 ?)+\n$/;

test('the state is the exit code', async () => {
  const config = ['--only', 'config.load,config.keys'];
  const [well, typo, broken] = await Promise.all([
    probe(temporaryHome({ 'config.toml': 'model = "gpt-5"\n' }), config),
    probe(temporaryHome({ 'config.toml': 'modle = "gpt-5"\n' }), config),
    probe(temporaryHome({ 'config.toml': 'model = ' }), config),
  ]);
  for (const { stdout } of [well, typo, broken]) expect(stdout).toMatch(LINE);
  expect(well).toMatchObject({ exitCode: 0, stderr: '' });
  expect(well.stdout).toMatch(/^STETHOS OK - nothing found, checks: 2 \|/);
  expect(typo).toMatchObject({ exitCode: 1, stderr: '' });
  expect(typo.stdout).toMatch(/^STETHOS WARNING - 1 warning - config\.keys: /);
  expect(broken).toMatchObject({ exitCode: 2, stderr: '' });
  expect(broken.stdout).toMatch(/^STETHOS CRITICAL - 1 failure - config\.load: /);
});

test('a waiver lets a warning through', async () => {
  const home = temporaryHome({ 'config.toml': 'modle = "gpt-5"\n' });
  const cwd = temporaryHome({
    'stethos.toml': '[[waiver]]\ncheck = "config.keys"\nreason = "kept"\nexpires = 9999-12-31\n',
  });
  const { exitCode, stdout } = await probe(home, ['--only', 'config.keys'], { cwd });
  expect(stdout).toContain("'waived'=1;;;0");
  expect(exitCode).toBe(0);
});

test.each([
  ['a mistyped option', ['--ofline'], 'Did you mean --offline?'],
  ['a value that makes no sense', ['-t', 'soon'], 'is not a length of time'],
  ['an unknown check', ['--only', 'state.integrty'], 'Did you mean state.integrity?'],
  ['a word too much', ['localhost'], 'Unknown argument: localhost'],
])('%s is UNKNOWN, told on standard output', async (_name, args, words) => {
  const { exitCode, stdout, stderr } = await probe(temporaryHome(), args);
  expect({ exitCode, stderr }).toEqual({ exitCode: 3, stderr: '' });
  expect(stdout).toMatch(/^STETHOS UNKNOWN - [^|\n]+\n$/);
  expect(stdout).toContain(words);
});

test('settings that cannot be followed are UNKNOWN, on one line whatever they hold', async () => {
  const cwd = temporaryHome({ 'stethos.toml': '[doctor]\n"fail|on" = "x"\nskip = 3\n' });
  const { exitCode, stdout } = await probe(temporaryHome(), [], { cwd });
  expect(exitCode).toBe(3);
  expect(stdout).toMatch(/^STETHOS UNKNOWN - [^|\n]+\n$/);
});

test('a check that never ends is UNKNOWN when the time is over', async () => {
  const { exitCode, stdout } = await probe(temporaryHome(), [
    '--plugin',
    join(import.meta.dirname, '../../../fixtures/plugins/never_ends.ts'),
    '--only',
    'never.ends',
    '--timeout',
    '3s',
  ]);
  expect(stdout).toMatch(LINE);
  expect([exitCode, stdout.split(' ')[1]]).toEqual([3, 'UNKNOWN']);
});
