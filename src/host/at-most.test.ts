import { expect, test } from 'vitest';
import { atMost } from './at-most.ts';

const LONG_MS = 60_000;
const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;

test.each([
  ['ends', () => Promise.resolve()],
  ['fails', () => Promise.reject(new Error('no'))],
])('work that %s is waited for, and its time limit with it', async (_name, work) => {
  const before = timers();
  await atMost(LONG_MS, work());
  expect(timers()).toBe(before);
});

test.each([1, 0, -1])('work that never ends is left after %i ms', async (limitMs) => {
  await expect(atMost(limitMs, new Promise(() => undefined))).resolves.toBeUndefined();
});
