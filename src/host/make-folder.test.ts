import { statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryHome } from '../../fixtures/home.ts';
import { makeFolder } from './make-folder.ts';

const MODE = 0o700;

test('what is missing is made, with its mode', () => {
  const root = temporaryHome();
  makeFolder(join(root, 'a/b'), MODE);
  for (const path of ['a', 'a/b']) {
    expect(statSync(join(root, path)).isDirectory()).toBe(true);
    expect(statSync(join(root, path)).mode & 0o777).toBe(MODE);
  }
});

test('what is there stays as it is, also behind a link', () => {
  const root = temporaryHome({ 'a/file': '' });
  const { mode } = statSync(join(root, 'a'));
  symlinkSync('a', join(root, 'link'));
  makeFolder(join(root, 'link'), MODE);
  expect(statSync(join(root, 'a')).mode).toBe(mode);
});

test.each(['file', 'file/below', 'dangling', 'loop/below', '/proc/nowhere/below'])(
  'where no folder can be made, it says so and ends: %s',
  (path) => {
    const root = temporaryHome({ file: '' });
    symlinkSync('loop', join(root, 'loop'));
    symlinkSync('nowhere', join(root, 'dangling'));
    expect(() => makeFolder(path.startsWith('/') ? path : join(root, path), MODE)).toThrow(/^E[A-Z]+: /);
  },
);
