import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createCanaries } from '../../fixtures/canaries.ts';
import { chatgptLogin, NOW_MS, tokenOf } from '../../fixtures/credentials.ts';
import { temporaryHome } from '../../fixtures/home.ts';
import { closedPort, startFaultServer } from '../../fixtures/lab/fault-server.ts';
import type { FaultServer, RecordedRequest, Script, Step } from '../../fixtures/lab/fault-server.ts';
import { plantProgram } from '../../fixtures/programs.ts';
import { programPath } from '../../fixtures/run.ts';
import { prompt } from '../../fixtures/thread.ts';
import { leaksOf, watchAgent } from '../../fixtures/watched-agent.ts';
import type { WatchedRun } from '../../fixtures/watched-agent.ts';
import { completed, created, functionCall, message } from '../testing/responses/events.ts';
import { startResponsesServer } from '../testing/responses-server.ts';

const answer = (...events: readonly object[]): Step => ({ events });
const done = answer(created('r1'), ...message('done'), completed('r1'));
const json = (status: number, body: object): Step => ({
  answer: { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
});
/** Tells whoever asked everything that was asked. */
const echo = ({ headers, url, body }: RecordedRequest, status = 403): Step => {
  const everything = `${JSON.stringify(headers)} ${url} ${url.includes('token') ? body : ''}`;
  const header = Object.values(headers).join(' ');
  return {
    answer: {
      status,
      headers: { 'x-request-id': header, 'x-openai-authorization-error': header, 'cf-ray': header },
      body: JSON.stringify({ error: { message: everything, code: everything }, detail: everything }),
    },
  };
};

async function serverOf(script: Script): Promise<FaultServer> {
  const server = await startFaultServer(script, { listenOn: '127.0.0.1' });
  onTestFinished(() => server[Symbol.asyncDispose]());
  return server;
}

interface Given {
  readonly config: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly nowMs?: number;
}

const QUICK = 'request_max_retries = 0\nstream_max_retries = 1\nsupports_websockets = false\n';

function turnWith({ config, env = {}, files = {}, nowMs }: Given): Promise<WatchedRun> {
  const home = temporaryHome({
    'config.toml': `model = "gpt-5.3-codex"\nsandbox_mode = "danger-full-access"\n${config}`,
    ...files,
  });
  return watchAgent(
    {
      home,
      cwd: home,
      env: { PATH: process.env['PATH'] ?? '', HOME: home, ...env },
      entryPoint: 'exec',
      ...(nowMs !== undefined && { clock: { now: () => nowMs, elapsed: () => performance.now() } }),
    },
    [prompt('go')],
  );
}

const typesOf = ({ events }: WatchedRun): string[] => events.map(({ type }) => type);

const echoWithCode = (request: RecordedRequest, status: number, code: string): Step =>
  json(status, { error: { code, message: request.body }, echoed: request.body });

const loginPlace = async (
  refresh: (request: RecordedRequest) => Step,
  after: (request: RecordedRequest) => Step,
) => {
  const canaries = createCanaries();
  const names = { email: canaries.plant('email'), jti: canaries.plant('access token') };
  const login = chatgptLogin();
  const tokens = {
    ...(login['tokens'] as object),
    access_token: tokenOf({ exp: NOW_MS / 1000 + 86_400, jti: names.jti }),
    refresh_token: canaries.plant('refresh token'),
  };
  const endpoint = await serverOf(refresh);
  const server = await serverOf(after);
  const run = await turnWith({
    config: `model_provider = "lab"
      [model_providers.lab]
      name = "Lab"
      base_url = "${server.url('/v1')}"
      requires_openai_auth = true
      ${QUICK}`,
    nowMs: NOW_MS,
    files: { 'auth.json': JSON.stringify({ ...login, tokens }) },
    env: {
      CODEX_REFRESH_TOKEN_URL_OVERRIDE: endpoint.url(`/oauth/token?sig=${canaries.plant('refresh URL')}`),
    },
  });
  return { canaries, run, server, endpoint, login: tokens };
};
const renewed = (): string => tokenOf({ exp: NOW_MS / 1000 + 86_400, jti: 'renewed' });

describe('a login', () => {
  it('that is renewed after a 401', async () => {
    const token = renewed();
    const { canaries, run, server, endpoint } = await loginPlace(
      () => json(200, { access_token: token, refresh_token: 'refresh-renewed' }),
      (request) => {
        if (request.url.includes('models')) return json(200, { models: [] });
        return request.headers['authorization'] === `Bearer ${token}` ? done : echo(request, 401);
      },
    );
    expect(typesOf(run)).toContain('task_complete');
    expect(endpoint.requests).toHaveLength(1);
    expect(leaksOf(run.said, canaries)).toEqual([]);
    expect(JSON.stringify(run.said)).not.toMatch(/refresh-renewed/);
    expect(JSON.stringify(run.said)).not.toContain(token.slice(0, -12));
    expect(canaries.foundIn(JSON.stringify(endpoint.requests))).toEqual(['refresh token', 'refresh URL']);
    expect(canaries.foundIn(JSON.stringify(server.requests))).toEqual(['access token']);
  });

  it.each([
    ['for good', (request: RecordedRequest) => echoWithCode(request, 400, 'refresh_token_reused')],
    ['for good, with 401', (request: RecordedRequest) => echo(request, 401)],
    ['for now', (request: RecordedRequest) => echo(request, 503)],
    ['by a redirect', (request: RecordedRequest) => echo(request, 307)],
  ])('that is not renewed %s', async (_name, refresh) => {
    const { canaries, run } = await loginPlace(refresh, (request) => echo(request, 401));
    expect(typesOf(run)).toContain('error');
    expect(leaksOf(run.said, canaries)).toEqual([]);
  });
});

describe('a token that a command prints', () => {
  it.each([
    ['and the server refuses', 'echo "$TOKEN"'],
    ['while it fails', 'echo "$TOKEN"; echo "$TOKEN" >&2; exit 3'],
    ['twice', 'echo "$TOKEN"; echo "$TOKEN"'],
  ])('%s', async (_name, script) => {
    const canaries = createCanaries();
    const server = await serverOf((request) => echo(request, 401));
    const program = plantProgram(join(temporaryHome(), 'print'), script);
    const run = await turnWith({
      config: `model_provider = "lab"
        [model_providers.lab]
        name = "Lab"
        base_url = "${server.url('/v1')}"
        ${QUICK}
        [model_providers.lab.auth]
        command = "${program}"`,
      env: { TOKEN: canaries.plant('printed token') },
    });
    expect(typesOf(run)).toContain('error');
    expect(server.requests.length).toBeGreaterThan(0);
    expect(leaksOf(run.said, canaries)).toEqual([]);
  });
});

it('keys of Amazon, which its signature names', async () => {
  const canaries = createCanaries();
  const server = await serverOf((request) => echo(request, 400));
  const run = await turnWith({
    config: `model_provider = "amazon-bedrock"
      [model_providers.amazon-bedrock]
      base_url = "${server.url('/openai/v1')}"
      [model_providers.amazon-bedrock.aws]
      region = "us-east-1"`,
    env: {
      AWS_ACCESS_KEY_ID: canaries.plant('key id'),
      AWS_SECRET_ACCESS_KEY: canaries.plant('secret key'),
      AWS_SESSION_TOKEN: canaries.plant('session token'),
    },
  });
  expect(typesOf(run)).toContain('error');
  expect(leaksOf(run.said, canaries)).toEqual([]);
  expect(canaries.foundIn(JSON.stringify(server.requests))).toEqual(['key id', 'session token']);
});

describe('on the way', () => {
  it.each(['http', 'websocket'])('%s: nobody listens, or a proxy refuses', async (wire) => {
    const canaries = createCanaries();
    const port = await closedPort();
    const proxy = await serverOf((request) => echo(request, 407));
    const config = `model_provider = "lab"
      [model_providers.lab]
      name = "Lab"
      base_url = "http://user:${canaries.plant('password of base_url')}@127.0.0.1:${port}/v1"
      query_params = { sig = "${canaries.plant('query_params')}" }
      http_headers = { x-static = "${canaries.plant('http_headers')}" }
      ${QUICK.replace('false', String(wire === 'websocket'))}`;
    for (const address of [
      proxy.url(),
      `http://127.0.0.1:${port}`,
      'http://127.0.0.1:99999',
      `ftp://127.0.0.1:${port}`,
    ]) {
      const url = address.replace('://', `://user:${canaries.plant(`password of ${address}`)}@`);
      const run = await turnWith({ config, env: { HTTP_PROXY: url, HTTPS_PROXY: url, ALL_PROXY: url } });
      expect(typesOf(run)).toContain('error');
      expect(leaksOf(run.said, canaries)).toEqual([]);
    }
    const direct = await turnWith({ config });
    expect(typesOf(direct)).toContain('error');
    expect(leaksOf(direct.said, canaries)).toEqual([]);
  });

  it('no redirect is followed to another place', async () => {
    const canaries = createCanaries();
    const elsewhere = await serverOf(() => done);
    const server = await serverOf(() => ({
      answer: { status: 307, headers: { location: elsewhere.url('/v1/responses') } },
    }));
    const run = await turnWith({
      config: `model_provider = "lab"
        [model_providers.lab]
        name = "Lab"
        base_url = "${server.url('/v1')}"
        env_key = "KEY"
        ${QUICK}`,
      env: { KEY: canaries.plant('env_key') },
    });
    expect(typesOf(run)).toContain('error');
    expect(elsewhere.requests).toEqual([]);
  });
});

const provider = (url: string): string => `model_provider = "lab"
    approval_policy = "never"
    [model_providers.lab]
    name = "Lab"
    base_url = "${url}"
    env_key = "KEY"
    ${QUICK}`;

describe('MCP servers', () => {
  it('get what belongs to them, and what they repeat in an error is hidden', async () => {
    const canaries = createCanaries();
    const server = await startResponsesServer({
      responses: [
        [created('r1'), functionCall('mcp__tell__tell', { as: 'error' }), completed('r1')],
        [created('r2'), message('done'), completed('r2')],
      ],
    });
    onTestFinished(() => server.close());
    const run = await turnWith({
      config: `${provider(server.baseUrl)}
        [mcp_servers.tell]
        command = "${process.execPath}"
        args = ["${programPath('mcp-tell-all.cjs')}", "--token", "${canaries.plant('args')}"]
        env_vars = ["HANDED"]
        env = { OWN = "${canaries.plant('env')}" }
        default_tools_approval_mode = "approve"`,
      env: {
        HANDED: canaries.plant('env_vars'),
        KEY: canaries.plant('env_key'),
        OPENAI_API_KEY: canaries.plant('OPENAI_API_KEY'),
      },
    });
    expect(typesOf(run)).toContain('mcp_tool_call_end');
    expect(JSON.stringify(run.events)).toContain('error -32603');
    expect(leaksOf(run.said, canaries)).toEqual([]);
    expect(canaries.foundIn(JSON.stringify(server.requests.map(({ body }) => body)))).toEqual([]);
  });

  it('are told nothing of the provider: neither in their environment nor in the metadata of a turn', async () => {
    const canaries = createCanaries();
    const server = await startResponsesServer({
      responses: [
        [created('r1'), functionCall('mcp__tell__tell', { as: 'output' }), completed('r1')],
        [created('r2'), message('done'), completed('r2')],
      ],
    });
    onTestFinished(() => server.close());
    const run = await turnWith({
      config: `${provider(server.baseUrl)}
        [mcp_servers.tell]
        command = "${process.execPath}"
        args = ["${programPath('mcp-tell-all.cjs')}"]
        env = { OWN = "${canaries.plant('env')}" }
        default_tools_approval_mode = "approve"`,
      env: { KEY: canaries.plant('env_key'), AWS_SESSION_TOKEN: canaries.plant('AWS_SESSION_TOKEN') },
    });
    // What a tool prints belongs to the conversation.
    expect(canaries.foundIn(JSON.stringify(run.events))).toEqual(['env']);
  });

  it('that do not start, with the reason that they print', async () => {
    const canaries = createCanaries();
    const remote = await serverOf((request) => echo(request, 401));
    const server = await startResponsesServer({
      responses: () => [created('r2'), message('done'), completed('r2')],
    });
    onTestFinished(() => server.close());
    const program = plantProgram(
      join(temporaryHome(), 'server'),
      'env >&2; echo "$@" >&2; echo "$OWN" >&2; exit 3',
    );
    const address = new URL(remote.url('/mcp'));
    address.password = canaries.plant('password of url');
    address.searchParams.set('key', canaries.plant('query of url'));
    const run = await turnWith({
      config: `${provider(server.baseUrl)}
        [mcp_servers.local]
        command = "${program}"
        args = ["--token=${canaries.plant('args')}"]
        env = { OWN = "${canaries.plant('env')}" }
        [mcp_servers.remote]
        url = "${address.href}"
        bearer_token_env_var = "BEARER"
        http_headers = { x-static = "${canaries.plant('http_headers')}" }`,
      env: { KEY: canaries.plant('env_key'), BEARER: canaries.plant('bearer_token_env_var') },
    });
    expect(JSON.stringify(run.events)).toContain('exit code 3');
    expect(run.events.find(({ type }) => type === 'mcp_startup_complete')).toMatchObject({
      failed: [{ server: 'local' }, { server: 'remote' }],
    });
    expect(leaksOf(run.said, canaries)).toEqual([]);
  });
});

it('a command gets no secret of the environment where the user says so', async () => {
  const canaries = createCanaries();
  const server = await startResponsesServer({
    responses: [
      [created('r1'), functionCall('exec_command', { cmd: '/usr/bin/env' }), completed('r1')],
      [created('r2'), message('done'), completed('r2')],
    ],
  });
  onTestFinished(() => server.close());
  const run = await turnWith({
    config: `model_provider = "lab"
      [model_providers.lab]
      name = "Lab"
      base_url = "${server.baseUrl}"
      env_key = "LAB_KEY"
      ${QUICK}
      [shell_environment_policy]
      ignore_default_excludes = false
      exclude = ["HTTPS_*"]`,
    files: { '.env': `HOME_TOKEN=${canaries.plant('.env')}\n` },
    env: {
      LAB_KEY: canaries.plant('env_key'),
      AWS_SECRET_ACCESS_KEY: canaries.plant('AWS_SECRET_ACCESS_KEY'),
      HTTPS_PROXY: `http://user:${canaries.plant('proxy')}@127.0.0.1:9`,
    },
  });
  expect(JSON.stringify(run.events)).toContain('CODEX_THREAD_ID=');
  expect(leaksOf(run.said, canaries)).toEqual([]);
});

describe('a configuration that the agent does not start on, or a turn does not', () => {
  it.each<[string, (secret: string) => string]>([
    ['no TOML', (secret) => `[model_providers.lab]\nexperimental_bearer_token = "${secret}`],
    ['a key twice', (secret) => `instructions = "${secret}"\ninstructions = "${secret}"`],
    [
      'a value of the wrong kind',
      (secret) => `[model_providers.lab]\nname = "Lab"\nhttp_headers = "${secret}"`,
    ],
    ['a word that is none', (secret) => `sandbox_mode = "${secret}"`],
    ['a boolean that is text', (secret) => `[features]\nunified_exec = "${secret}"`],
    [
      'a key in place of the name of a variable',
      (secret) =>
        `model_provider = "lab"\n[model_providers.lab]\nname = "Lab"\nbase_url = "http://127.0.0.1:9/v1"\nenv_key = "sk-${secret}"`,
    ],
    [
      'a header that cannot be sent',
      (secret) =>
        `model_provider = "lab"\n[model_providers.lab]\nname = "Lab"\nbase_url = "http://127.0.0.1:9/v1"\nhttp_headers = { x-a = "${secret}\\n" }`,
    ],
    [
      'two ways to sign in',
      (secret) =>
        `model_provider = "lab"\n[model_providers.lab]\nname = "Lab"\nbase_url = "http://127.0.0.1:9/v1"\nexperimental_bearer_token = "${secret}"\n[model_providers.lab.auth]\ncommand = "false"`,
    ],
    [
      'an address that is none',
      (secret) =>
        `model_provider = "lab"\n[model_providers.lab]\nname = "Lab"\n${QUICK}base_url = "http//user:${secret}@127.0.0.1:9/v1?a=${secret}"`,
    ],
  ])('%s', async (_name, config) => {
    const canaries = createCanaries();
    const home = temporaryHome({ 'config.toml': config(canaries.plant('config.toml')) });
    const run = await watchAgent(
      { home, cwd: home, env: { PATH: process.env['PATH'], HOME: home }, entryPoint: 'exec' },
      [prompt('go')],
    );
    expect(leaksOf(run.said, canaries)).toEqual([]);
    const ways = run.said.map(({ way }) => way);
    expect(ways.some((way) => /^(?:error|warning|event (?:error|warning))$/.test(way))).toBe(true);
  });
});
