import fc from 'fast-check';
import { expect, test } from 'vitest';
import { limitedUntil, readRateLimits } from './rate-limits.ts';

const NOW = 1_000_000;

test.each<[string, number, string | undefined, number | undefined, Readonly<Record<string, number>>]>([
  ['nothing said', 200, undefined, undefined, {}],
  [
    'limits with a 200',
    200,
    '60:error;attachment:organization',
    undefined,
    { error: 60_000, attachment: 60_000 },
  ],
  [
    'several, the longer of each counts',
    429,
    '10:error:key, 90:error;feedback:project',
    5_000,
    { error: 90_000, feedback: 90_000 },
  ],
  ['every category', 429, '30::organization', undefined, { all: 30_000 }],
  ['no number means a minute', 429, 'soon:error', undefined, { error: 60_000 }],
  ['Retry-After alone', 429, undefined, 7_000, { all: 7_000 }],
  ['429 alone means a minute', 429, undefined, undefined, { all: 60_000 }],
  ['Retry-After of another status is not about limits', 503, undefined, 7_000, {}],
  ['no longer than a day', 429, '99999999:error', undefined, { error: 86_400_000 }],
])('%s', (_name, status, rateLimits, retryAfterMs, expected) => {
  const limits = readRateLimits({ status, rateLimits, retryAfterMs }, NOW);
  expect(Object.fromEntries([...limits].map(([category, until]) => [category, until - NOW]))).toEqual(
    expected,
  );
});

test('a limit of all holds for each category, and every limit ends', () => {
  const limits = new Map([
    ['all', 5],
    ['error', 9],
  ]);
  expect(limitedUntil(limits, ['feedback'], 4)).toBe(5);
  expect(limitedUntil(limits, ['error'], 4)).toBe(9);
  expect(limitedUntil(limits, ['feedback'], 5)).toBeUndefined();
});

test('whatever a server says, it is understood and ends within a day', () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(), (rateLimits, retryAfterMs) => {
      for (const until of readRateLimits({ status: 429, rateLimits, retryAfterMs }, NOW).values()) {
        expect(until).toBeGreaterThanOrEqual(NOW);
        expect(until).toBeLessThanOrEqual(NOW + 86_400_000);
      }
    }),
  );
});
