import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryHome } from '../../fixtures/home.ts';
import { files } from './files.ts';
import { leadsInto } from './inside.ts';

test('a place inside a folder is known as such, whatever links lead there', () => {
  const folder = temporaryHome({ 'home/config.toml': '' });
  const home = join(folder, 'home');
  symlinkSync(home, join(folder, 'alias'));
  writeFileSync(join(folder, 'beside'), '');
  expect(leadsInto(join(home, 'doctor.json'), home, files)).toBe(true);
  expect(leadsInto(join(folder, 'alias/none/doctor.json'), home, files)).toBe(true);
  expect(leadsInto(home, join(folder, 'alias'), files)).toBe(true);
  expect(leadsInto(join(folder, 'beside'), home, files)).toBe(false);
  expect(leadsInto(join(folder, 'home..json'), home, files)).toBe(false);
  expect(leadsInto(join(home, '..data'), home, files)).toBe(true);
});

/** As where something is mounted twice: each name is canonical. */
const MOUNTED = { realpath: (path: string) => path };

test('a folder is the same under both of its names', () => {
  const home = temporaryHome({ 'config.toml': '' });
  const other = join(temporaryHome(), 'mounted');
  symlinkSync(home, other);
  expect(leadsInto(join(other, 'doctor.json'), home, MOUNTED)).toBe(true);
  expect(leadsInto(`${other}.json`, home, MOUNTED)).toBe(false);
});
