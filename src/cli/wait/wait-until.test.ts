import fc from 'fast-check';
import { expect, test } from 'vitest';
import { waitUntil } from './wait-until.ts';
import type { Look, Waiting } from './wait-until.ts';

interface Plan {
  readonly forMs?: number;
  readonly everyMs?: number;
  /** What each look finds and how long it takes; the last one is repeated. */
  readonly looks: readonly { readonly state: string; readonly takesMs: number }[];
  /** Interrupts at this time. */
  readonly interruptAtMs?: number;
}

/** Waits on a clock of its own; `ok` is what is waited for. */
async function play({ forMs = 60_000, everyMs = 2_000, looks, interruptAtMs }: Plan) {
  let nowMs = 0;
  const interrupt = new AbortController();
  const pass = (durationMs: number): void => {
    nowMs += durationMs;
    if (interruptAtMs !== undefined && nowMs >= interruptAtMs) interrupt.abort();
  };
  const lookedAtMs: number[] = [];
  const told: { state: string; isNew: boolean }[] = [];
  const waiting: Waiting<Look> = {
    forMs,
    everyMs,
    clock: { elapsed: () => nowMs },
    signal: interrupt.signal,
    look: async (timeoutMs) => {
      lookedAtMs.push(nowMs);
      const { state, takesMs } = looks[lookedAtMs.length - 1] ?? looks.at(-1) ?? { state: 'ok', takesMs: 1 };
      pass(Math.min(takesMs, timeoutMs));
      return { state, isReached: state === 'ok' && takesMs <= timeoutMs };
    },
    pause: async (durationMs) => pass(durationMs),
    onLook: ({ state }, { isNew }) => told.push({ state, isNew }),
  };
  return { ...(await waitUntil(waiting)), lookedAtMs, told, endedAtMs: nowMs };
}

test('what is reached at once is not waited for', async () => {
  expect(await play({ looks: [{ state: 'ok', takesMs: 400 }] })).toMatchObject({
    outcome: 'reached',
    looks: 1,
    durationMs: 400,
    told: [],
  });
});

test('pauses grow while nothing changes, and are short again after a change', async () => {
  const down = { state: 'down', takesMs: 0 };
  const { lookedAtMs, told } = await play({
    looks: [down, down, down, down, { state: 'other', takesMs: 0 }, { state: 'ok', takesMs: 0 }],
  });
  expect(lookedAtMs).toEqual([0, 2_000, 5_000, 9_500, 16_250, 18_250]);
  expect(told.map(({ isNew }) => isNew)).toEqual([true, false, false, false, true]);
});

test('a pause is as long as the look before it', async () => {
  const { lookedAtMs } = await play({
    looks: [
      { state: 'down', takesMs: 8_000 },
      { state: 'ok', takesMs: 0 },
    ],
  });
  expect(lookedAtMs).toEqual([0, 16_000]);
});

test('the last look fits into what is left', async () => {
  const { lookedAtMs, outcome, endedAtMs } = await play({
    forMs: 10_000,
    looks: [{ state: 'down', takesMs: 4_000 }],
  });
  expect({ lookedAtMs, outcome, endedAtMs }).toEqual({
    lookedAtMs: [0, 6_000],
    outcome: 'late',
    endedAtMs: 10_000,
  });
});

test.each([1_000, 3_000])('an interrupt at %i ms ends it', async (interruptAtMs) => {
  const { outcome, looks } = await play({
    looks: [{ state: 'down', takesMs: 2_000 }],
    interruptAtMs,
  });
  expect({ outcome, looks }).toEqual({ outcome: 'interrupted', looks: 1 });
});

test('it always ends in time, whatever it sees', async () => {
  const look = fc.record({
    state: fc.constantFrom('down', 'other'),
    takesMs: fc.integer({ min: 0, max: 100_000 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 600_000 }),
      fc.integer({ min: 1, max: 100_000 }),
      fc.array(look, { minLength: 1 }),
      async (forMs, everyMs, looks) => {
        const { outcome, endedAtMs, lookedAtMs } = await play({ forMs, everyMs, looks });
        expect(outcome).toBe('late');
        // A hundredth of a second more or less is nobody's concern, a look for nothing would be.
        expect(endedAtMs).toBeLessThanOrEqual(forMs + 200);
        expect(lookedAtMs.length).toBeLessThanOrEqual(
          2 + (forMs / Math.max(100, Math.min(everyMs, 15_000))) * 1.5 + 10,
        );
      },
    ),
  );
});
