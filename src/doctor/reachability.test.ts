import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { testContext } from '../../fixtures/context.ts';
import { NOW_MS, chatgptLogin } from '../../fixtures/credentials.ts';
import { temporaryHome } from '../../fixtures/home.ts';
import { startFaultServer } from '../../fixtures/lab/fault-server.ts';
import type { HttpAsk, Network, RequestHeaders, WebSocketAsk } from '../net/network.ts';
import { TOKEN_COMMAND_TIMEOUT_MS } from '../target/request/token-command.ts';
import type { ContextOptions } from './context.ts';
import { createReachability, REACHABILITY_BUDGET_MS } from './reachability.ts';
import type { Reachability } from './reachability.ts';

type Switches = Partial<Pick<ContextOptions, 'deep' | 'exec' | 'offline'>>;

interface Given {
  readonly config?: string;
  readonly auth?: object;
  readonly env?: Record<string, string>;
  readonly options?: Switches;
}

interface Examined {
  readonly reachability: Reachability;
  readonly http: readonly HttpAsk[];
  readonly webSocket: readonly WebSocketAsk[];
}

const OWN = `model_provider = "own"
[model_providers.own]
name = "Own"
base_url = "https://ann:pass@own/v1/"
supports_websockets = true
query_params = { api-version = "1" }
http_headers = { X-Key = "configured-secret" }
`;

/** A network that answers nothing and writes down what it was asked. */
function examine({ config = '', auth, env = {}, options = {} }: Given): Examined {
  const home = temporaryHome({
    'config.toml': config,
    ...(auth && { 'auth.json': JSON.stringify(auth) }),
  });
  const context = testContext({ home, env: { HOME: home, ...env }, offline: false, ...options });
  const http: HttpAsk[] = [];
  const webSocket: WebSocketAsk[] = [];
  const nothing = {
    outcome: { kind: 'unresolved', hop: 'endpoint', code: 'ENOTFOUND' },
    trace: { totalMs: 1 },
    durationMs: 1,
  } as const;
  const network: Network = {
    ...context.network,
    observeHttp: (ask) => {
      http.push(ask);
      return Promise.resolve(nothing);
    },
    observeWebSocket: (ask) => {
      webSocket.push(ask);
      return Promise.resolve(nothing);
    },
  };
  const reachability = createReachability({
    ...context,
    network,
    clock: { ...context.clock, now: () => NOW_MS },
  });
  return { reachability, http, webSocket };
}

const plain = (headers: RequestHeaders | undefined): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers ?? {}).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : value.reveal(),
    ]),
  );

const askAll = ({ reachability }: Examined): Promise<unknown> =>
  Promise.all([reachability.base(), reachability.models(), reachability.websocket()]);

test('each question is put once, with the address, method, limits and headers that belong to it', async () => {
  const examined = examine({ config: `${OWN}env_key = "OWN_KEY"`, env: { OWN_KEY: 'key', TERM: 'xterm' } });
  await Promise.all([askAll(examined), askAll(examined)]);
  const { http, webSocket } = examined;
  expect(http.map(({ method, url, timeoutMs }) => [method, url, timeoutMs])).toEqual([
    ['HEAD', 'https://own/v1?api-version=1', 6_000],
    ['GET', 'https://own/v1/models?api-version=1', 6_000],
  ]);
  expect(Object.keys(plain(http[0]?.headers)).toSorted()).toEqual(['accept', 'originator', 'user-agent']);
  expect(plain(http[1]?.headers)).toMatchObject({
    authorization: 'Bearer key',
    'x-key': 'configured-secret',
  });
  expect(webSocket).toHaveLength(1);
  expect(webSocket[0]).toMatchObject({
    url: 'wss://own/v1/responses?api-version=1',
    timeoutMs: 8_000,
    windowMs: 450,
  });
  expect(plain(webSocket[0]?.headers)).toMatchObject({
    authorization: 'Bearer key',
    'openai-beta': 'responses_websockets=2026-02-06',
    'x-key': 'configured-secret',
    'user-agent': expect.stringMatching(/^codex_cli_rs\/\S+ \(.+; \S+\) xterm \(stethos; \S+\)$/),
  });
});

test('nothing is asked offline', async () => {
  const examined = examine({ auth: chatgptLogin(), options: { offline: true } });
  expect(await askAll(examined)).toEqual([undefined, undefined, undefined]);
  expect([...examined.http, ...examined.webSocket]).toEqual([]);
  expect(examined.reachability.routes()?.base).toBe('https://chatgpt.com/backend-api/codex');
});

describe('what is asked', () => {
  test.each<[string, Given, string[]]>([
    [
      'a login',
      { auth: chatgptLogin() },
      [
        'https://chatgpt.com/backend-api/codex',
        'https://chatgpt.com/backend-api/codex/models?client_version=0.169.0',
        'wss://chatgpt.com/backend-api/codex/responses',
      ],
    ],
    [
      'a local model',
      { config: 'model_provider = "ollama"' },
      ['http://localhost:11434/v1', 'http://localhost:11434/v1/models'],
    ],
    [
      'Bedrock: no model list, no WebSocket',
      {
        config: 'model_provider = "amazon-bedrock"',
        env: { AWS_BEARER_TOKEN_BEDROCK: 't', AWS_REGION: 'eu-west-1' },
      },
      ['https://bedrock-mantle.eu-west-1.api.aws/openai/v1'],
    ],
    ['a provider that does not exist', { config: 'model_provider = "nope"' }, []],
  ])('%s', async (_name, given, urls) => {
    const examined = examine(given);
    await askAll(examined);
    expect([...examined.http, ...examined.webSocket].map(({ url }) => url)).toEqual(urls);
  });
});

describe('limits', () => {
  test.each([
    ['a short one of the configuration', 'websocket_connect_timeout_ms = 900', false, [900, 450]],
    ['not a longer one', 'websocket_connect_timeout_ms = 60000', false, [8_000, 450]],
    ['a longer look', '', true, [8_000, 3_000]],
  ])('%s', async (_name, line, deep, expected) => {
    const examined = examine({ config: OWN + line, options: { deep } });
    await examined.reachability.websocket();
    const [ask] = examined.webSocket;
    expect([ask?.timeoutMs, ask?.windowMs]).toEqual(expected);
  });
});

test.each([
  [{ deep: false }, 8_450],
  [{ deep: true }, REACHABILITY_BUDGET_MS - TOKEN_COMMAND_TIMEOUT_MS - 1_000],
])('with %j every answer is there after %i ms at most', async (options, mostMs) => {
  const config = `${OWN}websocket_connect_timeout_ms = 60000`;
  const examined = examine({ config, options });
  await askAll(examined);
  const longest = [
    ...examined.http.map(({ timeoutMs }) => timeoutMs),
    ...examined.webSocket.map(({ timeoutMs, windowMs }) => timeoutMs + windowMs),
  ];
  expect(Math.max(...longest)).toBe(mostMs);
});

describe('name and password of the address', () => {
  const pair = `Basic ${Buffer.from('ann:pass').toString('base64')}`;
  test('they sign the HTTP request that nothing else signs, and no WebSocket', async () => {
    const examined = examine({ config: OWN });
    await askAll(examined);
    expect(examined.http.map(({ headers }) => plain(headers)['authorization'])).toEqual([undefined, pair]);
    expect(plain(examined.webSocket[0]?.headers)).not.toHaveProperty('authorization');
  });
  test('a credential goes before them', async () => {
    const examined = examine({ config: `${OWN}experimental_bearer_token = "inline"` });
    await examined.reachability.models();
    expect(plain(examined.http[0]?.headers)['authorization']).toBe('Bearer inline');
  });
});

test('an expired token is not sent, and the question is put all the same', async () => {
  const examined = examine({ auth: chatgptLogin({ expiresAtMs: NOW_MS - 1_000 }) });
  await askAll(examined);
  expect(await examined.reachability.authorization()).toMatchObject({ reason: 'expired' });
  const { http, webSocket } = examined;
  expect([...http, ...webSocket].map(({ headers }) => 'authorization' in headers)).toEqual([
    false,
    false,
    false,
  ]);
});

function commandHome(options: Switches): Examined & { readonly runs: () => number } {
  const folder = temporaryHome({ 'get-token': '#!/bin/sh\necho run >> "$LOG"\necho printed\n' });
  const program = join(folder, 'get-token');
  chmodSync(program, 0o755);
  const log = join(folder, 'log');
  const examined = examine({
    config: `${OWN}[model_providers.own.auth]\ncommand = ${JSON.stringify(program)}`,
    env: { LOG: log, PATH: '/usr/bin:/bin' },
    options,
  });
  return { ...examined, runs: () => readFileSync(log, 'utf8').split('run').length - 1 };
}

describe.runIf(process.platform !== 'win32')('a command that prints the token', () => {
  test('under --deep it runs once for all questions', async () => {
    const examined = commandHome({ deep: true, exec: true });
    await askAll(examined);
    expect(plain(examined.webSocket[0]?.headers)['authorization']).toBe('Bearer printed');
    expect(plain(examined.http[1]?.headers)['authorization']).toBe('Bearer printed');
    expect(examined.runs()).toBe(1);
  });
  test.each([
    { deep: false, exec: true },
    { deep: true, exec: false },
  ])('with %j it does not run', async (options) => {
    const examined = commandHome(options);
    await askAll(examined);
    expect(await examined.reachability.authorization()).toMatchObject({ reason: 'command' });
    expect(() => examined.runs()).toThrow('ENOENT');
  });
});

test('what the WebSocket client of the agent does not take, it does not send', async () => {
  const examined = examine({ config: OWN.replace('configured-secret', 'geheim-für-alle') });
  const websocket = await examined.reachability.websocket();
  await examined.reachability.models();
  expect(websocket?.outcome).toEqual({
    kind: 'unsendable',
    problem: 'the value of the header X-Key is not ASCII, which the WebSocket client does not take',
  });
  expect(examined.webSocket).toEqual([]);
  expect(Object.keys(examined.http[0]?.headers ?? {})).toContain('x-key');
});

describe('on the wire', () => {
  const LIMITS = { httpTimeoutMs: 250, webSocketTimeoutMs: 250, webSocketWindowMs: 50 };
  const ask = async ({ url, limits }: { url: string; limits: typeof LIMITS }): Promise<unknown[]> => {
    const home = temporaryHome({
      'config.toml': `model_provider = "own"
[model_providers.own]
name = "Own"
base_url = "${url}"
supports_websockets = true
env_key = "OWN_KEY"
query_params = { api-version = "1" }
http_headers = { X-Static = "s" }`,
    });
    const context = testContext({ home, env: { HOME: home, OWN_KEY: 'key' }, offline: false });
    const reachability = createReachability({ ...context, limits });
    const observed = await Promise.all([
      reachability.base(),
      reachability.models(),
      reachability.websocket(),
    ]);
    return observed.map((one) => one?.outcome.kind);
  };

  /*
   * Names that codex 0.169 sent to a recording server for the same configuration: the WebSocket and the HEAD of
   * `codex doctor`, the model list of `codex exec`. Ours says `connection` besides on HTTP: each connection serves one
   * request.
   */
  test('the headers are those of the agent', async () => {
    await using server = await startFaultServer({
      'UPGRADE /v1/responses': { upgrade: {} },
      'HEAD /v1': { answer: { status: 404 } },
      'GET /v1/models': { answer: { status: 200, body: '{"models":[]}' } },
    });
    const limits = { ...LIMITS, httpTimeoutMs: 5_000, webSocketTimeoutMs: 5_000 };
    expect(await ask({ url: server.url('/v1'), limits })).toEqual(['answered', 'answered', 'upgraded']);
    const seen = server.requests.map(({ method, url, isUpgrade, headers }) => [
      `${isUpgrade ? 'UPGRADE' : method} ${url}`,
      Object.keys(headers).toSorted().join(' '),
    ]);
    expect(Object.fromEntries(seen)).toEqual({
      'HEAD /v1?api-version=1': 'accept connection host originator user-agent',
      'GET /v1/models?api-version=1': 'accept authorization connection host originator user-agent x-static',
      'UPGRADE /v1/responses?api-version=1':
        'authorization connection host openai-beta originator sec-websocket-extensions sec-websocket-key sec-websocket-version upgrade user-agent x-static',
    });
  });

  test('all questions end when nobody answers', async () => {
    await using server = await startFaultServer({ '*': 'silent' });
    expect(await ask({ url: server.url('/v1'), limits: LIMITS })).toEqual(['silent', 'silent', 'silent']);
  });
});

test('what is asked can be shown but for its address', async () => {
  const examined = examine({ config: `${OWN}env_key = "OWN_KEY"`, env: { OWN_KEY: 'variable-secret' } });
  await askAll(examined);
  const asked = [...examined.http, ...examined.webSocket];
  const shown = JSON.stringify(asked) + inspect(asked, { depth: 9, showHidden: true });
  expect(shown).not.toMatch(/configured-secret|variable-secret|ann|pass/);
});
