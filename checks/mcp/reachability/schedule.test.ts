import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { askInTime } from './schedule.ts';
import type { Schedule } from './schedule.ts';

const SCHEDULE: Schedule = { concurrency: 2, perServerMs: 6, totalMs: 10, leastMs: 2 };

test('all are asked in order, so many at a time, and answers keep their places', async () => {
  const begun: number[] = [];
  let most = 0;
  let running = 0;
  const answers = await askInTime(
    [3, 1, 2, 0],
    async (item) => {
      begun.push(item);
      most = Math.max(most, ++running);
      await wait(item);
      running--;
      return item * 10;
    },
    { schedule: SCHEDULE, elapsedMs: () => 0 },
  );
  expect(begun).toEqual([3, 1, 2, 0]);
  expect(answers).toEqual([30, 10, 20, 0]);
  expect(most).toBe(2);
});

test('what is left of the time is what a late one gets, and too late is not at all', async () => {
  let now = 100;
  const limits: number[] = [];
  const answers = await askInTime(
    ['a', 'b', 'c'],
    (item, timeoutMs) => {
      limits.push(timeoutMs);
      now += timeoutMs;
      return Promise.resolve(item);
    },
    { schedule: { ...SCHEDULE, concurrency: 1 }, elapsedMs: () => now },
  );
  expect(limits).toEqual([6, 4]);
  expect(answers).toEqual(['a', 'b', undefined]);
});
