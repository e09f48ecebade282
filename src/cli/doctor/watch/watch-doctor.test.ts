import { expect, test } from 'vitest';
import { sampleReport } from '../../../../fixtures/sample-report.ts';
import { redactReport } from '../../../doctor/redact-report.ts';
import type { CheckResult, RedactedReport } from '../../../doctor/report.ts';
import { frameForTerminal } from './frame.ts';
import { watchDoctor } from './watch-doctor.ts';
import type { Watching, WatchOutput } from './watch-doctor.ts';

const clean = (rows: Readonly<Record<string, CheckResult>>): RedactedReport =>
  redactReport({ ...sampleReport, checks: rows }, { userDirectory: '/home/ann' });

const { 'state.integrity': broken, installation: well } = sampleReport.checks;
if (!broken || !well) throw new Error('the sample lost its rows');
const mended: CheckResult = { ...broken, status: 'ok', summary: 'sound', issues: [], remediation: null };
const { failure: _failure, ...sound } = mended;
const bad = clean({ 'state.integrity': broken, installation: well });
const good = clean({ 'state.integrity': sound, installation: well });

const clock = { now: () => Date.parse('2026-11-20T10:00:00Z') };

/** Watches these reports one after another, and interrupts in the pause behind the last. */
async function watch(
  reports: readonly RedactedReport[],
  more: Partial<Watching> = {},
): Promise<{ code: number; written: string[] }> {
  const written: string[] = [];
  const interrupt = new AbortController();
  let done = 0;
  let running = 0;
  const code = await watchDoctor({
    run: async () => {
      running += 1;
      expect(running).toBe(1);
      await Promise.resolve();
      const report = reports[done];
      if (!report) throw new Error('was asked once too often');
      done += 1;
      running -= 1;
      return { text: `report ${done}\n`, exitCode: 1, report };
    },
    everyMs: 5_000,
    clock,
    out: { isTerminal: false, rows: () => undefined, write: (text) => written.push(text) > 0 },
    signal: interrupt.signal,
    sleep: (ms) => {
      expect(ms).toBe(5_000);
      if (done < reports.length) return Promise.resolve();
      interrupt.abort();
      return Promise.reject(new Error('aborted'));
    },
    ...more,
  });
  return { code, written };
}

test('runs follow each other, each with what changed, until the interrupt', async () => {
  const { code, written } = await watch([good, bad, bad, good]);
  expect(code).toBe(130);
  expect(written).toEqual([
    '--- 2026-11-20 10:00:00 UTC, run 1, every 5 s, Ctrl-C ends ---\n\nreport 1\n\n',
    '--- 2026-11-20 10:00:00 UTC, run 2, every 5 s, Ctrl-C ends ---\nstate.integrity fails now: the state DB is damaged\n\nreport 2\n\n',
    '--- 2026-11-20 10:00:00 UTC, run 3, every 5 s, Ctrl-C ends ---\nnothing changed since the last run\n\nreport 3\n\n',
    '--- 2026-11-20 10:00:00 UTC, run 4, every 5 s, Ctrl-C ends ---\nstate.integrity recovered: sound\n\nreport 4\n\n',
  ]);
});

test('an interrupt during a run shows nothing more', async () => {
  const interrupt = new AbortController();
  const { code, written } = await watch([bad], {
    signal: interrupt.signal,
    run: () => {
      interrupt.abort();
      return Promise.resolve({ text: 'half', exitCode: 130, report: bad });
    },
  });
  expect({ code, written }).toEqual({ code: 130, written: [] });
});

const runOnce: Watching['run'] = () => Promise.resolve({ text: '', exitCode: 0, report: bad });

test('the real pause ends with the interrupt', async () => {
  const interrupt = new AbortController();
  const out: WatchOutput = {
    isTerminal: false,
    rows: () => undefined,
    write: () => {
      setImmediate(() => interrupt.abort());
      return true;
    },
  };
  expect(await watchDoctor({ run: runOnce, everyMs: 60_000, clock, out, signal: interrupt.signal })).toBe(
    130,
  );
});

test('it ends when nobody reads any more, with the code of the run', async () => {
  const out: WatchOutput = { isTerminal: false, rows: () => undefined, write: () => false };
  expect(await watch([bad, bad], { out })).toEqual({ code: 1, written: [] });
});

test('a fault of the examination is not swallowed', async () => {
  await expect(watch([])).rejects.toThrow('was asked once too often');
});

test('hostile summaries stay in their line', async () => {
  const hostile = clean({ 'state.integrity': { ...broken, summary: 'a\nb\u001B[2Jc' }, installation: well });
  const { written } = await watch([good, hostile]);
  expect(written[1]).toContain(String.raw`state.integrity fails now: a\nb\u001b[2Jc` + '\n');
});

test('on a terminal each run is drawn over the one before', async () => {
  const written: string[] = [];
  const out: WatchOutput = { isTerminal: true, rows: () => 10, write: (text) => written.push(text) > 0 };
  await watch([good, bad], { out });
  expect(written).toHaveLength(2);
  expect(written[1]).toBe(
    [
      '\u001B[?2026h\u001B[?7l\u001B[H2026-11-20 10:00:00 UTC, run 2, every 5 s, Ctrl-C ends\u001B[K',
      'state.integrity fails now: the state DB is damaged\u001B[K',
      '\u001B[K',
      'report 2\u001B[K',
      '\u001B[J\u001B[?7h\u001B[?2026l',
    ].join('\n'),
  );
});

test.each([1, 5, 24, 200])('a frame fits into %i rows', (rows) => {
  const text = Array.from({ length: 100 }, (_, index) => `line ${index}\n`).join('');
  const frame = frameForTerminal({ head: 'head', changes: ['change'], text }, rows);
  const lines = frame.split('\n');
  expect(lines.length).toBeLessThanOrEqual(Math.max(rows, 5));
  expect(frame.includes('a taller window shows them')).toBe(rows < 105);
  expect(frame.includes('line 99')).toBe(rows >= 105);
});
