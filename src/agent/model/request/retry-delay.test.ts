import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { backOffMs } from './back-off.ts';
import { retryDelayMs } from './retry-delay.ts';

describe('the delay that a message asks for', () => {
  test.each([
    ['Rate limit reached. Please try again in 11.054s. Visit …', 11_054],
    ['please TRY AGAIN IN 28ms', 28],
    ['try again in 28.9ms', 28],
    ['try again in 1 second', 1_000],
    ['try again in 35 seconds.', 35_000],
    ['try again in 1m30s', undefined],
    ['try again in 5 minutes', undefined],
    ['try again in a moment', undefined],
    ['try again later', undefined],
    ['', undefined],
  ])('%s', (message, delayMs) => {
    expect(retryDelayMs(message)).toBe(delayMs);
  });

  test('seconds keep fractions, milliseconds are cut', () => {
    const amount = fc.tuple(fc.nat(100_000), fc.nat(999)).map(([whole, part]) => `${whole}.${part}`);
    fc.assert(
      fc.property(
        fc.lorem(),
        amount,
        fc.constantFrom('s', 'ms', 'seconds', 'second'),
        (text, number, unit) => {
          const delayMs = retryDelayMs(`${text} try again in ${number}${unit}, ${text}`);
          expect(delayMs).toBe(unit === 'ms' ? Math.trunc(Number(number)) : Number(number) * 1_000);
        },
      ),
    );
  });

  test('never throws, and is never negative or endless', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const delayMs = retryDelayMs(`try again in ${text}`);
        expect(delayMs === undefined || (delayMs >= 0 && Number.isFinite(delayMs))).toBe(true);
      }),
    );
  });
});

describe('our own delay', () => {
  test.each([
    [1, 0, 180],
    [1, 0.5, 200],
    [2, 0.5, 400],
    [5, 0.5, 3_200],
  ])('before retry %i with randomness %d', (retry, random, delayMs) => {
    expect(backOffMs(retry, () => random)).toBeCloseTo(delayMs);
  });

  test('lies within a tenth of the exact one, the upper end excluded (trap 45)', () => {
    const random = fc.nat(2 ** 31 - 1).map((value) => value / 2 ** 31);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), random, (retry, value) => {
        const factor = backOffMs(retry, () => value) / (200 * 2 ** (retry - 1));
        expect(factor).toBeGreaterThanOrEqual(0.9);
        expect(factor).toBeLessThan(1.1);
      }),
    );
  });
});
