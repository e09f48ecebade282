import fc from 'fast-check';
import { Parser } from 'tap-parser';
import type { Result } from 'tap-parser';
import { expect, test } from 'vitest';
import { gatedReport, hostileReport, hostileText } from '../fixtures/hostile-report.ts';
import { sampleReport } from '../fixtures/sample-report.ts';
import { golden, PLAIN_STYLE, shown } from '../fixtures/shown.ts';
import { tap } from './tap.ts';

interface Read {
  readonly ok: boolean;
  readonly points: readonly Result[];
  /** What the parser found to be no TAP. */
  readonly extra: readonly string[];
  readonly bailout: boolean | string;
}

function read(text: string): Read {
  const points: Result[] = [];
  const extra: string[] = [];
  const parser = new Parser({ strict: true });
  parser.on('assert', (point: Result) => points.push(point));
  parser.on('extra', (line: string) => extra.push(line));
  parser.on('child', () => extra.push('a subtest'));
  parser.end(text);
  const results = parser.results;
  if (!results) throw new Error('the parser came to no end');
  return { ok: results.ok, points, extra, bailout: results.bailout };
}

const pointOf = ({ points }: Read, id: string): Result => {
  const point = points.find(({ name }) => name === id);
  if (!point) throw new Error(`no test point ${id}`);
  return point;
};

test('golden file', async () => {
  await expect(await shown(tap)).toMatchFileSnapshot(golden('report.tap'));
});

test('each row is a test point with its facts', async () => {
  const result = read(await shown(tap));
  expect(result.extra).toEqual([]);
  expect(result.ok).toBe(false);
  expect(result.points.map(({ name }) => name)).toEqual(Object.keys(gatedReport.checks));
  expect(pointOf(result, 'state.integrity')).toMatchObject({
    ok: false,
    todo: false,
    // The parser takes it from `duration_ms`.
    time: 1.5,
    diag: {
      status: 'fail',
      class: 'corrupt',
      issues: [{ severity: 'fail', cause: 'the state DB is damaged' }],
    },
  });
  expect(pointOf(result, 'network.provider_reachability').diag).toMatchObject({ root_cause: 'auth.live' });
  expect(pointOf(result, 'state.rollout_db_parity')).toMatchObject({
    ok: true,
    skip: 'not looked at, because state.integrity failed',
  });
});

test('warnings, waived and known rows fail nobody', async () => {
  const { 'terminal.env': warning, 'auth.live': failed } = gatedReport.checks;
  if (!warning || !failed) throw new Error('the sample lost a row');
  const result = read(
    await shown(tap, { ...gatedReport, checks: { 'terminal.env': warning, 'auth.live': failed } }),
  );
  expect(result.ok).toBe(true);
  expect(pointOf(result, 'auth.live').todo).toBe('waived until 2026-12-31: the login is renewed on Monday');
  expect(pointOf(result, 'terminal.env').todo).toBe('known from the baseline');
  const without = read(await shown(tap, { ...sampleReport, checks: { 'terminal.env': warning } }));
  expect(without.ok).toBe(true);
  expect(pointOf(without, 'terminal.env').todo).toBe(warning.summary);
});

test('an interrupted run bails out', async () => {
  expect(read(await shown(tap, { ...gatedReport, interrupted: true })).bailout).toBe(
    'The run was interrupted.',
  );
});

const outline = (text: string): readonly unknown[] => {
  const { extra, points, bailout } = read(text);
  expect(extra).toEqual([]);
  expect(bailout).toBe(false);
  for (const { ok, skip, diag } of points) expect(Boolean(diag) || (ok && Boolean(skip))).toBe(true);
  return points.map(({ name, ok, skip, todo }) => [name, ok, Boolean(skip), Boolean(todo)]);
};

test('hostile text in every field leaves the same test points', async () => {
  const expected = outline(await tap(hostileReport(''), PLAIN_STYLE));
  await fc.assert(
    fc.asyncProperty(hostileText, async (text) => {
      expect(outline(await tap(hostileReport(text), PLAIN_STYLE))).toEqual(expected);
    }),
  );
});

test('reasons are read back as they are', async () => {
  const { 'state.rollout_db_parity': row } = gatedReport.checks;
  if (!row) throw new Error('the sample lost a row');
  await fc.assert(
    fc.asyncProperty(fc.stringMatching(/^[a-z#\\ ]*[a-z]$/), async (words) => {
      const summary = `because ${words}`;
      const report = { ...hostileReport(''), checks: { [row.id]: { ...row, summary } } };
      const { skip } = pointOf(read(await tap(report, PLAIN_STYLE)), row.id);
      expect(skip).toBe(summary);
    }),
  );
});
