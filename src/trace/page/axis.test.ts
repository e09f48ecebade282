import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { barOf, createAxis, gridOf, MAX_GRID_PARTS, ticksOf } from './axis.ts';
import type { TimeWindow } from './axis.ts';

describe('an axis without long pauses is a ruler', () => {
  const axis = createAxis([
    { startMs: 1_000, endMs: 1_500 },
    { startMs: 1_550, endMs: 2_000 },
  ]);
  test.each<[string, number, number]>([
    ['its start', 1_000, 0],
    ['its middle', 1_500, 0.5],
    ['its end', 2_000, 1],
    ['what was before stands at its start', 0, 0],
    ['what came after stands at its end', 9_999, 1],
  ])('%s', (_, ms, place) => expect(axis.at(ms)).toBeCloseTo(place));
  test('it has no breaks', () => expect(axis.breaks).toEqual([]));
});

describe('a pause that would be most of the picture is made short', () => {
  // A minute of work, an hour of lunch, a minute of work.
  const axis = createAxis([
    { startMs: 0, endMs: 60_000 },
    { startMs: 3_660_000, endMs: 3_720_000 },
  ]);
  test('it is one break', () => expect(axis.breaks).toMatchObject([{ fromMs: 60_000, toMs: 3_660_000 }]));
  test.each<[string, number, number]>([
    ['work before it', 60_000, 0.485],
    ['its middle', 1_860_000, 0.5],
    ['work after it', 3_660_000, 0.515],
    ['the end', 3_720_000, 1],
  ])('%s', (_, ms, place) => expect(axis.at(ms)).toBeCloseTo(place));
});

test('many breaks leave room for what happened', () => {
  const hour = 3_600_000;
  const axis = createAxis(
    Array.from({ length: 40 }, (_, index) => ({ startMs: index * hour, endMs: index * hour + 1_000 })),
  );
  const idle = axis.breaks.reduce((sum, { from: left, to }) => sum + to - left, 0);
  expect(axis.breaks).toHaveLength(39);
  expect(idle).toBeCloseTo(0.3);
});

test.each<[string, readonly TimeWindow[]]>([
  ['nothing', []],
  ['a moment', [{ startMs: 5, endMs: 5 }]],
  [
    'two moments',
    [
      { startMs: 5, endMs: 5 },
      { startMs: 9_000, endMs: 9_000 },
    ],
  ],
  ['an end before its start', [{ startMs: 100, endMs: 5 }]],
])('an axis over %s is an axis', (_, windows) => {
  const axis = createAxis(windows);
  for (const ms of [-1, 0, 5, 100, 1e15]) {
    expect(axis.at(ms)).toBeGreaterThanOrEqual(0);
    expect(axis.at(ms)).toBeLessThanOrEqual(1);
  }
  expect(ticksOf(axis)[0]).toEqual({ at: 0, offsetMs: 0 });
});

test('later is never further to the left, and everything has a place', () => {
  const windows = fc.array(
    fc
      .tuple(fc.integer({ min: 0, max: 1e9 }), fc.option(fc.integer({ min: 0, max: 1e8 })))
      .map(([start, length]) => ({ startMs: start, endMs: length === null ? null : start + length })),
    { minLength: 1, maxLength: 20 },
  );
  fc.assert(
    fc.property(windows, fc.array(fc.integer({ min: -10, max: 2e9 })), (all, moments) => {
      const axis = createAxis(all);
      const places = moments.toSorted((one, other) => one - other).map((ms) => axis.at(ms));
      for (const [index, place] of places.entries())
        expect(place).toBeGreaterThanOrEqual((places[index - 1] ?? 0) - 1e-9);
      for (const window of all) {
        const bar = barOf(axis, window);
        expect(bar && bar.left >= 0 && bar.width >= 0 && bar.left + bar.width <= 1 + 1e-9).toBe(true);
      }
      const ticks = ticksOf(axis);
      for (const [index, tick] of ticks.slice(1).entries())
        expect(tick.at - (ticks[index]?.at ?? 0)).toBeGreaterThan(0.07);
    }),
    { numRuns: 200 },
  );
});

describe('a bar', () => {
  const axis = createAxis([{ startMs: 0, endMs: 1_000 }]);
  test.each<[string, TimeWindow, ReturnType<typeof barOf>]>([
    ['stands where it ran', { startMs: 250, endMs: 750 }, { left: 0.25, width: 0.5, goesOn: false }],
    [
      'without an end reaches to the end',
      { startMs: 250, endMs: null },
      { left: 0.25, width: 0.75, goesOn: true },
    ],
    [
      'that outlasts the axis goes on',
      { startMs: 250, endMs: 4_000 },
      { left: 0.25, width: 0.75, goesOn: true },
    ],
    ['that took no time has none', { startMs: 250, endMs: 250 }, { left: 0.25, width: 0, goesOn: false }],
    ['whose clock went back has none', { startMs: 250, endMs: 100 }, { left: 0.25, width: 0, goesOn: false }],
    ['of another time is not there', { startMs: 2_000, endMs: 3_000 }, undefined],
  ])('%s', (_, window, bar) => expect(barOf(axis, window)).toEqual(bar));
});

test.each<[number, number, number]>([
  [0, 1, 1],
  [5, 1, 5],
  [100, 20, 5],
  [1_245, 200, 7],
  [8_000, 1_000, 8],
  [21_280, 5_000, 5],
  [100_000, 15_000, 7],
  [10_000_000, 1_800_000, 6],
  [86_400_000, 14_400_000, 6],
])('%i ms are drawn in steps of %i ms, %i of them', (durationMs, stepMs, count) =>
  expect(gridOf(durationMs)).toEqual({ stepMs, count }),
);

test('a grid reaches the end, and is not much longer', () =>
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e15 }), (durationMs) => {
      const { stepMs, count } = gridOf(durationMs);
      expect(count).toBeLessThanOrEqual(MAX_GRID_PARTS);
      expect(stepMs * count).toBeGreaterThanOrEqual(durationMs * (1 - 1e-9));
      expect(stepMs * (count - 1)).toBeLessThan(durationMs);
    }),
  ));
