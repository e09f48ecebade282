import { expect, test } from 'vitest';
import { hasWriteAheadResetBug } from './write-ahead-reset.ts';

test.each([
  ['3.6.23', false],
  ['3.7.0', true],
  ['3.44.5', true],
  ['3.44.6', false],
  ['3.45.1', true],
  ['3.46.0', true],
  ['3.50.6', true],
  ['3.50.7', false],
  ['3.51.2', true],
  ['3.51.3', false],
  ['3.52.0', false],
  ['3.54.1', false],
  ['4.0.0', false],
  ['unknown', false],
])('SQLite %s', (version, affected) => {
  expect(hasWriteAheadResetBug(version)).toBe(affected);
});
