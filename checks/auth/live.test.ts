import { describe, expect, test } from 'vitest';
import { testContext } from '../../fixtures/context.ts';
import { NOW_MS, chatgptLogin } from '../../fixtures/credentials.ts';
import { temporaryHome } from '../../fixtures/home.ts';
import { startFaultServer } from '../../fixtures/lab/fault-server.ts';
import type { Step } from '../../fixtures/lab/fault-server.ts';
import { answered, unanswered, upgraded } from '../../fixtures/observations.ts';
import type { Verdict } from '../../src/doctor/check.ts';
import type { UnattachedReason } from '../../src/target/request/authorization.ts';
import check from './live.ts';
import type { LiveEvidence } from './live/evidence.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const login = { kind: 'attached', mode: 'chatgpt', source: '/home/auth.json' } as const;
const key = { kind: 'attached', mode: 'api_key', source: 'CODEX_API_KEY' } as const;
const providerKey = { kind: 'attached', mode: 'provider', source: 'OWN_KEY' } as const;

const notNeeded = { kind: 'unattached', mode: 'none', reason: 'not_needed' } as const;

const judge = (given: Partial<LiveEvidence>): Verdict =>
  check.judge({
    kind: 'asked',
    agent: 'Codex',
    loginCommand: 'codex login',
    credential: login,
    nowMs: NOW_MS,
    issuedAtMs: NOW_MS - DAY,
    lastRefreshMs: NOW_MS - DAY,
    isStoredKey: false,
    hasRefreshToken: true,
    refreshUrl: 'https://auth.openai.com/oauth/token',
    isWorkspaceForced: false,
    provider: { id: 'own', origin: 'configured', hasHeaders: false, unsetVariables: [] },
    models: undefined,
    websocket: undefined,
    ...given,
  });

function outcome({ kind, issues, causedBy, skippedBecause }: Verdict): string {
  const because = skippedBecause ?? causedBy;
  const what =
    kind === 'judged'
      ? issues.map((issue) => `${issue.severity} ${issue.failure?.class}`).join(', ') || 'ok'
      : kind;
  return because === undefined ? what : `${what} by ${because}`;
}

const page = answered(403, { body: { kind: 'html' }, server: 'cloudflare', cfRay: '8f1-FRA' });
const silence = unanswered({ kind: 'silent', hop: 'endpoint', phase: 'http', afterMs: 6000 });
const silentUpgrade = { outcome: silence.outcome, trace: silence.trace, durationMs: 8000 };

const code = (errorCode: string) => ({ body: { kind: 'json_error', errorCode } }) as const;

describe('whichever route speaks', () => {
  test.each<[string, Partial<LiveEvidence>, string]>([
    ['a model list', { models: answered(200) }, 'ok'],
    ['an upgrade', { websocket: upgraded(101) }, 'ok'],
    ['an upgrade, where the list is unknown', { models: answered(404), websocket: upgraded(101) }, 'ok'],
    ['an upgrade, where the list is not reached', { models: silence, websocket: upgraded(101) }, 'ok'],
    ['a list, whatever stops the upgrade', { models: answered(200), websocket: silentUpgrade }, 'ok'],
    ['a limit', { models: answered(429) }, 'ok'],
    ['refused', { models: answered(401) }, 'fail http_unauthorized'],
    ['refused by the upgrade', { models: answered(404), websocket: upgraded(401) }, 'fail http_unauthorized'],
    ['refused by both', { models: answered(401), websocket: upgraded(401) }, 'fail http_unauthorized'],
    ['forbidden', { models: answered(403), websocket: upgraded(403) }, 'fail http_forbidden'],
    [
      'forbidden to list, allowed to infer',
      { credential: key, models: answered(403), websocket: upgraded(101) },
      'warning http_forbidden',
    ],
    [
      'a list that is open to all says nothing for the upgrade',
      { models: answered(200), websocket: upgraded(401) },
      'skipped by network.websocket_reachability',
    ],
    ['a page of an edge', { models: page }, 'skipped by network.provider_reachability'],
    ['nobody answers', { models: silence }, 'skipped by network.provider_reachability'],
    ['a provider that is ill', { models: answered(503) }, 'skipped by network.provider_reachability'],
    [
      'a list that is unknown, an upgrade without answer',
      { models: answered(404), websocket: silentUpgrade },
      'skipped by network.websocket_reachability',
    ],
    ['a list that is unknown, no upgrade', { models: answered(404) }, 'idle'],
    ['another method', { models: answered(405), websocket: upgraded(426) }, 'idle'],
    ['an error that calls itself fine', { models: answered(200, code('invalid_key')) }, 'idle'],
    ['no route', {}, 'idle'],
  ])('%s', (_name, given, expected) => expect(outcome(judge(given))).toBe(expected));
});

// OpenRouter, for one, lists its models for anybody, with a wrong key as well as without.
test.each<[string, Partial<LiveEvidence>, string]>([
  ['the list of a login', { models: answered(200) }, 'accepted (HTTP 200)'],
  [
    'the list of another provider',
    { models: answered(200), credential: providerKey },
    'not refused (HTTP 200); a model list may be open to anybody',
  ],
  [
    'that list and an upgrade',
    { models: answered(200), websocket: upgraded(101), credential: providerKey },
    'accepted (HTTP 200)',
  ],
])('no more is said than was seen: %s', (_name, given, expected) =>
  expect(judge(given).summary).toBe(expected),
);

describe('why it was refused, and what helps', () => {
  test.each<[string, Partial<LiveEvidence>, RegExp, RegExp]>([
    ['no code', { models: answered(401) }, /does not accept the login/, /^Run codex login\.$/],
    ['revoked', { models: answered(401, code('token_invalidated')) }, /revoked/, /copied to another home/],
    ['used up', { models: answered(401, code('refresh_token_reused')) }, /revoked/, /log in on each/],
    ['expired', { models: answered(401, code('token_expired')) }, /expired/, /renews it at its next request/],
    [
      'expired for good',
      { models: answered(401, code('token_expired')), hasRefreshToken: false },
      /expired/,
      /^Run codex login, or/,
    ],
    ['closed', { models: answered(401, code('account_deactivated')) }, /closed/, /support/],
    [
      'another workspace',
      { models: answered(403, code('workspace_mismatch')) },
      /workspace/,
      /choose the account/,
    ],
    [
      'the forced workspace',
      { models: answered(403, code('workspace_mismatch')), isWorkspaceForced: true },
      /workspace/,
      /forced_chatgpt_workspace_id/,
    ],
    ['no word with 403', { models: answered(403) }, /may not use this/, /choose the account/],
    [
      'no word with 403 for a key',
      { credential: key, models: answered(403) },
      /may not use/,
      /CODEX_API_KEY/,
    ],
    [
      'a wrong key',
      { credential: key, models: answered(401, code('invalid_api_key')) },
      /does not accept the credential/,
      /CODEX_API_KEY: this one is mistyped/,
    ],
    [
      'a wrong key that is stored',
      { credential: key, isStoredKey: true, models: answered(401) },
      /does not accept the credential/,
      /^Store a valid key with codex login --with-api-key/,
    ],
    [
      'no scope',
      { credential: key, models: answered(403, code('missing_scope')) },
      /permission/,
      /permissions/,
    ],
    [
      'another country',
      { credential: key, models: answered(403, code('unsupported_country_region_territory')) },
      /country/,
      /VPN/,
    ],
    [
      'a login of just now',
      { models: answered(401), lastRefreshMs: NOW_MS - 3 * MINUTE },
      /does not accept/,
      /only 3 minutes ago.*request id/,
    ],
    [
      'headers before the body',
      { models: answered(401, { authErrorCode: 'token_expired' }) },
      /expired/,
      /renews/,
    ],
  ])('%s', (_name, given, cause, remedy) => {
    const [issue] = judge(given).issues;
    expect(issue?.cause).toMatch(cause);
    expect(issue?.remedy).toMatch(remedy);
  });

  test('what the provider said is kept as it is', () => {
    const models = answered(401, {
      requestId: 'req_1',
      cfRay: '9-FRA',
      authError: 'something_new',
      authErrorCode: 'never_seen',
    });
    const { details, issues } = judge({ models });
    expect(details).toMatchObject({
      status: 401,
      'request id': 'req_1',
      'cf-ray': '9-FRA',
      'authorization error': 'something_new',
      'error code': 'never_seen',
      'last refresh': '2026-11-19T12:00:00Z',
    });
    expect(issues[0]).toMatchObject({
      measured: 'HTTP 401, never_seen, something_new, login made or renewed 24 hours ago',
      failure: { httpStatus: 401, requestId: 'req_1', cfRay: '9-FRA' },
    });
  });

  test('a wrong clock comes first, and is the cause; a key has no dates', () => {
    const models = answered(401, { dateMs: NOW_MS + 10 * MINUTE });
    const verdict = judge({ models });
    expect(outcome(verdict)).toBe('fail http_unauthorized by system.clock');
    expect(verdict.issues[0]?.remedy).toMatch(/^Set the clock first/);
    expect(outcome(judge({ models, credential: key }))).toBe('fail http_unauthorized');
  });
});

test.each([
  ['a code', code('token_expired'), ['status', 'error code']],
  ['no code', {}, ['status']],
])('a refusal with %s points at what it said', (_name, answer, fields) => {
  expect(judge({ models: answered(401, answer) }).issues).toMatchObject([{ fields }]);
});

const unsent = (reason: UnattachedReason): Verdict =>
  judge({ credential: { kind: 'unattached', mode: 'chatgpt', reason } });

describe('a provider that should want no credential', () => {
  test.each<[string, Partial<LiveEvidence>, string]>([
    ['lists its models', { models: answered(200) }, 'idle'],
    ['has no list', { models: answered(404) }, 'idle'],
    ['wants one', { models: answered(401) }, 'fail http_unauthorized'],
    ['forbids', { models: answered(403) }, 'fail http_forbidden'],
    [
      'wants one for the WebSocket',
      { models: answered(404), websocket: upgraded(401) },
      'fail http_unauthorized',
    ],
    ['closes the list alone', { models: answered(403), websocket: upgraded(101) }, 'idle'],
    ['is not heard', { models: silence }, 'idle'],
    ['stands behind an edge', { models: page }, 'idle'],
  ])('%s', (_name, given, expected) => {
    expect(outcome(judge({ credential: notNeeded, ...given }))).toBe(expected);
  });

  test.each<[string, Partial<LiveEvidence['provider']>, RegExp, RegExp]>([
    ['nothing', {}, /gives it none/, /env_key in model_providers\.own/],
    [
      'a header',
      { hasHeaders: true },
      /does not accept the headers/,
      /env_http_headers of model_providers\.own/,
    ],
    [
      'a header without its variable',
      { hasHeaders: true, unsetVariables: ['GATEWAY_KEY'] },
      /GATEWAY_KEY, which should carry it, is not set/,
      /^Set GATEWAY_KEY/,
    ],
    ['nothing, built in', { id: 'ollama', origin: 'built-in' }, /gives it none/, /provider of your own/],
  ])('refuses %s', (_name, provider, cause, remedy) => {
    const given = {
      id: 'own',
      origin: 'configured',
      hasHeaders: false,
      unsetVariables: [],
      ...provider,
    } as const;
    const { details, issues } = judge({ credential: notNeeded, models: answered(401), provider: given });
    expect(issues).toMatchObject([
      { cause: expect.stringMatching(cause), remedy: expect.stringMatching(remedy) },
    ]);
    expect(details).toMatchObject({ status: 401 });
  });
});

describe('what was not sent', () => {
  test.each<[UnattachedReason, string, RegExp]>([
    ['none', 'idle', /no credential/],
    ['not_needed', 'idle', /wants no credential/],
    ['incomplete', 'skipped by auth.credentials', /incomplete/],
    ['unknown_provider', 'skipped by config.load', /unknown/],
    ['expired', 'idle', /renews it by itself/],
    ['keyring', 'idle', /keyring/],
    ['command', 'idle', /--deep/],
    ['signing', 'idle', /signed/],
    ['agent_identity', 'idle', /register/],
    ['command_failed', 'fail exit', /printed?|gave none/],
    ['illegal_value', 'fail invalid_value', /header/],
  ])('%s', (reason, expected, summary) => {
    const verdict = unsent(reason);
    expect(outcome(verdict)).toBe(expected);
    expect(verdict.summary).toMatch(summary);
  });

  test('a command that prints more than a token is asked for less', () => {
    const credential = { kind: 'unattached', mode: 'provider', reason: 'illegal_value' } as const;
    const ofCommand = judge({ credential: { ...credential, source: 'model_providers.own.auth' } });
    expect(ofCommand.issues).toMatchObject([{ remedy: expect.stringMatching(/print the token alone/) }]);
    const ofVariable = judge({ credential: { ...credential, source: 'OWN_KEY' } });
    expect(ofVariable.issues).toMatchObject([
      { remedy: expect.stringMatching(/^Write the value in OWN_KEY/) },
    ]);
  });

  test('says what a refresh would need, and how to ask about a keyring', () => {
    expect(unsent('expired').details).toMatchObject({
      'refresh token': true,
      'what a refresh needs': 'the refresh token, sent by Codex to https://auth.openai.com/oauth/token',
    });
    expect(unsent('keyring').details['to find out']).toMatch(/^codex login status/);
  });
});

describe('asked for real', () => {
  const refusal: Step = {
    answer: {
      status: 401,
      headers: {
        'content-type': 'application/json',
        'x-request-id': 'req_1',
        'x-error-json': Buffer.from('{"error":{"code":"token_invalidated"}}').toString('base64'),
      },
      body: '{"error":{"code":"token_invalidated"}}',
    },
  };

  async function examine(stored: unknown): Promise<{ verdict: Verdict; asked: string[] }> {
    await using server = await startFaultServer({ '*': refusal });
    const home = temporaryHome({
      'config.toml': `openai_base_url = "${server.url('/v1')}"`,
      'auth.json': JSON.stringify(stored),
    });
    const context = testContext({ home, offline: false });
    const verdict = check.judge(await check.probe(context));
    const asked = server.requests.map(
      ({ method, url, isUpgrade }) => `${isUpgrade ? 'UPGRADE' : method} ${url.split('?', 1)[0]}`,
    );
    return { verdict, asked: asked.toSorted() };
  }

  test('a login is sent to the model list and the upgrade, and nowhere else', async () => {
    const now = Date.now();
    const { verdict, asked } = await examine(chatgptLogin({ issuedAtMs: now - DAY, expiresAtMs: now + DAY }));
    expect(outcome(verdict)).toBe('fail http_unauthorized');
    expect(verdict.details).toMatchObject({ 'auth mode': 'chatgpt', 'error code': 'token_invalidated' });
    expect(asked).toEqual(['GET /v1/models', 'UPGRADE /v1/responses']);
  });

  test('an expired login is not sent at all', async () => {
    const now = Date.now();
    const { verdict, asked } = await examine(
      chatgptLogin({ issuedAtMs: now - 2 * DAY, expiresAtMs: now - DAY }),
    );
    expect(outcome(verdict)).toBe('idle');
    expect(asked).toEqual([]);
  });
});
