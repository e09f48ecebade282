import { expect, test } from 'vitest';
import { recordingObserver } from '../../../../fixtures/model-request.ts';
import type { DeltaFacts } from '../observer.ts';
import { createDeltaSums } from './delta-sums.ts';
import { createResponseTeller } from './response-teller.ts';
import type { ToldResponse } from './response-teller.ts';

const TEXT = 'response.output_text.delta';
const THOUGHT = 'response.reasoning_text.delta';

interface Rig {
  readonly told: ToldResponse;
  readonly deltas: DeltaFacts[];
  readonly waits: (readonly [string, number])[];
  /** One read of the connection, this much later. */
  readonly read: (afterMs: number) => void;
  readonly looks: () => number;
}

function rig(): Rig {
  let nowMs = 0;
  let looks = 0;
  const deltas: DeltaFacts[] = [];
  const waits: [string, number][] = [];
  const told = createResponseTeller({
    observer: {
      ...recordingObserver(),
      streamEvent: ({ kind, durationMs }) => waits.push([kind, durationMs]),
      streamDeltas: (facts) => deltas.push(facts),
    },
    clock: {
      elapsed: () => {
        looks += 1;
        return nowMs;
      },
    },
    transport: 'http',
    scope: {},
    onEvent: () => undefined,
  });
  const read = (afterMs: number): void => {
    nowMs += afterMs;
    told.arrived();
  };
  return { told, deltas, waits, read, looks: () => looks };
}

test('a sum runs from its first delta to its last, and an event waits from what came before it', () => {
  const { told, deltas, waits, read } = rig();
  read(10);
  told.event('response.created', {});
  read(30);
  told.delta(THOUGHT);
  read(5);
  told.delta(TEXT);
  read(40);
  told.delta(THOUGHT);
  read(100);
  told.event('response.completed', {});
  told.end();
  expect([told.firstEventAt, told.firstTokenAt]).toEqual([10, 40]);
  expect(deltas).toEqual([
    { transport: 'http', kind: THOUGHT, count: 2, durationMs: 45 },
    { transport: 'http', kind: TEXT, count: 1, durationMs: 0 },
  ]);
  expect(waits).toEqual([
    ['response.created', 10],
    ['response.completed', 100],
  ]);
});

test('events behind the last delta do not make its sum longer', () => {
  const { told, deltas, read } = rig();
  for (let count = 0; count < 17; count += 1) {
    read(1);
    told.delta(TEXT);
  }
  for (let count = 0; count < 20; count += 1) {
    read(1_000);
    told.event('no.such.event', {});
  }
  told.end();
  expect(deltas[0]?.count).toBe(17);
  // Known to within the reads between two looks at the clock.
  expect(deltas[0]?.durationMs).toBeGreaterThanOrEqual(16 - 8);
  expect(deltas[0]?.durationMs).toBeLessThanOrEqual(16);
});

test('a hundred thousand deltas are one fact, and few looks at the clock', () => {
  const { told, deltas, waits, read, looks } = rig();
  for (let count = 0; count < 100_000; count += 1) {
    read(1);
    told.delta(TEXT);
  }
  told.end();
  expect(deltas).toHaveLength(1);
  expect(deltas[0]?.count).toBe(100_000);
  expect(waits).toEqual([]);
  expect(looks()).toBeLessThan(100_000 / 7);
});

test('kinds that a server makes up are counted together beyond a bound', () => {
  const sums = createDeltaSums();
  for (let kind = 0; kind < 1_000; kind += 1) sums.of(`odd.${kind}.delta`, 0).count += 1;
  const taken = sums.take();
  expect(taken).toHaveLength(65);
  expect(taken.at(-1)).toMatchObject({ kind: 'unknown', count: 1_000 - 64 });
  expect(sums.take()).toEqual([]);
});
