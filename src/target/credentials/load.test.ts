import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { testContext } from '../../../fixtures/context.ts';
import { chatgptLogin } from '../../../fixtures/credentials.ts';
import { temporaryHome } from '../../../fixtures/home.ts';
import type { CredentialFacts } from './facts.ts';

const login = JSON.stringify(chatgptLogin());
const key = '{"OPENAI_API_KEY":"sk-stored"}';
const OWN = 'model_provider = "own"\n[model_providers.own]\nname = "Own"\nbase_url = "http://own/v1"\n';

interface Given {
  readonly config?: string;
  readonly auth?: string;
  readonly env?: Record<string, string>;
  readonly dotenv?: string;
}

function credentials({ config = '', auth, env = {}, dotenv }: Given): CredentialFacts {
  const home = temporaryHome({
    'config.toml': config,
    ...(auth !== undefined && { 'auth.json': auth }),
    ...(dotenv !== undefined && { '.env': dotenv }),
  });
  return testContext({ home, env: { HOME: home, ...env } }).target.credentials();
}

// Every row was run against codex 0.169 with a server that recorded the header it was sent.
describe('the credential that a request carries', () => {
  test.each<[string, Given, object]>([
    ['a login', { auth: login }, { kind: 'stored', mode: 'chatgpt' }],
    ['a stored key', { auth: key }, { kind: 'stored', mode: 'api_key' }],
    ['nothing', {}, { kind: 'none' }],
    ['OPENAI_API_KEY alone is used for nothing', { env: { OPENAI_API_KEY: 'k' } }, { kind: 'none' }],
    [
      'CODEX_API_KEY before a login',
      { auth: login, env: { CODEX_API_KEY: 'k' } },
      { kind: 'environment', name: 'CODEX_API_KEY' },
    ],
    [
      'CODEX_API_KEY before CODEX_ACCESS_TOKEN',
      { env: { CODEX_API_KEY: 'k', CODEX_ACCESS_TOKEN: 't' } },
      { kind: 'environment', name: 'CODEX_API_KEY' },
    ],
    [
      'CODEX_ACCESS_TOKEN before a login',
      { auth: login, env: { CODEX_ACCESS_TOKEN: 't' } },
      { kind: 'environment', name: 'CODEX_ACCESS_TOKEN' },
    ],
    [
      'a blank variable is none',
      { auth: login, env: { CODEX_API_KEY: ' ' } },
      { kind: 'stored', mode: 'chatgpt' },
    ],
    [
      'CODEX_API_KEY in .env is ignored',
      { auth: login, dotenv: 'CODEX_API_KEY=k\n' },
      { kind: 'stored', mode: 'chatgpt' },
    ],
    [
      'a forced method passes over a variable',
      { auth: login, env: { CODEX_API_KEY: 'k' }, config: 'forced_login_method = "chatgpt"' },
      { kind: 'stored', mode: 'chatgpt' },
    ],
    [
      'a forced method turns a login away',
      { auth: login, config: 'forced_login_method = "api"' },
      { kind: 'none' },
    ],
    ['another workspace', { auth: login, config: 'forced_chatgpt_workspace_id = "other"' }, { kind: 'none' }],
    [
      'one of the workspaces',
      { auth: login, config: 'forced_chatgpt_workspace_id = ["other", "account-1"]' },
      { kind: 'stored', mode: 'chatgpt' },
    ],
    [
      'ephemeral storage',
      { auth: login, config: 'cli_auth_credentials_store = "ephemeral"' },
      { kind: 'none' },
    ],
    [
      'keyring storage',
      { auth: login, config: 'cli_auth_credentials_store = "keyring"' },
      { kind: 'keyring' },
    ],
    [
      'automatic storage falls back to the file',
      { auth: login, config: 'cli_auth_credentials_store = "auto"' },
      { kind: 'stored', mode: 'chatgpt' },
    ],
    [
      'env_key',
      { auth: login, config: `${OWN}env_key = "OWN_KEY"`, env: { OWN_KEY: 'k' } },
      { kind: 'provider_variable', name: 'OWN_KEY', state: 'present' },
    ],
    [
      'env_key from .env',
      { config: `${OWN}env_key = "OWN_KEY"`, dotenv: 'OWN_KEY=k' },
      { kind: 'provider_variable', name: 'OWN_KEY', state: 'present' },
    ],
    [
      'env_key blank',
      { config: `${OWN}env_key = "OWN_KEY"`, env: { OWN_KEY: ' ' } },
      { kind: 'provider_variable', name: 'OWN_KEY', state: 'blank' },
    ],
    [
      'env_key has no fallback',
      { config: `${OWN}env_key = "OWN_KEY"\nexperimental_bearer_token = "t"` },
      { kind: 'provider_variable', name: 'OWN_KEY', state: 'missing' },
    ],
    [
      'inline token before a login',
      { auth: login, config: `${OWN}requires_openai_auth = true\nexperimental_bearer_token = "t"` },
      { kind: 'provider_token' },
    ],
    [
      'a command',
      { config: `${OWN}[model_providers.own.auth]\ncommand = "token"` },
      { kind: 'provider_command' },
    ],
    ['a provider without login', { auth: login, config: OWN }, { kind: 'not_needed' }],
    [
      'a provider with login',
      { auth: login, config: `${OWN}requires_openai_auth = true` },
      { kind: 'stored', mode: 'chatgpt' },
    ],
    ['an unknown provider', { auth: login, config: 'model_provider = "nope"' }, { kind: 'unknown' }],
    [
      'Bedrock without anything',
      { config: 'model_provider = "amazon-bedrock"' },
      { kind: 'aws', source: 'none found' },
    ],
    [
      'Bedrock with keys',
      {
        config: 'model_provider = "amazon-bedrock"',
        env: { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', AWS_REGION: 'eu-west-1' },
      },
      { kind: 'aws', source: 'AWS access keys in the environment', region: 'eu-west-1' },
    ],
    [
      'Bedrock with a stored key, whose region and token go before all others',
      {
        auth: '{"bedrock_api_key":{"api_key":"k","region":"eu-north-1"}}',
        config: `model_provider = "amazon-bedrock"
                 [model_providers.amazon-bedrock.aws]
                 region = "us-east-1"`,
        env: { AWS_BEARER_TOKEN_BEDROCK: 'b', AWS_REGION: 'eu-west-1' },
      },
      { kind: 'aws', source: 'stored Bedrock credential', region: 'eu-north-1' },
    ],
    ['incomplete', { auth: '{"auth_mode":"chatgpt"}' }, { kind: 'none' }],
  ])('%s', (_name, given, expected) => expect(credentials(given).effective).toMatchObject(expected));
});

test('interactive sessions do not read CODEX_API_KEY', () =>
  expect(credentials({ auth: login, env: { CODEX_API_KEY: 'k' } }).interactive).toEqual({
    kind: 'stored',
    mode: 'chatgpt',
  }));

test('what a restriction turns away is named', () =>
  expect(
    credentials({ auth: login, env: { CODEX_ACCESS_TOKEN: 't' }, config: 'forced_login_method = "api"' })
      .refused,
  ).toEqual([
    { source: 'CODEX_ACCESS_TOKEN', reason: 'method' },
    { source: 'stored login', reason: 'method' },
  ]));

describe('whatever stands in place of auth.json is named and nothing blocks', () => {
  const plant: Record<string, (path: string) => void> = {
    dangling: (path) => symlinkSync(join(path, '..', 'nowhere'), path),
    loop: (path) => symlinkSync(path, path),
    wrong_type: (path) => mkdirSync(path),
    not_utf8: (path) => writeFileSync(path, Buffer.from([0x7b, 0xff, 0x7d])),
    too_large: (path) => writeFileSync(path, ' '.repeat(2 * 1024 * 1024)),
    malformed: (path) => writeFileSync(path, '{'),
    ...(process.platform !== 'win32' && { fifo: (path: string) => execFileSync('mkfifo', [path]) }),
  };
  test.each(Object.keys(plant))('%s', (kind) => {
    const home = temporaryHome();
    plant[kind]?.(join(home, 'auth.json'));
    expect(testContext({ home }).target.credentials().file.kind).toBe(kind === 'fifo' ? 'wrong_type' : kind);
  });
});

test('facts hold no secret', () => {
  const env = { CODEX_API_KEY: 'hush-variable', OPENAI_API_KEY: 'hush-other' };
  const text = JSON.stringify(credentials({ auth: '{"OPENAI_API_KEY":"hush-key"}', env }));
  expect(text).not.toContain('hush');
});

test('the keyring entry is named as the agent names it', () => {
  const { keyring } = credentials({ config: 'cli_auth_credentials_store = "keyring"' });
  expect(keyring).toMatchObject({
    service: 'Codex Auth',
    account: expect.stringMatching(/^cli\|[0-9a-f]{16}$/),
  });
});
