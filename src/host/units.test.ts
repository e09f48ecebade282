import { expect, test } from 'vitest';
import { formatBytes, formatCount, formatElapsed, formatNumber } from './units.ts';

test.each([
  [0, '0'],
  [999, '999'],
  [1_526, '1,526'],
  [12_345_678, '12,345,678'],
  [-1_526, '-1,526'],
  [1_234.5, '1,234.5'],
])('formatNumber(%d)', (number, text) => {
  expect(formatNumber(number)).toBe(text);
});

test.each([
  [0, '0 B'],
  [1_023, '1023 B'],
  [1_024, '1.00 KB'],
  [37_068, '36.2 KB'],
  [314_572_800, '300 MB'],
  [2_716_566_815, '2.53 GB'],
  [2 ** 60, '1048576 TB'],
])('formatBytes(%d)', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test.each([
  [0, '0 files'],
  [1, '1 file'],
  [1_526, '1,526 files'],
])('formatCount(%d)', (number, text) => {
  expect(formatCount(number, 'file')).toBe(text);
});

test.each([
  [0.4, '0 ms'],
  [412, '412 ms'],
  [1_240, '1.24 s'],
  [12_400, '12.4 s'],
  [59_960, '1 min 00 s'],
  [185_000, '3 min 05 s'],
  [7_500_000, '2 h 05 min'],
])('formatElapsed(%d)', (ms, text) => {
  expect(formatElapsed(ms)).toBe(text);
});
