import { execFileSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryHome } from '../../fixtures/home.ts';
import { files } from './files.ts';
import { folderSize } from './folder-size.ts';

test('counts files below a folder and follows no link', () => {
  const home = temporaryHome({ 'tmp/a': 'abc', 'tmp/b/c/d': 'de', other: 'xxxxxxxxxx' });
  symlinkSync(home, join(home, 'tmp/loop'));
  symlinkSync(join(home, 'other'), join(home, 'tmp/link'));
  execFileSync('mkfifo', [join(home, 'tmp/fifo')]);
  expect(folderSize(files, join(home, 'tmp'), 100)).toEqual({ files: 2, bytes: 5, truncated: false });
});

test.each(['nowhere', 'file'])('a folder that is %s counts nothing', (name) => {
  const home = temporaryHome({ file: 'abc' });
  expect(folderSize(files, join(home, name), 100)).toEqual({ files: 0, bytes: 0, truncated: false });
});

test('stops at its limit and says so', () => {
  const home = temporaryHome(
    Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`tmp/${index % 4}/${index}`, 'x'])),
  );
  const size = folderSize(files, join(home, 'tmp'), 10);
  expect(size.truncated).toBe(true);
  expect(size.files).toBeLessThanOrEqual(10);
});
