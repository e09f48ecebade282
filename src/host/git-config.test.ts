import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { temporaryHome } from '../../fixtures/home.ts';
import { lastSetting, parseGitConfig } from './git-config.ts';

test.each([
  ['[core]\n\tfsmonitor = true\n', [{ key: 'core.fsmonitor', value: 'true' }]],
  ['[CORE]\r\nFSMonitor\r\n', [{ key: 'core.fsmonitor', value: true }]],
  ['[core] fsmonitor = yes ; why not\n', [{ key: 'core.fsmonitor', value: 'yes' }]],
  ['[a "B c\\"d"] k = 1', [{ key: 'a.B c"d.k', value: '1' }]],
  ['[a]\nk = "x # y" z # comment', [{ key: 'a.k', value: 'x # y z' }]],
  [
    '[a]\nk = one\\\n  two\nl = 2',
    [
      { key: 'a.k', value: 'one  two' },
      { key: 'a.l', value: '2' },
    ],
  ],
  ['[a]\n# k = 1 \\\n; l\nm =', [{ key: 'a.m', value: '' }]],
  ['k = 1\n[a\nj = 2\n]]\n\0\n<<<<<<< HEAD\n', []],
])('%j', (text, expected) => {
  expect(parseGitConfig(text)).toEqual(expected);
});

test('the last value counts', () => {
  expect(lastSetting(parseGitConfig('[a]\nk=1\nk=2\n[b]\nk=3'), 'a.k')).toBe('2');
  expect(lastSetting([], 'a.k')).toBeUndefined();
});

test('any text is read without an exception', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(parseGitConfig(`[a]\n${text}`).every(({ key }) => key.includes('.'))).toBe(true);
    }),
  );
});

test('values mean what git takes them for', () => {
  const top = temporaryHome();
  // A tab between words is a blank for older versions of git and a tab for newer ones, so it is left out.
  const written = fc.string({
    unit: fc.constantFrom('a', 'b', ' ', '"', '#', ';', '=', '[', ']', '~', '/', '\\\\', '\\"', '\\t', '\\n'),
    maxLength: 12,
  });
  const file = join(top, 'config');
  fc.assert(
    fc.property(written, (value) => {
      writeFileSync(file, `[section]\nkey = ${value}\n`);
      const git = gitValue(file);
      // A quote that is never closed is an error for git; what it would mean to us does not matter.
      fc.pre(git !== undefined);
      expect(lastSetting(parseGitConfig(`[section]\nkey = ${value}\n`), 'section.key')).toBe(git);
    }),
    { numRuns: 60 },
  );
});

function gitValue(file: string): string | undefined {
  try {
    return execFileSync('git', ['config', '-z', '-f', file, 'section.key'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).slice(0, -1);
  } catch {
    return undefined;
  }
}
