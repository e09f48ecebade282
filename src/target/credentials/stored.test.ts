import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NOW_MS, chatgptLogin, tokenOf } from '../../../fixtures/credentials.ts';
import { readStored } from './stored.ts';
import { readToken } from './token.ts';

const AUTH = 'https://api.openai.com/auth';
const PROFILE = 'https://api.openai.com/profile';
const login = chatgptLogin();
const tokens = login['tokens'] as Record<string, unknown>;
const read = (value: unknown): ReturnType<typeof readStored> => readStored(JSON.stringify(value));

test('a complete ChatGPT login tells its state and none of its secrets', () => {
  const reading = read(login);
  expect(reading).toMatchObject({
    kind: 'stored',
    credential: {
      mode: 'chatgpt',
      modeIsStated: true,
      missing: [],
      hasRefreshToken: true,
      planType: 'pro',
      accountId: 'account-1',
      accessToken: { kind: 'readable', hasAccountId: true },
      lastRefreshMs: NOW_MS - 86_400_000,
    },
  });
  const hidden = [tokens['id_token'], tokens['access_token'], tokens['refresh_token'], 'user@example.com'];
  for (const secret of hidden) expect(JSON.stringify(reading)).not.toContain(secret);
});

test.each([
  [{ email: 'a@example.com', [AUTH]: { chatgpt_user_id: 'user-1', user_id: 'older' } }, 'user-1'],
  [{ [PROFILE]: { email: 'a@example.com' }, [AUTH]: { user_id: 'older' } }, 'older'],
])('the id token names the person: %j', (claims, userId) => {
  const reading = read({ ...login, tokens: { ...tokens, id_token: tokenOf(claims) } });
  const { credential } = reading.kind === 'stored' ? reading : {};
  expect(credential?.userId).toBe(userId);
  expect(credential?.email?.reveal()).toBe('a@example.com');
});

describe('what the agent needs in each mode', () => {
  test.each([
    [{}, 'chatgpt', ['access token', 'refresh token', 'time of the last refresh']],
    [
      {
        auth_mode: 'chatgpt',
        tokens: { ...tokens, refresh_token: ' ' },
        last_refresh: login['last_refresh'],
      },
      'chatgpt',
      ['refresh token'],
    ],
    [{ OPENAI_API_KEY: 'key' }, 'api_key', []],
    [{ OPENAI_API_KEY: ' ' }, 'api_key', ['API key']],
    [{ ...login, auth_mode: undefined, OPENAI_API_KEY: 'key' }, 'api_key', []],
    [{ personal_access_token: 'at-1', OPENAI_API_KEY: 'key' }, 'personal_access_token', []],
    [{ auth_mode: 'personalAccessToken' }, 'personal_access_token', ['personal access token']],
    [
      { auth_mode: 'chatgptAuthTokens', tokens: { ...tokens, refresh_token: '', account_id: null } },
      'chatgpt_auth_tokens',
      ['account id', 'time of the last refresh'],
    ],
    [{ auth_mode: 'agentIdentity', agent_identity: 'token' }, 'agent_identity', []],
    [
      { auth_mode: 'agentIdentity', agent_identity: { agent_runtime_id: 'a' } },
      'agent_identity',
      ['agent private key'],
    ],
    [{ auth_mode: 'bedrockApiKey' }, 'bedrock_api_key', ['Bedrock API key']],
    [{ bedrock_api_key: { api_key: 'k', region: 'us-east-1' } }, 'bedrock_api_key', []],
    [
      { auth_mode: 'bedrockAccessKeys', bedrock_access_keys: { access_key_id: 'a', secret_access_key: ' ' } },
      'bedrock_access_keys',
      ['AWS secret access key'],
    ],
  ])('%#: %j', (file, mode, missing) =>
    expect(read(file)).toMatchObject({ kind: 'stored', credential: { mode, missing } }),
  );

  test('a mode that hosts supply is never complete on disk', () =>
    expect(read({ auth_mode: 'headers' })).toMatchObject({ credential: { missing: [expect.any(String)] } }));
});

describe('what the agent refuses as a whole', () => {
  test.each([
    ['', { problem: 'it is empty' }],
    ['{', { problem: 'it is not JSON', line: 1, column: 2 }],
    ['{\n  "a": 1,\n', { problem: 'it is not JSON', line: 3, column: 1 }],
    ['[]', { problem: 'its content is not a JSON object' }],
    ['null', { problem: 'its content is not a JSON object' }],
    ['\u{feff}{}', { problem: 'it begins with a byte-order mark' }],
    ['{"auth_mode":"nonsense"}', { problem: '`auth_mode` is none that the agent knows' }],
    ['{"OPENAI_API_KEY":5}', { problem: '`OPENAI_API_KEY` is not a text' }],
    ['{"last_refresh":"yesterday"}', { problem: '`last_refresh` is not an RFC 3339 time' }],
    ['{"tokens":{}}', { problem: '`tokens.id_token` is absent' }],
    [
      '{"tokens":{"id_token":"x","access_token":"a","refresh_token":null}}',
      { problem: '`tokens.refresh_token` is not a text' },
    ],
    [
      '{"tokens":{"id_token":"x","access_token":"a","refresh_token":"r"}}',
      { problem: '`tokens.id_token` is not a JSON web token' },
    ],
    ['{"bedrock_api_key":{"api_key":"k"}}', { problem: '`bedrock_api_key.region` is absent' }],
  ])('%s', (text, expected) => expect(readStored(text)).toMatchObject({ kind: 'malformed', ...expected }));

  test('the parser may quote the file; we do not', () =>
    expect(JSON.stringify(readStored('{"OPENAI_API_KEY": sk-secret}'))).not.toContain('secret'));
});

test('any JSON and any text is read without a throw', () => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
      expect(['stored', 'malformed']).toContain(readStored(text).kind);
    }),
  );
});

describe('tokens', () => {
  test.each([
    [undefined, { kind: 'absent' }],
    ['  ', { kind: 'absent' }],
    ['sk-opaque', { kind: 'opaque' }],
    ['a.b.c', { kind: 'opaque' }],
    ['a..c', { kind: 'opaque' }],
    [tokenOf({ exp: '5' }), { kind: 'readable', expiresAtMs: undefined }],
    [tokenOf({ exp: 1e300 }), { kind: 'readable', expiresAtMs: undefined }],
    [
      tokenOf({ exp: 5, iat: 4 }),
      { kind: 'readable', expiresAtMs: 5000, issuedAtMs: 4000, hasAccountId: false },
    ],
  ])('%s', (token, expected) => expect(readToken(token)).toMatchObject(expected));
});
