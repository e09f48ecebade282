import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chatgptLogin, tokenOf } from '../../../fixtures/credentials.ts';
import { createFrom, everyForm, providerFrom, revealed } from '../../../fixtures/model-provider.ts';
import type { GivenHome } from '../../../fixtures/model-provider.ts';
import type { ModelError } from '../model/error.ts';

const OWN = `model_provider = "own"
[model_providers.own]
name = "Own"
base_url = "http://own.test/v1/"
`;
const login = chatgptLogin();
const tokens = login['tokens'] as Record<string, string>;
const accessToken = tokens['access_token'] ?? '';
const fedramp = {
  ...login,
  tokens: {
    ...tokens,
    id_token: tokenOf({ 'https://api.openai.com/auth': { chatgpt_account_is_fedramp: true } }),
  },
};
const CHATGPT = 'https://chatgpt.com/backend-api/codex';
const API = 'https://api.openai.com/v1';

async function carried(given: GivenHome): Promise<object> {
  const { auth, baseUrl } = await providerFrom(given).resolve();
  return { baseUrl, mode: auth.mode, chatgpt: auth.usesChatgptBackend, ...revealed(auth.headers) };
}

async function failureOf(given: GivenHome): Promise<ModelError> {
  return (await providerFrom(given)
    .resolve()
    .catch((error: unknown) => error)) as ModelError;
}

// spec/transport.md 3.2, 4.2, 4.4.
describe('where a request goes and what it carries', () => {
  test.each<[string, GivenHome, object]>([
    ['nobody is signed in', {}, { baseUrl: API, mode: undefined, chatgpt: false }],
    [
      'a ChatGPT login',
      { auth: login },
      {
        baseUrl: CHATGPT,
        mode: 'Chatgpt',
        chatgpt: true,
        authorization: `Bearer ${accessToken}`,
        'chatgpt-account-id': 'account-1',
      },
    ],
    [
      'a login of a government account',
      { auth: fedramp },
      {
        baseUrl: CHATGPT,
        mode: 'Chatgpt',
        chatgpt: true,
        authorization: `Bearer ${accessToken}`,
        'chatgpt-account-id': 'account-1',
        'x-openai-fedramp': 'true',
      },
    ],
    [
      'a ChatGPT login that was never refreshed carries nothing (trap 29)',
      { auth: { ...login, last_refresh: null } },
      { baseUrl: API, mode: undefined, chatgpt: false },
    ],
    [
      'a stored API key',
      { auth: { OPENAI_API_KEY: 'key-1' } },
      { baseUrl: API, mode: 'ApiKey', chatgpt: false, authorization: 'Bearer key-1' },
    ],
    [
      'CODEX_API_KEY goes before the stored login',
      { auth: login, env: { CODEX_API_KEY: ' key-2 ' } },
      { baseUrl: API, mode: 'ApiKey', chatgpt: false, authorization: 'Bearer key-2' },
    ],
    [
      'OPENAI_API_KEY alone signs nobody in (trap 29)',
      { env: { OPENAI_API_KEY: 'key-3' } },
      { baseUrl: API, mode: undefined, chatgpt: false },
    ],
    [
      'openai_base_url redirects a ChatGPT login too (trap 27)',
      { auth: { OPENAI_API_KEY: 'key-1' }, config: 'openai_base_url = "http://box.test/v1"' },
      { baseUrl: 'http://box.test/v1', mode: 'ApiKey', chatgpt: false, authorization: 'Bearer key-1' },
    ],
    [
      'a file that is none counts as signed out',
      { auth: ['no', 'login'] },
      { baseUrl: API, mode: undefined, chatgpt: false },
    ],
    [
      "a provider's variable",
      { config: `${OWN}env_key = "OWN_KEY"`, env: { OWN_KEY: 'own-1' }, auth: login },
      { baseUrl: 'http://own.test/v1', mode: 'ApiKey', chatgpt: false, authorization: 'Bearer own-1' },
    ],
    [
      "a provider's inline token",
      { config: `${OWN}experimental_bearer_token = "own-2"`, auth: login },
      { baseUrl: 'http://own.test/v1', mode: 'ApiKey', chatgpt: false, authorization: 'Bearer own-2' },
    ],
    [
      'a provider that wants none',
      { config: OWN, auth: login },
      { baseUrl: 'http://own.test/v1', mode: undefined, chatgpt: false },
    ],
    [
      'a provider that wants the login',
      { config: `${OWN}requires_openai_auth = true`, auth: { OPENAI_API_KEY: 'key-1' } },
      { baseUrl: 'http://own.test/v1', mode: 'ApiKey', chatgpt: false, authorization: 'Bearer key-1' },
    ],
    [
      'ollama',
      { config: 'model_provider = "ollama"', env: { CODEX_OSS_PORT: '99' } },
      { baseUrl: 'http://localhost:99/v1', mode: undefined, chatgpt: false },
    ],
    [
      'name and password in the address, where nothing else authorises',
      { config: OWN.replace('http://', 'http://user:pass@') },
      {
        baseUrl: 'http://own.test/v1',
        mode: undefined,
        chatgpt: false,
        authorization: `Basic ${Buffer.from('user:pass').toString('base64')}`,
      },
    ],
  ])('%s', async (_name, given, expected) => expect(await carried(given)).toEqual(expected));

  test('an interactive session does not read CODEX_API_KEY', async () => {
    const given = { auth: { OPENAI_API_KEY: 'stored' }, env: { CODEX_API_KEY: 'variable' } };
    const { auth } = await providerFrom(given, { unattended: false }).resolve();
    expect(revealed(auth.headers)).toEqual({ authorization: 'Bearer stored' });
  });
});

describe('what cannot be sent is an error with a kind', () => {
  test.each<[string, GivenHome, object, string]>([
    [
      'an unset variable',
      { config: `${OWN}env_key = "OWN_KEY"\nenv_key_instructions = "Ask Ada."` },
      { kind: 'credential_variable_missing', variable: 'OWN_KEY', instructions: 'Ask Ada.' },
      'Ask Ada.',
    ],
    [
      'a blank variable',
      { config: `${OWN}env_key = "OWN_KEY"`, env: { OWN_KEY: ' ' } },
      { kind: 'credential_variable_missing', variable: 'OWN_KEY' },
      'OWN_KEY',
    ],
    [
      'a login in the keyring',
      { config: 'cli_auth_credentials_store = "keyring"' },
      { kind: 'fatal' },
      'cli_auth_credentials_store = "file"',
    ],
    ['an agent identity', { env: { CODEX_ACCESS_TOKEN: 'ey.x.y' } }, { kind: 'fatal' }, 'agent identity'],
    [
      'a header with an illegal value (DECISIONS 12)',
      { config: `${OWN}http_headers = { "X-Team" = "a\\nhush" }` },
      { kind: 'fatal' },
      'X-Team',
    ],
    [
      'a token with a line break inside',
      { config: `${OWN}experimental_bearer_token = "hush\\nhush"` },
      { kind: 'fatal' },
      'characters that no HTTP header may have',
    ],
    [
      'an address of another kind',
      { config: OWN.replace('http://', 'ftp://hush:hush@') },
      { kind: 'fatal' },
      'no http or https URL',
    ],
  ])('%s', async (_name, given, failure, words) => {
    const error = await failureOf(given);
    expect(error.failure).toMatchObject(failure);
    expect(error.message).toContain(words);
    expect(everyForm(error)).not.toContain('hush');
  });

  test.each([
    ['model_provider = "nowhere"', 'nowhere'],
    ['model_provider = "ollama-chat"', 'use "ollama"'],
    ['model_provider = "gcp"', 'does not support'],
  ])('%s', (config, words) => {
    const creation = createFrom({ config });
    expect(creation).toMatchObject({ kind: 'unknown_provider' });
    expect('message' in creation && creation.message).toContain(words);
  });
});

describe('what a provider brings besides', () => {
  test('its own headers, the version of the client among them, and its parameters', async () => {
    const openai = await providerFrom({
      auth: { OPENAI_API_KEY: 'key' },
      env: { OPENAI_ORGANIZATION: 'org-1', OPENAI_PROJECT: ' ' },
    }).resolve();
    expect(revealed(openai.headers)).toEqual({ version: '1.2.3', 'openai-organization': 'org-1' });
    const own = await providerFrom({
      config: `${OWN}query_params = { "api-version" = "1" }
        http_headers = { "X-Team" = "blue" }
        env_http_headers = { "X-Unset" = "UNSET", "X-Set" = "SET" }`,
      env: { SET: 'yes' },
    }).resolve();
    expect(own.queryParameters).toEqual({ 'api-version': '1' });
    expect(revealed(own.headers)).toEqual({ 'x-team': 'blue', 'x-set': 'yes' });
  });

  test('budgets, by default and up to the cap', () => {
    expect(providerFrom({}).limits).toEqual({
      requestMaxRetries: 4,
      streamMaxRetries: 5,
      streamIdleTimeoutMs: 300_000,
      websocketConnectTimeoutMs: 15_000,
    });
    const config = `[model_providers.openai]
      request_max_retries = 0
      stream_max_retries = 1000
      stream_idle_timeout_ms = 70
      websocket_startup_timeout_ms = 80`;
    expect(providerFrom({ config }).limits).toEqual({
      requestMaxRetries: 0,
      streamMaxRetries: 100,
      streamIdleTimeoutMs: 70,
      websocketConnectTimeoutMs: 80,
    });
  });

  test('Azure is known by its name or address, Bedrock by its name (trap 26)', () => {
    expect(providerFrom({ config: OWN }).isAzure).toBe(false);
    expect(providerFrom({ config: OWN.replace('"Own"', '"azure"') }).isAzure).toBe(true);
    const bedrock = providerFrom({ config: OWN.replace('"Own"', '"Amazon Bedrock"') });
    expect(bedrock.capabilities).toEqual({ namespaceTools: true, imageGeneration: false, webSearch: false });
    expect(bedrock.recovery()).toMatchObject({ mode: 'none', phase: 'none' });
  });
});

describe('OPENAI_BASE_URL', () => {
  const env = { OPENAI_BASE_URL: 'http://old.test/v1' };
  test('stands in for openai_base_url, with a word of warning', async () => {
    const creation = createFrom({ env });
    expect(creation).toMatchObject({ kind: 'ready', warnings: [{ kind: 'deprecation' }] });
    expect(JSON.stringify(creation)).toContain('openai_base_url');
    expect(await carried({ env })).toMatchObject({ baseUrl: 'http://old.test/v1' });
  });
  test.each<[string, GivenHome, string]>([
    [
      'the key goes before it',
      { env, config: 'openai_base_url = "http://new.test/v1"' },
      'http://new.test/v1',
    ],
    ['a blank one is unset', { env: { OPENAI_BASE_URL: ' ' } }, API],
    ['it concerns no other provider', { env, config: OWN }, 'http://own.test/v1'],
  ])('%s', async (_name, given, baseUrl) => {
    expect(await carried(given)).toMatchObject({ baseUrl });
    expect(createFrom(given)).toMatchObject({ warnings: [] });
  });
});

test('no token shows in anything that is returned or thrown, in whatever form', async () => {
  // Long enough to be told from other text.
  const secret = fc.stringMatching(/^[!-~\n]{12,40}$/).filter((text) => !/^["'\\]+$/.test(text));
  const places: readonly ((text: string) => GivenHome)[] = [
    (text) => ({ env: { CODEX_API_KEY: text } }),
    (text) => ({ auth: { OPENAI_API_KEY: text } }),
    (text) => ({ config: `${OWN}env_key = "OWN_KEY"`, env: { OWN_KEY: text } }),
    (text) => ({ config: `${OWN}experimental_bearer_token = ${JSON.stringify(text)}` }),
    (text) => ({ config: `${OWN}http_headers = { "X-Team" = ${JSON.stringify(text)} }` }),
    (text) => ({ auth: { ...login, tokens: { ...tokens, access_token: text, refresh_token: text } } }),
  ];
  await fc.assert(
    fc.asyncProperty(secret, fc.constantFrom(...places), async (text, place) => {
      const shown = everyForm(
        await providerFrom(place(text))
          .resolve()
          .catch((error: unknown) => error),
      );
      expect(shown).not.toContain(text.trim());
      expect(shown).not.toContain(JSON.stringify(text.trim()).slice(1, -1));
    }),
    { numRuns: 60 },
  );
});
