import { expect, test } from 'vitest';
import { retrying } from './retry.ts';
import type { Sent } from './sender.ts';

const HOUR_MS = 3_600_000;
const TEN_YEARS_MS = 10 * 365 * 24 * HOUR_MS;

test('a collector that asks for ten years of rest is asked again within the hour', async () => {
  let nowMs = 0;
  const answers: Sent[] = [
    {
      kind: 'refused',
      failure: {
        class: 'http_rate_limited',
        message: 'wait',
        isRetryable: true,
        retryAfterMs: TEN_YEARS_MS,
      },
    },
    { kind: 'accepted', response: new Uint8Array() },
  ];
  let asked = 0;
  const sender = retrying(
    {
      send: async () => answers[asked++] ?? { kind: 'accepted', response: new Uint8Array() },
      close: async () => undefined,
    },
    {
      clock: { now: () => nowMs, elapsed: () => nowMs },
      random: () => 0,
      pause: async (delayMs) => void (nowMs += delayMs),
      isEnded: () => false,
    },
  );
  const send = async (): Promise<string> => (await sender.send(new Uint8Array(), 10_000)).kind;
  expect([await send(), await send(), asked]).toEqual(['refused', 'refused', 1]);
  nowMs += HOUR_MS;
  expect([await send(), asked]).toEqual(['accepted', 2]);
});
