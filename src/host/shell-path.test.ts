import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRedactor } from '../redact/redactor.ts';
import { shellPath } from './shell-path.ts';

test.each([
  ['/home/ann/.codex/auth.json', '/home/ann/.codex/auth.json'],
  ['/home/ann/my files/auth.json', "/home/ann/'my files'/auth.json"],
  ["/srv/it's/x", String.raw`/srv/'it'\''s'/x`],
  ['/srv/$HOME/`id`/~', "/srv/'$HOME'/'`id`'/'~'"],
  ['/srv/a\nb', String.raw`/srv/$'a\x0ab'`],
  ["/srv/\u001b[31m'\\", String.raw`/srv/$'\x1b[31m\'\\'`],
  ['/srv/größe/日本', "/srv/'größe'/'日本'"],
  ['/', '/'],
])('%j is written %s', (path, written) => {
  expect(shellPath(path)).toBe(written);
});

test.skipIf(process.platform === 'win32')('a shell reads back what was meant, whatever the path', () => {
  const name = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 8 })
    .map((text) => text.toWellFormed().replaceAll('\0', '0'));
  const paths = fc.sample(fc.array(name, { minLength: 1, maxLength: 4 }), { numRuns: 300, seed: 1 });
  const words = paths.map((parts) => `/${parts.join('/')}`);
  const { stdout, stderr } = spawnSync('bash', [
    '-c',
    `printf '%s\\0' ${words.map((word) => shellPath(word)).join(' ')}`,
  ]);
  expect(stderr.toString()).toBe('');
  expect(stdout.toString().split('\0').slice(0, -1)).toEqual(words);
});

test.each([
  ['/home/ann', '/home/ann/my files/a.json', "~/'my files'/a.json"],
  ['/home/ann', '/home/ann/.codex/a.json', '~/.codex/a.json'],
  ['/Users/Ann Lee', '/Users/Ann Lee/.codex/a.json', '~/.codex/a.json'],
  ['/home/größe', '/home/größe/.codex/a b', "~/.codex/'a b'"],
])('a report of a user at %s shows %s as a word that a shell expands', (userDirectory, path, shown) => {
  expect(createRedactor({ userDirectory }).text(`rm ${shellPath(path)}`)).toBe(`rm ${shown}`);
});
