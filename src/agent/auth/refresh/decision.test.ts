import { describe, expect, test } from 'vitest';
import { NOW_MS } from '../../../../fixtures/credentials.ts';
import { Secret } from '../../../redact/secret.ts';
import type { ManagedLogin } from '../login/login.ts';
import { classifyRefusal, isDueForRefresh } from './decision.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

const login = (parts: Partial<ManagedLogin>): ManagedLogin => ({
  kind: 'chatgpt',
  accessToken: new Secret('a'),
  refreshToken: new Secret('r'),
  accountId: 'account-1',
  isFedramp: false,
  expiresAtMs: undefined,
  lastRefreshMs: undefined,
  ...parts,
});

// spec/transport.md 4.5.
describe('a login is renewed before it is used', () => {
  test.each<[string, Partial<ManagedLogin>, boolean]>([
    ['five minutes before its end', { expiresAtMs: NOW_MS + 5 * MINUTE_MS }, true],
    ['not earlier', { expiresAtMs: NOW_MS + 5 * MINUTE_MS + 1 }, false],
    ['long after its end', { expiresAtMs: NOW_MS - DAY_MS }, true],
    [
      'whatever its age, while it says that it is valid',
      { expiresAtMs: NOW_MS + DAY_MS, lastRefreshMs: 0 },
      false,
    ],
    ['at eight days, when it does not say', { lastRefreshMs: NOW_MS - 8 * DAY_MS - 1 }, true],
    ['not before eight days', { lastRefreshMs: NOW_MS - 8 * DAY_MS }, false],
    ['never, when nothing is known', {}, false],
  ])('%s', (_name, parts, isDue) => expect(isDueForRefresh(login(parts), NOW_MS)).toBe(isDue));

  test('an API key is not', () =>
    expect(isDueForRefresh({ kind: 'api_key', token: new Secret('k') }, NOW_MS)).toBe(false));
});

describe('what a refusal of the sign-in server means (trap 31)', () => {
  test.each<[number, unknown, string]>([
    [400, { error: { code: 'refresh_token_expired' } }, 'permanent expired'],
    [400, { error: 'REFRESH_TOKEN_REUSED' }, 'permanent exhausted'],
    [500, { code: 'refresh_token_invalidated' }, 'permanent revoked'],
    [401, { error: { code: 'something_new' } }, 'permanent other'],
    [401, undefined, 'permanent other'],
    [400, { error: { code: 'something_new' } }, 'transient'],
    [403, undefined, 'transient'],
    [503, ['refresh_token_expired'], 'transient'],
  ])('%i %j is %s', (status, json, expected) => {
    const failure = classifyRefusal(status, json);
    expect(failure.kind === 'permanent' ? `permanent ${failure.reason}` : failure.kind).toBe(expected);
  });
});
