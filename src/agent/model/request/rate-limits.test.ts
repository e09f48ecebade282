import { expect, test } from 'vitest';
import type { RateLimitSnapshot } from '../../protocol/usage.ts';
import { mergeRateLimits, rateLimitsOfFrame, rateLimitsOfHeaders, reachedTypeOf } from './rate-limits.ts';

const NOTHING: RateLimitSnapshot = {
  limit_id: 'codex',
  limit_name: null,
  primary: null,
  secondary: null,
  credits: null,
  individual_limit: null,
  plan_type: null,
  rate_limit_reached_type: null,
};

test('without headers there is the default snapshot all the same (trap 22)', () => {
  expect(rateLimitsOfHeaders({})).toEqual([NOTHING]);
});

test('every part of a snapshot has its header', () => {
  const headers = {
    'x-codex-primary-used-percent': '12.5',
    'x-codex-primary-window-minutes': '300',
    'x-codex-primary-reset-at': '1767225600',
    'x-codex-secondary-used-percent': '1',
    'x-codex-limit-name': ' codex ',
    'x-codex-credits-has-credits': 'TRUE',
    'x-codex-credits-unlimited': '0',
    'x-codex-credits-balance': '12.00',
  };
  expect(rateLimitsOfHeaders(headers)).toEqual([
    {
      ...NOTHING,
      limit_name: 'codex',
      primary: { used_percent: 12.5, window_minutes: 300, resets_at: 1_767_225_600 },
      secondary: { used_percent: 1, window_minutes: null, resets_at: null },
      credits: { has_credits: true, unlimited: false, balance: '12.00' },
    },
  ]);
});

test.each([
  ['not a number', { 'x-codex-primary-used-percent': 'many' }, null],
  ['infinite', { 'x-codex-primary-used-percent': 'Infinity' }, null],
  ['empty', { 'x-codex-primary-used-percent': '', 'x-codex-primary-window-minutes': '5' }, null],
  ['zero alone', { 'x-codex-primary-used-percent': '0' }, null],
  ['zero of zero', { 'x-codex-primary-used-percent': '0', 'x-codex-primary-window-minutes': '0' }, null],
  [
    'zero of a window',
    { 'x-codex-primary-used-percent': '0', 'x-codex-primary-window-minutes': '5' },
    { used_percent: 0, window_minutes: 5, resets_at: null },
  ],
  [
    'zero with a reset',
    { 'x-codex-primary-used-percent': '0', 'x-codex-primary-reset-at': '0' },
    { used_percent: 0, window_minutes: null, resets_at: 0 },
  ],
])('a window whose use is %s', (_name, headers, primary) => {
  expect(rateLimitsOfHeaders(headers)[0]?.primary).toEqual(primary);
});

test('credits need both flags', () => {
  const [snapshot] = rateLimitsOfHeaders({
    'x-codex-credits-has-credits': 'true',
    'x-codex-credits-unlimited': 'maybe',
  });
  expect(snapshot?.credits).toBeNull();
});

test('other families follow in order, where they say anything', () => {
  const found = rateLimitsOfHeaders({
    'x-zeta-primary-used-percent': '1',
    'x-codex-other-primary-used-percent': '2',
    'x-codex-other-limit-name': 'Other',
    'x-empty-primary-used-percent': '0',
    'x-codex-primary-used-percent': '3',
  });
  expect(found.map(({ limit_id, limit_name }) => [limit_id, limit_name])).toEqual([
    ['codex', null],
    ['codex_other', 'Other'],
    ['zeta', null],
  ]);
});

test('a frame says the same in JSON', () => {
  const frame = {
    type: 'codex.rate_limits',
    plan_type: 'plus',
    rate_limits: {
      primary: { used_percent: 50, window_minutes: 300, reset_at: 7 },
      secondary: null,
    },
    credits: { has_credits: true, unlimited: false, balance: '3' },
    metered_limit_name: 'codex-other',
    limit_name: 'ignored',
  };
  expect(rateLimitsOfFrame(frame)).toEqual({
    ...NOTHING,
    limit_id: 'codex_other',
    primary: { used_percent: 50, window_minutes: 300, resets_at: 7 },
    credits: { has_credits: true, unlimited: false, balance: '3' },
    plan_type: 'plus',
  });
  expect(rateLimitsOfFrame({ type: 'codex.rate_limits', limit_name: 'named' })?.limit_id).toBe('named');
  expect(rateLimitsOfFrame({ type: 'codex.rate_limits' })).toEqual(NOTHING);
  expect(rateLimitsOfFrame({ type: 'codex.rate_limits', rate_limits: 'none' })).toBeUndefined();
});

test('windows are replaced even by null; credits, individual limit and plan are kept (trap 22)', () => {
  const window = { used_percent: 1, window_minutes: null, resets_at: null };
  const known: RateLimitSnapshot = {
    limit_id: 'other',
    limit_name: 'Other',
    primary: window,
    secondary: window,
    credits: { has_credits: true, unlimited: false, balance: null },
    individual_limit: window,
    plan_type: 'plus',
    rate_limit_reached_type: 'rate_limit_reached',
  };
  expect(mergeRateLimits(known, NOTHING)).toEqual({
    ...NOTHING,
    credits: known.credits,
    individual_limit: window,
    plan_type: 'plus',
  });
  expect(mergeRateLimits(NOTHING, known)).toEqual(known);
  const nobody = null;
  expect(mergeRateLimits(nobody, NOTHING)).toEqual(NOTHING);
});

test('an unknown type of limit is none', () => {
  expect(reachedTypeOf({ 'x-codex-rate-limit-reached-type': 'rate_limit_reached' })).toBe(
    'rate_limit_reached',
  );
  expect(reachedTypeOf({ 'x-codex-rate-limit-reached-type': 'new' })).toBeNull();
});
