import { describe, expect, test } from 'vitest';
import { testContext } from '../../fixtures/context.ts';
import { NOW_MS } from '../../fixtures/credentials.ts';
import { temporaryHome } from '../../fixtures/home.ts';
import { startFaultServer } from '../../fixtures/lab/fault-server.ts';
import { answered, unanswered } from '../../fixtures/observations.ts';
import type { Verdict } from '../../src/doctor/check.ts';
import type { HttpObservation } from '../../src/net/network.ts';
import check from './clock.ts';
import { describeSkew, skewOf } from './clock/skew.ts';

const SECOND = 1000;
/** A server that dates its answer so; the answer is on its way for 40 ms. */
const dated = (dateMs: number): HttpObservation => answered(200, { dateMs });
const undated = unanswered({ kind: 'silent', hop: 'endpoint', phase: 'http', afterMs: 6000 });

const evidence = { kind: 'asked', host: 'api.example.com', isTrustworthy: true } as const;
const judge = (models?: HttpObservation, base?: HttpObservation): Verdict =>
  check.judge({ ...evidence, models, base });

const outcome = ({ kind, issues }: Verdict): string =>
  kind === 'judged'
    ? issues.map((issue) => `${issue.severity} ${issue.failure?.class}`).join(', ') || 'ok'
    : kind;

describe('verdicts', () => {
  test.each<[string, HttpObservation | undefined, HttpObservation | undefined, string]>([
    ['the same second', dated(NOW_MS), undefined, 'ok'],
    ['59 s fast', dated(NOW_MS - 60 * SECOND), undefined, 'ok'],
    ['a minute fast', dated(NOW_MS - 61 * SECOND), undefined, 'warning mismatch'],
    ['59 s slow', dated(NOW_MS + 60 * SECOND), undefined, 'ok'],
    ['a minute slow', dated(NOW_MS + 61 * SECOND), undefined, 'warning mismatch'],
    ['just under five minutes fast', dated(NOW_MS - 300 * SECOND), undefined, 'warning mismatch'],
    ['five minutes fast', dated(NOW_MS - 301 * SECOND), undefined, 'fail mismatch'],
    ['five minutes slow', dated(NOW_MS + 301 * SECOND), undefined, 'fail mismatch'],
    ['the list counts, the base may come from a cache', dated(NOW_MS), dated(NOW_MS - 3_600 * SECOND), 'ok'],
    ['the base, where the list has no date', undated, dated(NOW_MS - 61 * SECOND), 'warning mismatch'],
    [
      'a refusal is dated too',
      answered(401, { dateMs: NOW_MS - 3_600 * SECOND }),
      undefined,
      'fail mismatch',
    ],
    ['a server whose own clock was never set', dated(0), undefined, 'idle'],
    ['no answer', undated, undated, 'idle'],
    ['nothing asked', undefined, undefined, 'idle'],
  ])('%s', (_name, models, base, expected) => expect(outcome(judge(models, base))).toBe(expected));

  test('anybody may have dated an answer over plain HTTP', () => {
    const seen = { ...evidence, isTrustworthy: false, models: dated(0), base: undefined };
    expect(outcome(check.judge(seen))).toBe('idle');
  });

  test('a slow answer leaves more open', () => {
    const slow = { ...dated(NOW_MS - 62 * SECOND), answeredAtMs: NOW_MS, sentAtMs: NOW_MS - 5 * SECOND };
    expect(outcome(judge(slow))).toBe('ok');
  });
});

test('with a certificate out of its dates and no other clock, the reader is pointed at this one', () => {
  const tls = unanswered({ kind: 'tls_failed', hop: 'endpoint', code: 'CERT_NOT_YET_VALID' });
  expect(judge(tls, tls)).toMatchObject({
    kind: 'idle',
    summary: expect.stringContaining('look at the clock'),
  });
});

test('measured in bounds, and told in words', () => {
  const skew = skewOf(dated(NOW_MS - 120 * SECOND));
  expect(skew).toEqual({ certainMs: 119_000, likelyMs: 119_520, toleranceMs: 520 });
  expect(skew && describeSkew(skew)).toBe('119 seconds fast');
  expect(describeSkew({ certainMs: -7_200_000, likelyMs: 0, toleranceMs: 0 })).toBe('2 hours slow');
  expect(skewOf(undefined)).toBeUndefined();
});

test('nothing is asked for a home that was never set up', () =>
  expect(
    check.judge({ kind: 'unasked', reason: { kind: 'not_set_up', agent: 'Codex', home: '/home/.codex' } })
      .kind,
  ).toBe('idle'));

test.each([
  ['an hour behind', -3_600_000, 'fail mismatch'],
  ['in step', 0, 'ok'],
])('a real answer, dated %s', async (_name, offsetMs, expected) => {
  const date = new Date(Date.now() + offsetMs).toUTCString();
  await using server = await startFaultServer({ '*': { answer: { status: 200, headers: { date } } } });
  const home = temporaryHome({ 'config.toml': `openai_base_url = "${server.url('/v1')}"` });
  const context = testContext({ home, offline: false });
  expect(outcome(check.judge(await check.probe(context)))).toBe(expected);
});
