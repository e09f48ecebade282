import { describe, expect, test } from 'vitest';
import type { ModelFailure } from '../error.ts';
import { rateLimitOfHeaders } from './rate-limits.ts';
import { describeUsageLimit } from './usage-limit.ts';

type UsageLimit = Extract<ModelFailure, { readonly kind: 'usage_limit_reached' }>;

const NOW_MS = Date.parse('2026-11-20T09:00');
/** Local time. */
const secondsAt = (time: string): number => Date.parse(time) / 1_000;

const limit = (more: Partial<UsageLimit> = {}): UsageLimit => ({
  kind: 'usage_limit_reached',
  planType: null,
  resetsAt: null,
  rateLimits: rateLimitOfHeaders({}, 'codex'),
  promoMessage: null,
  reachedType: null,
  ...more,
});
const named = (limit_name: string): Pick<UsageLimit, 'rateLimits'> => ({
  rateLimits: { ...rateLimitOfHeaders({}, 'codex'), limit_name },
});

describe('the reason, the most telling one first', () => {
  const everything = {
    ...named('gpt-large'),
    reachedType: 'workspace_owner_credits_depleted',
    promoMessage: 'Offer!',
    planType: 'plus',
  };
  test.each<[string, Partial<UsageLimit>, RegExp]>([
    ['a limit with a name', everything, /limit of gpt-large.*another model/],
    ['the credits of an owner', { ...everything, ...named('codex') }, /no credits left\. Buy/],
    ['the credits of a member', { reachedType: 'workspace_member_credits_depleted' }, /Ask an owner/],
    ['the cap of an owner', { reachedType: 'workspace_owner_usage_limit_reached' }, /Raise the limit/],
    ['the cap of a member', { reachedType: 'workspace_member_usage_limit_reached' }, /raise the limit/],
    [
      'an offer, since the plain type falls through',
      { promoMessage: 'Offer!', planType: 'plus', reachedType: 'rate_limit_reached' },
      /Offer!/,
    ],
    ['plus', { planType: 'plus' }, /larger plan or more credits/],
    ['team', { planType: 'team' }, /administrator/],
    ['business', { planType: 'business' }, /administrator/],
    ['free', { planType: 'free' }, /A larger plan lets/],
    ['go', { planType: 'go' }, /A larger plan lets/],
    ['pro', { planType: 'pro' }, /^You have reached your usage limit\. More credits/],
    ['enterprise', { planType: 'enterprise' }, /^You have reached your usage limit\. Try again later\.$/],
    ['unknown', { planType: 'new' }, /^You have reached your usage limit\. Try again later\.$/],
  ])('%s', (_name, more, words) => {
    expect(describeUsageLimit(limit(more), NOW_MS)).toMatch(words);
  });

  test('the id of a limit is no name', () => {
    const rateLimits = rateLimitOfHeaders({}, 'codex_other');
    expect(describeUsageLimit(limit({ rateLimits }), NOW_MS)).not.toContain('codex_other');
  });
});

test.each([
  ['today', secondsAt('2026-11-20T15:04'), 'at 15:04'],
  ['tomorrow', secondsAt('2026-11-21T08:30'), 'on 21st November 2026 at 08:30'],
  ['the 11th', secondsAt('2026-12-11T00:00'), 'on 11th December 2026 at 00:00'],
  ['the 22nd', secondsAt('2027-01-22T00:00'), 'on 22nd January 2027 at 00:00'],
  ['the 3rd', secondsAt('2027-01-03T00:00'), 'on 3rd January 2027 at 00:00'],
])('a reset %s', (_name, resetsAt, words) => {
  expect(describeUsageLimit(limit({ resetsAt }), NOW_MS)).toContain(`Try again ${words}.`);
});
