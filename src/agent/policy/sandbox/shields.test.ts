import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { raiseShields } from './shields.ts';

let base: string;
beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'stethos-shields-')));
});
afterEach(() => rmSync(base, { recursive: true }));

test('what exists needs no shield, and stays', () => {
  const path = join(base, '.git');
  mkdirSync(path);
  const shields = raiseShields([path]);
  expect(shields.paths).toEqual([path]);
  shields.remove();
  expect(existsSync(path)).toBe(true);
});

test('a shield stands where the first part of a path is missing, once, and goes with its last user', () => {
  const [inner, outer] = [join(base, 'data', 'deep'), join(base, 'data')];
  const first = raiseShields([inner, outer]);
  const second = raiseShields([outer]);
  expect([first.paths, second.paths]).toEqual([[outer], [outer]]);
  first.remove();
  first.remove();
  expect(existsSync(outer)).toBe(true);
  second.remove();
  expect(existsSync(outer)).toBe(false);
});

test('what somebody puts into a shield is theirs', () => {
  const path = join(base, '.git');
  const shields = raiseShields([path]);
  writeFileSync(join(path, 'HEAD'), 'x');
  shields.remove();
  expect(existsSync(join(path, 'HEAD'))).toBe(true);
});
