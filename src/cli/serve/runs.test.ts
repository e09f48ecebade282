import { expect, onTestFinished, test } from 'vitest';
import { sampleReport } from '../../../fixtures/sample-report.ts';
import { redactReport } from '../../doctor/redact-report.ts';
import { createRuns } from './runs.ts';
import type { CachedRuns, RunOutcome } from './runs.ts';

const report = redactReport(sampleReport, { userDirectory: '/home/ann' });
const DAY_MS = 86_400_000;

/** Runs whose examinations end when the test says so. */
function staged(everyMs = DAY_MS) {
  let nowMs = 1_000;
  const begun: ((outcome: RunOutcome) => void)[] = [];
  const runs: CachedRuns = createRuns({
    examine: () => new Promise((resolve) => begun.push(resolve)),
    everyMs,
    clock: { now: () => nowMs, elapsed: () => nowMs },
  });
  onTestFinished(() => runs.stop());
  return {
    runs,
    begun,
    pass: (ms: number) => (nowMs += ms),
    end: async (outcome: RunOutcome = { kind: 'report', report }) => {
      const running = runs.refresh();
      begun.at(-1)?.(outcome);
      await running;
    },
  };
}

test('a thousand who ask at once share one examination', async () => {
  const { runs, begun } = staged();
  const asked = Array.from({ length: 1_000 }, () => runs.refresh());
  expect(begun).toHaveLength(1);
  begun[0]?.({ kind: 'report', report });
  expect(new Set(await Promise.all(asked)).size).toBe(1);
  expect(runs.state()).toMatchObject({ isRunning: false, counts: { finished: 1, failed: 0 } });
});

test('an old report is told at once while a new one is made, and a young one is left alone', async () => {
  const { runs, begun, pass, end } = staged();
  await end();
  runs.refreshIfOlderThan(5_000);
  expect(begun).toHaveLength(1);
  pass(5_001);
  for (let asked = 0; asked < 100; asked += 1) runs.refreshIfOlderThan(5_000);
  expect(begun).toHaveLength(2);
  expect(runs.state()).toMatchObject({ isRunning: true, last: { report, finishedAtMs: 1_000 } });
});

test('a run without a report leaves the last one, and says why', async () => {
  const { runs, end, pass } = staged();
  await end();
  pass(10);
  await end({ kind: 'none', reason: 'no disk', isUsage: false });
  expect(runs.state()).toMatchObject({
    last: { finishedAtMs: 1_000 },
    failure: 'no disk',
    counts: { failed: 1 },
  });
  await end();
  expect(runs.state()).toMatchObject({ last: { finishedAtMs: 1_010 }, failure: undefined });
});

test('runs follow each other by themselves until they are stopped', async () => {
  let count = 0;
  const third = Promise.withResolvers<void>();
  const runs = createRuns({
    examine: async () => {
      count += 1;
      if (count === 3) {
        runs.stop();
        third.resolve();
      }
      return { kind: 'report', report };
    },
    everyMs: 1,
    clock: { now: () => 0, elapsed: () => 0 },
  });
  await runs.refresh();
  await third.promise;
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(count).toBe(3);
});
