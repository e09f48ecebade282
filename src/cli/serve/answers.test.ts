import { describe, expect, test } from 'vitest';
import { sampleReport } from '../../../fixtures/sample-report.ts';
import { redactReport } from '../../doctor/redact-report.ts';
import type { Gate, Report } from '../../doctor/report.ts';
import { answerTo, isPassing } from './answers.ts';
import { createJournal } from './journal.ts';
import { outcomeOf } from './examine.ts';
import { createRequestCounts } from './metrics.ts';
import type { RunState } from './runs.ts';

const gateOf = (exitCode: number, failOn: Gate['failOn'] = 'fail'): Gate => ({
  failOn,
  exitCode,
  counted: [],
  waived: [],
  known: [],
  expired: [],
  unused: [],
});

const reportWith = (more: Partial<Report> = {}) =>
  redactReport({ ...sampleReport, ...more }, { userDirectory: '/home/ann' });

const EMPTY: RunState = {
  last: undefined,
  failure: undefined,
  isRunning: true,
  counts: { finished: 0, failed: 0 },
};
const stateWith = (more: Partial<Report>, finishedAtMs = 0): RunState => ({
  ...EMPTY,
  isRunning: false,
  last: { report: reportWith(more), finishedAtMs, durationMs: 1_234 },
  counts: { finished: 1, failed: 0 },
});

const ask = (path: string, state: RunState, nowMs = 1_000) =>
  answerTo(path, { state, requests: createRequestCounts(), nowMs, maxAgeMs: 60_000 });

describe('/readyz', () => {
  test.each<[string, RunState, number, number, string]>([
    ['before the first report', EMPTY, 0, 503, 'the first examination is not over yet'],
    [
      'without any report',
      { ...EMPTY, failure: 'no disk' },
      0,
      503,
      'the examination gave no report: no disk',
    ],
    ['a gate that passes', stateWith({ gate: gateOf(0) }), 0, 200, '"status": "warn"'],
    ['a gate that does not', stateWith({ gate: gateOf(1) }), 0, 503, '"status": "fail"'],
    ['rows without an answer', stateWith({ gate: gateOf(3) }), 0, 200, '"status": "warn"'],
    [
      'rows without an answer, where warnings count',
      stateWith({ gate: gateOf(3, 'warn') }),
      0,
      503,
      '"status": "fail"',
    ],
    ['an interrupted run', stateWith({ gate: gateOf(130) }), 0, 503, '"status": "fail"'],
    ['a report that is old', stateWith({ gate: gateOf(0) }), 180_000, 200, '"status"'],
    [
      'a report that is too old',
      stateWith({ gate: gateOf(0) }),
      180_001,
      503,
      'the last report is 3 minutes old',
    ],
    ['a clock that was set back', stateWith({ gate: gateOf(0) }, 9_000_000), 0, 200, '"status"'],
  ])('%s', async (_, state, nowMs, status, words) => {
    const answer = await ask('/readyz', state, nowMs);
    expect(answer).toMatchObject({ status, contentType: 'application/health+json' });
    expect(answer.body).toContain(words);
    expect(JSON.parse(answer.body)).toHaveProperty('status');
  });

  test('a healthy report passes', async () => {
    const answer = await ask(
      '/readyz',
      stateWith({ checks: {}, rootCauses: [], notes: [], overallStatus: 'ok' }),
    );
    expect([answer.status, (JSON.parse(answer.body) as { status: string }).status]).toEqual([200, 'pass']);
    expect(answer.headers).toEqual({ age: '1' });
  });
});

test('/healthz answers whatever is known', async () => {
  expect(await ask('/healthz', EMPTY)).toMatchObject({ status: 200, body: '{"status":"pass"}\n' });
});

test('/metrics says what this server is about, with and without a report', async () => {
  const requests = createRequestCounts();
  for (const path of ['/metrics', '/metrics', '/x', '/y?z'])
    requests.count(path, path === '/metrics' ? 200 : 404);
  const { body: early } = await answerTo('/metrics', { state: EMPTY, requests, nowMs: 0, maxAgeMs: 1 });
  expect(early).toContain('stethos_serve_requests_total{path="/metrics",status="200"} 2\n');
  expect(early).toContain('stethos_serve_requests_total{path="other",status="404"} 2\n');
  expect(early).not.toContain('stethos_doctor');
  const { body, contentType } = await ask('/metrics', stateWith({}));
  expect(contentType).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(body).toContain('stethos_serve_report_age_seconds 1\n');
  expect(body).toContain('stethos_serve_run_duration_seconds 1.234\n');
  expect(body).toMatch(/^stethos_doctor_check_status\{.*check="state.integrity".*\} 1$/m);
  const names = [...body.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
  expect(new Set(names).size).toBe(names.length);
});

test('/report.json is the redacted report', async () => {
  const answer = await ask('/report.json', stateWith({}));
  expect(JSON.parse(answer.body)).toMatchObject({ schemaVersion: 1, redactions: expect.any(Array) });
  expect((await ask('/report.json', EMPTY)).status).toBe(503);
});

test('what is not there is 404, in words', async () => {
  expect(await ask('/../etc/passwd', EMPTY)).toMatchObject({
    status: 404,
    body: expect.stringContaining('/readyz'),
  });
});

test('without a gate the rows decide', () => {
  expect(isPassing(reportWith())).toBe(false);
  expect(isPassing(reportWith({ checks: {} }))).toBe(true);
});

test('one line where something changes', () => {
  const lines: string[] = [];
  const journal = createJournal((line) => lines.push(line));
  const good = { kind: 'report', report: reportWith({ checks: {}, overallStatus: 'ok' }) } as const;
  const bad = { kind: 'report', report: reportWith() } as const;
  for (const outcome of [
    good,
    good,
    bad,
    bad,
    { kind: 'none', reason: 'no disk', isUsage: false } as const,
    good,
  ])
    journal(outcome);
  expect(lines).toEqual([
    'ready: ok',
    expect.stringMatching(/^not ready: fail \(.*state\.integrity fail/),
    'no report: no disk',
    'ready: ok',
  ]);
});

const exited = (exitCode: number, stdout: string, stderr = '') =>
  outcomeOf({ kind: 'exited', exitCode, stdout, stderr, durationMs: 1 });

describe("the doctor's end", () => {
  test.each([
    [exited(1, '{"schemaVersion":1,"checks":{}}'), { kind: 'report' }],
    [
      exited(2, '{"schemaVersion":1,"checks":{}}', 'stethos: no such check\n'),
      { kind: 'none', isUsage: true, reason: 'stethos: no such check' },
    ],
    [
      exited(3, 'half a rep'),
      { kind: 'none', isUsage: false, reason: 'the doctor printed no report (exit code 3)' },
    ],
    [exited(0, 'null'), { kind: 'none' }],
    [outcomeOf({ kind: 'timeout', timeoutMs: 5 }), { reason: 'the doctor gave no report within 5 ms' }],
    [outcomeOf({ kind: 'signalled', signal: 'SIGKILL' }), { reason: 'the doctor was ended by SIGKILL' }],
    [outcomeOf({ kind: 'noise', limitBytes: 5 }), { reason: 'the doctor printed more than 5 bytes' }],
    [
      outcomeOf({ kind: 'spawn_failed', code: 'ENOENT' }),
      { reason: 'the doctor could not be started (ENOENT)' },
    ],
  ])('%#', (outcome, expected) => expect(outcome).toMatchObject(expected));
});
