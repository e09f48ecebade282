import { describe, expect, test } from 'vitest';
import { testContext } from '../../fixtures/context.ts';
import { NOW_MS, chatgptLogin, tokenOf } from '../../fixtures/credentials.ts';
import { temporaryHome } from '../../fixtures/home.ts';
import type { Verdict } from '../../src/doctor/check.ts';
import check from './token.ts';
import { describeAge, isoTime } from './token/time.ts';

const DAY = 86_400_000;
const MINUTE = 60_000;
type Login = NonNullable<Parameters<typeof chatgptLogin>[0]>;

async function examine(auth: unknown, env: Record<string, string> = {}, config = ''): Promise<Verdict> {
  const home = temporaryHome({ 'auth.json': JSON.stringify(auth), 'config.toml': config });
  const context = testContext({ home, env });
  return check.judge(await check.probe({ ...context, clock: { ...context.clock, now: () => NOW_MS } }));
}

const outcome = ({ kind, issues }: Verdict): string =>
  kind === 'judged'
    ? issues.map((issue) => `${issue.severity} ${issue.failure?.class}`).join(', ') || 'ok'
    : kind;

const remedyOf = async (login: Login): Promise<string | undefined> =>
  (await examine(chatgptLogin(login))).issues[0]?.remedy;

describe('a ChatGPT login that can be renewed', () => {
  test.each<[string, Login, string]>([
    ['fresh', {}, 'ok'],
    ['valid for a second', { expiresAtMs: NOW_MS + 1000 }, 'ok'],
    ['expired now', { expiresAtMs: NOW_MS }, 'warning expired'],
    ['expired yesterday', { issuedAtMs: NOW_MS - 11 * DAY, expiresAtMs: NOW_MS - DAY }, 'warning expired'],
    [
      'expired a month ago, renewed ten months ago',
      { issuedAtMs: NOW_MS - 300 * DAY, expiresAtMs: NOW_MS - 30 * DAY },
      'warning expired',
    ],
    ['valid although renewed long ago', { issuedAtMs: NOW_MS - 300 * DAY }, 'ok'],
    ['clocks differ a little', { issuedAtMs: NOW_MS + 5 * MINUTE }, 'ok'],
    ['issued in the future', { issuedAtMs: NOW_MS + 6 * MINUTE }, 'warning mismatch'],
    ['refreshed in the future', { lastRefreshMs: NOW_MS + DAY }, 'warning mismatch'],
  ])('%s', async (_name, login, expected) =>
    expect(outcome(await examine(chatgptLogin(login)))).toBe(expected),
  );

  test('the remedy follows the age of the last renewal', async () => {
    expect(await remedyOf({ issuedAtMs: NOW_MS - 30 * DAY, expiresAtMs: NOW_MS - DAY })).toMatch(
      /^Codex renews it/,
    );
    expect(await remedyOf({ issuedAtMs: NOW_MS - 31 * DAY, expiresAtMs: NOW_MS - DAY })).toMatch(
      /^Run CODEX_HOME=\/\S+ codex login:/,
    );
  });
});

const login = chatgptLogin();
const tokens = login['tokens'] as Record<string, unknown>;
const opaque = (lastRefreshMs: number): unknown => ({
  ...login,
  tokens: { ...tokens, access_token: 'opaque' },
  last_refresh: new Date(lastRefreshMs).toISOString(),
});
const hosted = (expiresAtMs: number): unknown => ({
  ...chatgptLogin({ expiresAtMs }),
  auth_mode: 'chatgptAuthTokens',
});

describe('other credentials', () => {
  test.each<[string, unknown, Record<string, string>, string]>([
    ['opaque and fresh', opaque(NOW_MS - 8 * DAY), {}, 'ok'],
    ['opaque and due', opaque(NOW_MS - 9 * DAY), {}, 'warning stale'],
    ['of a host program, valid', hosted(NOW_MS + DAY), {}, 'ok'],
    ['of a host program, about to end', hosted(NOW_MS + 5 * MINUTE), {}, 'warning expired'],
    ['of a host program, expired', hosted(NOW_MS - 1), {}, 'fail expired'],
    [
      'agent identity, expired',
      { auth_mode: 'agentIdentity', agent_identity: tokenOf({ exp: 5 }) },
      {},
      'fail expired',
    ],
    ['variable, expired', login, { CODEX_ACCESS_TOKEN: tokenOf({ exp: 5 }) }, 'fail expired'],
    ['variable, opaque', login, { CODEX_ACCESS_TOKEN: 'at-opaque' }, 'ok'],
    ['API key', { OPENAI_API_KEY: 'k' }, {}, 'idle'],
    [
      'API key of codex exec beside an expired login',
      chatgptLogin({ expiresAtMs: 0, issuedAtMs: 0 }),
      { CODEX_API_KEY: 'k' },
      'warning expired',
    ],
  ])('%s', async (_name, auth, env, expected) => expect(outcome(await examine(auth, env))).toBe(expected));

  test('in the keyring it is not read', async () =>
    expect(outcome(await examine(login, {}, 'cli_auth_credentials_store = "keyring"'))).toBe('idle'));
});

test('numbers beyond the calendar are no times', async () => {
  const verdict = await examine({
    ...login,
    tokens: { ...tokens, access_token: tokenOf({ exp: 1e300, iat: -1e300 }) },
  });
  expect(outcome(verdict)).toBe('ok');
  expect(isoTime(1e300)).toBeUndefined();
});

test('details are typed and hold no token', async () => {
  const { details } = await examine(login);
  expect(details).toMatchObject({
    'access token expires': '2026-11-29T12:00:00Z',
    'last refresh age days': 1,
    'refresh token': true,
    plan: 'pro',
  });
  expect(JSON.stringify(details)).not.toContain(tokens['access_token']);
});

test.each([
  [300 * DAY, '10 months'],
  [59 * DAY, '59 days'],
  [47 * 60 * MINUTE, '47 hours'],
  [119 * MINUTE, '119 minutes'],
  [0, 'about a minute'],
])('%d ms is %s', (milliseconds, text) => expect(describeAge(milliseconds)).toBe(text));

describe('CODEX_API_KEY serves codex exec alone, so the login of interactive sessions is still looked at', () => {
  const env = { CODEX_API_KEY: 'key' };
  test.each<[string, unknown, string]>([
    ['fresh', chatgptLogin(), 'ok'],
    ['expired', chatgptLogin({ expiresAtMs: NOW_MS - DAY }), 'warning expired'],
    [
      // Fatal without the key; with it the agent works unattended.
      'expired and supplied from outside',
      { ...chatgptLogin({ expiresAtMs: NOW_MS - DAY }), auth_mode: 'chatgptAuthTokens' },
      'warning expired',
    ],
    ['no login', {}, 'idle'],
  ])('%s', async (_name, auth, expected) => {
    const verdict = await examine(auth, env);
    expect(outcome(verdict)).toBe(expected);
    expect(verdict.details['token used by']).toBe(
      expected === 'idle' ? undefined : 'interactive sessions only',
    );
  });
});
