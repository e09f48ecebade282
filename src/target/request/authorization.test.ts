import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { testContext } from '../../../fixtures/context.ts';
import { NOW_MS, chatgptLogin, tokenOf } from '../../../fixtures/credentials.ts';
import { temporaryHome } from '../../../fixtures/home.ts';
import { authorizationOf } from './authorization.ts';
import type { Authorization } from './authorization.ts';

interface Given {
  readonly config?: string;
  readonly auth?: Readonly<Record<string, unknown>>;
  readonly env?: Record<string, string>;
}

const OWN =
  'model_provider = "own.one"\n[model_providers."own.one"]\nname = "Own"\nbase_url = "http://own/v1"\n';
const BEDROCK = 'model_provider = "amazon-bedrock"\n';
const HOUR_MS = 3_600_000;

async function authorize({ config = '', auth, env = {} }: Given): Promise<Authorization> {
  const home = temporaryHome({
    'config.toml': config,
    ...(auth !== undefined && { 'auth.json': JSON.stringify(auth) }),
  });
  const { target, files } = testContext({ home, env: { HOME: home, ...env } });
  return authorizationOf(target, { files, nowMs: NOW_MS, runCommand: false });
}

/** As it goes out, with the path of the home left out. */
function sent(authorization: Authorization): object {
  const source = authorization.source?.replace(/.*\/auth\.json$/, 'auth.json');
  if (authorization.kind === 'unattached') return { ...authorization, ...(source && { source }) };
  const { mode, headers } = authorization;
  return {
    mode,
    source,
    ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.reveal()])),
  };
}

const tokens = (login: Record<string, unknown>): Record<string, unknown> =>
  login['tokens'] as Record<string, unknown>;
const login = chatgptLogin();
const accessTokenOf = (stored: Record<string, unknown>): string => String(tokens(stored)['access_token']);
const accessToken = accessTokenOf(login);
const expired = chatgptLogin({ expiresAtMs: NOW_MS - HOUR_MS });
const fedramp = {
  ...login,
  tokens: {
    ...tokens(login),
    id_token: tokenOf({ 'https://api.openai.com/auth': { chatgpt_account_is_fedramp: true } }),
  },
};

// What is attached was recorded from codex 0.169, row by row.
describe('what a request carries', () => {
  test.each<[string, Given, object]>([
    [
      'a login',
      { auth: login },
      {
        mode: 'chatgpt',
        source: 'auth.json',
        Authorization: `Bearer ${accessToken}`,
        'ChatGPT-Account-ID': 'account-1',
      },
    ],
    [
      'a login of a government account',
      { auth: fedramp },
      {
        mode: 'chatgpt',
        source: 'auth.json',
        Authorization: `Bearer ${accessToken}`,
        'ChatGPT-Account-ID': 'account-1',
        'X-OpenAI-Fedramp': 'true',
      },
    ],
    [
      'a login without account: that of the id token is not sent',
      { auth: { ...login, tokens: { ...tokens(login), account_id: undefined } } },
      { mode: 'chatgpt', source: 'auth.json', Authorization: `Bearer ${accessToken}` },
    ],
    [
      'tokens of a host program, although they have expired: nobody but the host renews them',
      { auth: { ...expired, auth_mode: 'chatgptAuthTokens' } },
      {
        mode: 'chatgpt_auth_tokens',
        source: 'auth.json',
        Authorization: `Bearer ${accessTokenOf(expired)}`,
        'ChatGPT-Account-ID': 'account-1',
      },
    ],
    [
      'a login whose token expired is renewed first',
      { auth: expired },
      { kind: 'unattached', mode: 'chatgpt', reason: 'expired', source: 'auth.json' },
    ],
    [
      'a login whose token says no time',
      { auth: { ...login, tokens: { ...tokens(login), access_token: 'opaque' } } },
      {
        mode: 'chatgpt',
        source: 'auth.json',
        Authorization: 'Bearer opaque',
        'ChatGPT-Account-ID': 'account-1',
      },
    ],
    [
      'a login without refresh token',
      { auth: { ...login, tokens: { ...tokens(login), refresh_token: '' } } },
      { kind: 'unattached', mode: 'chatgpt', reason: 'incomplete', source: 'auth.json' },
    ],
    [
      'a stored key, blanks and all',
      { auth: { OPENAI_API_KEY: ' sk-stored' } },
      { mode: 'api_key', source: 'auth.json', Authorization: 'Bearer  sk-stored' },
    ],
    [
      'a stored key with the line end of a paste',
      { auth: { OPENAI_API_KEY: 'sk-stored\n' } },
      { kind: 'unattached', mode: 'api_key', reason: 'illegal_value', source: 'auth.json' },
    ],
    [
      'a stored key with a letter that is not ASCII',
      { auth: { OPENAI_API_KEY: 'sk-störed' } },
      { kind: 'unattached', mode: 'api_key', reason: 'illegal_value', source: 'auth.json' },
    ],
    [
      'CODEX_API_KEY goes before all, without its blanks',
      { auth: login, env: { CODEX_API_KEY: '  sk-variable ', CODEX_ACCESS_TOKEN: 'at-other' } },
      { mode: 'api_key', source: 'CODEX_API_KEY', Authorization: 'Bearer sk-variable' },
    ],
    [
      'a personal access token in its variable',
      { auth: login, env: { CODEX_ACCESS_TOKEN: ' at-variable' } },
      {
        mode: 'personal_access_token',
        source: 'CODEX_ACCESS_TOKEN',
        Authorization: 'Bearer at-variable',
      },
    ],
    [
      'an agent identity in its variable',
      { env: { CODEX_ACCESS_TOKEN: tokenOf({ agent_runtime_id: 'x' }) } },
      { kind: 'unattached', mode: 'agent_identity', reason: 'agent_identity', source: 'CODEX_ACCESS_TOKEN' },
    ],
    [
      'a stored personal access token',
      { auth: { personal_access_token: 'at-stored' } },
      { mode: 'personal_access_token', source: 'auth.json', Authorization: 'Bearer at-stored' },
    ],
    [
      'a stored agent identity',
      {
        auth: {
          auth_mode: 'agentIdentity',
          agent_identity: { agent_runtime_id: 'id', agent_private_key: 'key' },
        },
      },
      { kind: 'unattached', mode: 'agent_identity', reason: 'agent_identity', source: 'auth.json' },
    ],
    [
      'a key for Amazon, and OpenAI is asked',
      { auth: { bedrock_api_key: { api_key: 'k', region: 'eu-west-1' } } },
      { kind: 'unattached', mode: 'bedrock_api_key', reason: 'none', source: 'auth.json' },
    ],
    ['nothing', {}, { kind: 'unattached', mode: 'none', reason: 'none' }],
    [
      'OPENAI_API_KEY alone is used for nothing',
      { env: { OPENAI_API_KEY: 'sk-other' } },
      { kind: 'unattached', mode: 'none', reason: 'none' },
    ],
    [
      'a keyring',
      { config: 'cli_auth_credentials_store = "keyring"' },
      { kind: 'unattached', mode: 'none', reason: 'keyring' },
    ],
    [
      "a provider's variable, blanks and all",
      { auth: login, config: `${OWN}env_key = "OWN_KEY"`, env: { OWN_KEY: ' own' } },
      { mode: 'provider', source: 'OWN_KEY', Authorization: 'Bearer  own' },
    ],
    [
      "a provider's variable that is unset",
      { auth: login, config: `${OWN}env_key = "OWN_KEY"`, env: { CODEX_API_KEY: 'k' } },
      { kind: 'unattached', mode: 'provider', reason: 'incomplete', source: 'OWN_KEY' },
    ],
    [
      'a token in the configuration',
      { auth: login, config: `${OWN}experimental_bearer_token = "inline"` },
      {
        mode: 'provider',
        source: 'model_providers.own.one.experimental_bearer_token',
        Authorization: 'Bearer inline',
      },
    ],
    [
      'a command that is not run',
      { auth: login, config: `${OWN}[model_providers."own.one".auth]\ncommand = "false"` },
      { kind: 'unattached', mode: 'provider', reason: 'command', source: 'model_providers.own.one.auth' },
    ],
    [
      'a provider without login',
      { auth: login, config: OWN },
      { kind: 'unattached', mode: 'none', reason: 'not_needed' },
    ],
    [
      'a provider with login',
      { auth: { OPENAI_API_KEY: 'sk-stored' }, config: `${OWN}requires_openai_auth = true` },
      { mode: 'api_key', source: 'auth.json', Authorization: 'Bearer sk-stored' },
    ],
    [
      'an unknown provider',
      { auth: login, config: 'model_provider = "nope"' },
      { kind: 'unattached', mode: 'none', reason: 'unknown_provider' },
    ],
    [
      'Bedrock with a token',
      { config: BEDROCK, env: { AWS_BEARER_TOKEN_BEDROCK: ' aws ', AWS_REGION: 'eu-west-1' } },
      { mode: 'aws', source: 'AWS_BEARER_TOKEN_BEDROCK', Authorization: 'Bearer aws' },
    ],
    [
      'Bedrock with a token and no region, which ends the agent',
      { config: BEDROCK, env: { AWS_BEARER_TOKEN_BEDROCK: 'aws' } },
      { kind: 'unattached', mode: 'aws', reason: 'incomplete', source: 'AWS_BEARER_TOKEN_BEDROCK' },
    ],
    [
      'Bedrock with a stored key, which goes before the variable',
      {
        config: BEDROCK,
        auth: { bedrock_api_key: { api_key: ' stored', region: 'eu-west-1' } },
        env: { AWS_BEARER_TOKEN_BEDROCK: 'aws', AWS_REGION: 'eu-west-1' },
      },
      { mode: 'bedrock_api_key', source: 'auth.json', Authorization: 'Bearer  stored' },
    ],
    [
      'Bedrock with stored access keys',
      {
        config: BEDROCK,
        auth: { bedrock_access_keys: { access_key_id: 'a', secret_access_key: 'b' } },
      },
      { kind: 'unattached', mode: 'aws', reason: 'signing', source: 'stored Bedrock credential' },
    ],
    [
      'Bedrock with access keys',
      { config: BEDROCK, env: { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' } },
      { kind: 'unattached', mode: 'aws', reason: 'signing', source: 'AWS access keys in the environment' },
    ],
    ['Bedrock with nothing', { config: BEDROCK }, { kind: 'unattached', mode: 'aws', reason: 'none' }],
  ])('%s', async (_name, given, expected) => expect(sent(await authorize(given))).toEqual(expected));
});

test('whatever is attached can be shown: no secret is in it', async () => {
  const secret = fc.stringMatching(/^[A-Za-z0-9]{16,40}$/);
  const places: readonly ((planted: string) => Given)[] = [
    (planted) => ({ auth: { OPENAI_API_KEY: planted } }),
    (planted) => ({ auth: { personal_access_token: `at-${planted}` } }),
    (planted) => ({ auth: chatgptLogin({ accountId: planted }) }),
    (planted) => ({ auth: { ...login, tokens: { ...tokens(login), access_token: planted } } }),
    (planted) => ({ env: { CODEX_API_KEY: planted } }),
    (planted) => ({ env: { CODEX_ACCESS_TOKEN: `at-${planted}` } }),
    (planted) => ({ config: `${OWN}env_key = "OWN_KEY"`, env: { OWN_KEY: planted } }),
    (planted) => ({ config: `${OWN}experimental_bearer_token = "${planted}"` }),
    (planted) => ({ config: `${OWN}experimental_bearer_token = "${planted}ü"` }),
    (planted) => ({
      config: BEDROCK,
      env: { AWS_BEARER_TOKEN_BEDROCK: planted, AWS_REGION: 'eu-west-1' },
    }),
    (planted) => ({
      config: BEDROCK,
      auth: { bedrock_api_key: { api_key: planted, region: 'eu-west-1' } },
    }),
  ];
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...places), secret, async (place, planted) => {
      const authorization = await authorize(place(planted));
      const shown = JSON.stringify(authorization) + inspect(authorization, { depth: 9, showHidden: true });
      expect(shown).not.toContain(planted);
    }),
    { numRuns: 60 },
  );
});
