import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryHome } from '../../../fixtures/home.ts';
import { stethos } from '../../../fixtures/run.ts';

/* `stethos apply-patch` as a process (spec/agent-core.md 2.3). */

const patch = (...lines: readonly string[]): string =>
  ['*** Begin Patch', ...lines, '*** End Patch', ''].join('\n');
const ADD = patch('*** Add File: a.txt', '+one');

test.each([
  ['an argument', [ADD], undefined],
  ['standard input', [], ADD],
  ['standard input by its name', ['-'], ADD],
])('a patch from %s', async (_name, args, input) => {
  const cwd = temporaryHome();
  const { exitCode, stdout, stderr } = await stethos(['apply-patch', ...args], {
    cwd,
    ...(input !== undefined && { input }),
  });
  expect({ exitCode, stdout, stderr }).toEqual({
    exitCode: 0,
    stdout: 'Success. Updated the following files:\nA a.txt\n',
    stderr: '',
  });
  expect(readFileSync(join(cwd, 'a.txt'), 'utf8')).toBe('one\n');
});

test('row 24: what stands before a hunk that does not fit stays: exit code 1', async () => {
  const cwd = temporaryHome({ 'b.txt': 'b\n' });
  const lines = ['*** Add File: a.txt', '+one', '*** Update File: b.txt', '@@ nowhere', '-b', '+B'];
  const { exitCode, stdout, stderr } = await stethos(['apply-patch', patch(...lines)], { cwd });
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  expect(stderr).toContain('"nowhere"');
  expect(stderr).toContain('A a.txt');
  expect(readFileSync(join(cwd, 'a.txt'), 'utf8')).toBe('one\n');
});

test.each<[number, readonly string[], string]>([
  [1, ['nonsense'], '*** Begin Patch'],
  [2, [], 'There is no patch.'],
  [2, [''], 'There is no patch.'],
  [2, [ADD, 'more'], 'in quotes'],
  [2, ['--dry-run'], 'dry-run'],
])('exit code %i: %j', async (code, args, words) => {
  const { exitCode, stdout, stderr } = await stethos(['apply-patch', ...args], { cwd: temporaryHome() });
  expect({ exitCode, stdout }).toEqual({ exitCode: code, stdout: '' });
  expect(stderr).toContain(words);
});
