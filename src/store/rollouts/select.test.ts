import fc from 'fast-check';
import { expect, test } from 'vitest';
import { selectSample } from './select.ts';

const LIMITS = { newest: 3, spread: 2, endBytes: 10, totalBytes: 200 };

test('few small files are read whole', () => {
  expect(selectSample([30, 30], LIMITS)).toEqual([
    { index: 0, extent: 'whole' },
    { index: 1, extent: 'whole' },
  ]);
});

test('of many files the newest and some of the rest, each once', () => {
  const indexes = selectSample(
    Array.from({ length: 100 }, () => 5),
    LIMITS,
  ).map(({ index }) => index);
  expect(indexes).toEqual([0, 1, 2, 27, 75]);
});

test('what the ends leave over goes to the newest file that fits', () => {
  expect(selectSample([1_000, 100, 100], LIMITS).map(({ extent }) => extent)).toEqual([
    'ends',
    'whole',
    'ends',
  ]);
});

test('a sample never exceeds its bytes, never repeats a file, and is the same each time', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(500)), (sizes) => {
      const sample = selectSample(sizes, LIMITS);
      const bytes = sample.reduce(
        (sum, { index, extent }) =>
          sum + (extent === 'whole' ? (sizes[index] ?? 0) : Math.min(sizes[index] ?? 0, 2 * LIMITS.endBytes)),
        0,
      );
      expect(bytes).toBeLessThanOrEqual(LIMITS.totalBytes);
      expect(new Set(sample.map(({ index }) => index)).size).toBe(sample.length);
      expect(sample.every(({ index }) => index < sizes.length)).toBe(true);
      expect(selectSample(sizes, LIMITS)).toEqual(sample);
    }),
  );
});
