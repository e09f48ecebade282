import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { testContext } from '../../../fixtures/context.ts';
import { NOW_MS, chatgptLogin } from '../../../fixtures/credentials.ts';
import { temporaryHome } from '../../../fixtures/home.ts';
import { Secret } from '../../redact/secret.ts';
import { authorizationOf } from './authorization.ts';
import { headersOf } from './headers.ts';
import type { HeaderSet, RouteKind } from './headers.ts';

const OWN = `model_provider = "own.one"
[model_providers."own.one"]
name = "Own"
base_url = "http://own/v1"
supports_websockets = true
env_key = "OWN_KEY"
`;

interface Given {
  readonly config?: string;
  readonly auth?: object;
  readonly env?: Record<string, string>;
}

async function headers(kind: RouteKind, { config = '', auth, env = {} }: Given): Promise<HeaderSet> {
  const home = temporaryHome({
    'config.toml': config,
    ...(auth && { 'auth.json': JSON.stringify(auth) }),
  });
  const { target, files } = testContext({ home, env: { HOME: home, ...env } });
  const authorization = await authorizationOf(target, { files, nowMs: NOW_MS, runCommand: false });
  return headersOf(kind, target, { authorization, userAgent: 'agent/1' });
}

const plain = ({ headers: found }: HeaderSet): Record<string, string> =>
  Object.fromEntries(
    Object.entries(found).map(([name, value]) => [name, value instanceof Secret ? value.reveal() : value]),
  );

/*
 * Names that codex 0.169 sent to a server on the loopback interface: the WebSocket and the HEAD of `codex doctor`, the
 * model list of `codex exec`. Left out is what the transport adds: host, connection, upgrade and sec-websocket-*.
 */
describe('the names are those that the agent sends', () => {
  const login: Given = { auth: chatgptLogin(), env: { OPENAI_ORGANIZATION: 'org-1', OPENAI_PROJECT: ' ' } };
  const own: Given = {
    config: `${OWN}http_headers = { X-Static = "s", X-Empty = "" }
env_http_headers = { X-Env = "TEAM", X-Blank = "BLANK", X-Unset = "UNSET" }`,
    env: { OWN_KEY: 'own', TEAM: 'team', BLANK: '  ' },
  };
  const bedrock: Given = {
    config: 'model_provider = "amazon-bedrock"',
    env: { AWS_BEARER_TOKEN_BEDROCK: 'aws', AWS_REGION: 'eu-west-1' },
  };
  test.each<[string, RouteKind, Given, string]>([
    [
      'WebSocket of a login',
      'websocket',
      login,
      'authorization chatgpt-account-id openai-beta openai-organization originator user-agent version',
    ],
    [
      'model list of a login',
      'models',
      { auth: login.auth ?? {} },
      'accept authorization chatgpt-account-id originator user-agent version',
    ],
    ['base of a login', 'base', login, 'accept originator user-agent'],
    [
      'WebSocket of a provider',
      'websocket',
      own,
      'authorization openai-beta originator user-agent x-empty x-env x-static',
    ],
    [
      'model list of a provider',
      'models',
      own,
      'accept authorization originator user-agent x-empty x-env x-static',
    ],
    ['base of a provider', 'base', own, 'accept originator user-agent'],
    ['Bedrock', 'models', bedrock, 'accept authorization originator user-agent x-amzn-mantle-client-agent'],
    ['a local model', 'models', { config: 'model_provider = "ollama"' }, 'accept originator user-agent'],
  ])('%s', async (_name, kind, given, names) =>
    expect(Object.keys(plain(await headers(kind, given))).toSorted()).toEqual(names.split(' ')),
  );
});

test('values: the installed version is unknown here, so it is the recorded one', async () =>
  expect(
    plain(await headers('websocket', { env: { CODEX_API_KEY: 'k', OPENAI_ORGANIZATION: 'org' } })),
  ).toEqual({
    authorization: 'Bearer k',
    'openai-beta': 'responses_websockets=2026-02-06',
    'openai-organization': 'org',
    originator: 'codex_cli_rs',
    'user-agent': 'agent/1',
    version: '0.169.0',
  }));

// Recorded from codex 0.169 too.
describe('who wins', () => {
  const configured = (table: string): Given => ({
    config: `${OWN}http_headers = ${table}`,
    env: { OWN_KEY: 'own', TEAM: 'team' },
  });
  test.each<[string, Given, object]>([
    ['a configured User-Agent', configured('{ User-Agent = "mine" }'), { 'user-agent': 'mine' }],
    ['a configured originator', configured('{ originator = "me" }'), { originator: 'me' }],
    [
      'what the request needs, over what is configured',
      configured('{ openai-beta = "mine" }'),
      { 'openai-beta': 'responses_websockets=2026-02-06' },
    ],
    [
      'the credential, over a configured Authorization',
      configured('{ Authorization = "Basic x" }'),
      { authorization: 'Bearer own' },
    ],
    [
      'a configured Authorization where there is no credential',
      { config: `${OWN.replace(/env_key.*/, '')}http_headers = { AUTHORIZATION = "Basic x" }` },
      { authorization: 'Basic x' },
    ],
    [
      'a variable, over a written value',
      {
        config: `${OWN}http_headers = { X-Team = "written" }\nenv_http_headers = { x-team = "TEAM" }`,
        env: { OWN_KEY: 'own', TEAM: 'team' },
      },
      { 'x-team': 'team' },
    ],
  ])('%s', async (_name, given, expected) =>
    expect(plain(await headers('websocket', given))).toMatchObject(expected),
  );
});

describe('a header that cannot be sent is named and left out', () => {
  test.each([
    ['"bad name" = "x"', { name: 'bad name', part: 'name', effect: 'dropped' }],
    ['"" = "x"', { name: '', part: 'name', effect: 'dropped' }],
    ['X-Bad = "a\\nb"', { name: 'X-Bad', part: 'value', effect: 'dropped' }],
    ['X-Bad = "a\\u0000"', { name: 'X-Bad', part: 'value', effect: 'dropped' }],
  ])('%s', async (written, expected) => {
    const found = await headers('models', {
      config: `${OWN}http_headers = { ${written} }`,
      env: { OWN_KEY: 'own' },
    });
    expect(found.illegal).toEqual([{ ...expected, source: 'model_providers.own.one.http_headers' }]);
    expect(Object.keys(plain(found)).toSorted()).toEqual([
      'accept',
      'authorization',
      'originator',
      'user-agent',
    ]);
  });

  test('one that only the WebSocket client does not take is named and kept', async () => {
    const found = await headers('models', {
      config: `${OWN}http_headers = { X-Team = "ü" }`,
      env: { OWN_KEY: 'own' },
    });
    expect(found.illegal).toEqual([
      {
        name: 'X-Team',
        part: 'value',
        effect: 'no_websocket',
        source: 'model_providers.own.one.http_headers',
      },
    ]);
    expect(plain(found)).toMatchObject({ 'x-team': 'ü' });
  });

  test('one from a variable names the variable', async () => {
    const { illegal } = await headers('websocket', {
      config: `${OWN}env_http_headers = { X-Team = "TEAM" }`,
      env: { OWN_KEY: 'own', TEAM: 'a\nb' },
    });
    expect(illegal).toEqual([{ name: 'X-Team', part: 'value', source: 'TEAM', effect: 'dropped' }]);
  });

  test('a tab and blanks are legal', async () =>
    expect(
      await headers('models', {
        config: `${OWN}http_headers = { X-Tab = " a\\tb " }`,
        env: { OWN_KEY: 'own' },
      }),
    ).toMatchObject({ illegal: [], headers: { 'x-tab': expect.any(Secret) } }));
});

test('no configured value can be shown', async () => {
  const secret = fc.stringMatching(/^[A-Za-z0-9]{12,30}$/);
  const end = fc.constantFrom('', '\\n', 'ü');
  await fc.assert(
    fc.asyncProperty(secret, end, fc.boolean(), async (planted, tail, written) => {
      const found = await headers('websocket', {
        config: written
          ? `${OWN}http_headers = { X-Key = "${planted}${tail}" }`
          : `${OWN}env_http_headers = { X-Key = "KEY" }`,
        env: { OWN_KEY: planted, KEY: planted + (tail === '\\n' ? '\n' : tail) },
      });
      const shown = JSON.stringify(found) + inspect(found, { depth: 9, showHidden: true });
      expect(shown).not.toContain(planted);
    }),
    { numRuns: 40 },
  );
});
