import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyReport, anyWaiver } from '../../../fixtures/gate.ts';
import { decideGate } from '../gate.ts';
import { EXIT, FAIL_ON } from '../report.ts';
import type { Gate } from '../report.ts';

const today = '2026-11-20';
const anyThreshold = fc.constantFrom(...FAIL_ON);
const anyWaivers = fc.array(anyWaiver, { maxLength: 4 });

/** Whether one gate counts no row that the other one lets through. */
const isWithin = (inner: Gate, outer: Gate): boolean =>
  inner.counted.every((id) => outer.counted.includes(id)) &&
  (outer.exitCode === EXIT.threshold || inner.exitCode !== EXIT.threshold);

test('more waivers never fail more', async () => {
  await fc.assert(
    fc.asyncProperty(
      anyReport,
      anyThreshold,
      anyWaivers,
      anyWaiver,
      async (report, failOn, waivers, another) => {
        const before = await decideGate(report, { failOn, today, waivers });
        expect(
          isWithin(await decideGate(report, { failOn, today, waivers: [...waivers, another] }), before),
        ).toBe(true);
        expect(
          isWithin(await decideGate(report, { failOn, today, waivers: [another, ...waivers] }), before),
        ).toBe(true);
      },
    ),
  );
});

test('a later day never fails less', async () => {
  await fc.assert(
    fc.asyncProperty(anyReport, anyThreshold, anyWaivers, async (report, failOn, waivers) => {
      const now = await decideGate(report, { failOn, today, waivers });
      expect(isWithin(now, await decideGate(report, { failOn, today: '2026-11-21', waivers }))).toBe(true);
    }),
  );
});

test('thresholds are in order: never, fail, warn', async () => {
  await fc.assert(
    fc.asyncProperty(anyReport, anyReport, anyWaivers, async (report, baseline, waivers) => {
      const [warn, fail, never] = await Promise.all(
        (['warn', 'fail', 'never'] as const).map((failOn) =>
          decideGate(report, { failOn, today, waivers, baseline }),
        ),
      );
      if (!warn || !fail || !never) throw new Error('three were asked for');
      expect(isWithin(fail, warn)).toBe(true);
      expect(isWithin(never, fail)).toBe(true);
      expect(never.exitCode).toBe(EXIT.healthy);
    }),
  );
});

test('with a baseline no more fails, and nothing that stands in it', async () => {
  await fc.assert(
    fc.asyncProperty(
      anyReport,
      anyReport,
      anyThreshold,
      anyWaivers,
      async (report, baseline, failOn, waivers) => {
        const without = await decideGate(report, { failOn, today, waivers });
        expect(isWithin(await decideGate(report, { failOn, today, waivers, baseline }), without)).toBe(true);
        const again = await decideGate(report, { failOn, today, waivers, baseline: report });
        expect(again.counted).toEqual([]);
        expect(again.exitCode).not.toBe(EXIT.threshold);
      },
    ),
  );
});

test('each row at the threshold is accounted for once: it counts or something answers for it', async () => {
  await fc.assert(
    fc.asyncProperty(anyReport, anyReport, anyWaivers, async (report, baseline, waivers) => {
      const bad = Object.values(report.checks).filter(
        ({ status }) => status === 'fail' || status === 'warning',
      );
      const gate = await decideGate(report, { failOn: 'warn', today, waivers, baseline });
      const passed = new Set([...gate.waived.map(({ check }) => check), ...gate.known]);
      expect(gate.counted.filter((id) => passed.has(id))).toEqual([]);
      expect([...gate.counted, ...passed].toSorted()).toEqual(bad.map(({ id }) => id).toSorted());
    }),
  );
});
