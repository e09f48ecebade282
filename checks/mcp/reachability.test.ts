import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { testContext } from '../../fixtures/context.ts';
import { temporaryHome } from '../../fixtures/home.ts';
import { createAuthority } from '../../fixtures/lab/authority.ts';
import { startFaultProxy } from '../../fixtures/lab/fault-proxy.ts';
import { closedPort, startFaultServer } from '../../fixtures/lab/fault-server.ts';
import { startMcpServer } from '../../fixtures/lab/mcp-server.ts';
import type { McpAnswer } from '../../fixtures/lab/mcp-server.ts';
import { programPath } from '../../fixtures/run.ts';
import type { Verdict } from '../../src/doctor/check.ts';
import type { CheckContext, ContextOptions } from '../../src/doctor/context.ts';
import type { McpOutcome } from '../../src/mcp/outcome.ts';
import type { StdioObservation } from '../../src/mcp/stdio/examine.ts';
import check from './reachability.ts';
import type { AskedOverHttp, SeenServer, ServerState } from './reachability/evidence.ts';

const outcome = ({ kind, issues, causedBy, skippedBecause }: Verdict): string =>
  kind === 'judged'
    ? [
        issues.map((issue) => `${issue.severity} ${issue.failure?.class}`).join(', ') || 'ok',
        ...(causedBy === undefined ? [] : [`by ${causedBy}`]),
      ].join(' ')
    : [kind, ...(skippedBecause === undefined ? [] : [skippedBecause])].join(' ');

interface Given extends Omit<Partial<ContextOptions>, 'home'> {
  readonly files?: Record<string, string>;
}

function contextOf(config: string, { files = {}, ...options }: Given = {}): CheckContext {
  const home = temporaryHome({ 'config.toml': config, ...files });
  return testContext({ home, offline: false, exec: true, ...options });
}

const examine = async (config: string, given?: Given): Promise<Verdict> =>
  check.judge(await check.probe(contextOf(config, given)));

const program = (name: string, args: readonly string[], keys = ''): string =>
  `[mcp_servers.${name}]\ncommand = ${JSON.stringify(process.execPath)}\nargs = ${JSON.stringify([programPath('mcp-server.cjs'), ...args])}\n${keys}\n`;

const status = (code: number, headers = {}): McpAnswer => ({ status: code, headers });

const login = (more: object): Given => ({
  files: {
    '.credentials.json': JSON.stringify({ 'tok|c758388b7a8fd1ef': { access_token: 'hush-hush', ...more } }),
  },
});

const stdio = (result: McpOutcome, more: Partial<StdioObservation> = {}): ServerState => ({
  kind: 'stdio',
  observation: { outcome: result, strayOutput: '', stdoutStart: '', stderrTail: [], complaint: '', ...more },
  limitMs: 6_000,
});

const serverIn = (state: ServerState, more: Partial<SeenServer> = {}): SeenServer => ({
  name: 'one',
  required: true,
  transport: state.kind === 'stdio' ? 'stdio' : 'streamable_http',
  startupTimeoutMs: 30_000,
  enabledTools: undefined,
  disabledTools: [],
  state,
  ...more,
});

const judge = (...servers: SeenServer[]): Verdict => check.judge({ mayHideServers: false, servers });

describe('a program that printed nothing on stderr', () => {
  test.each<[string, McpOutcome]>([
    ['ended', { kind: 'exited', exitCode: 1, signal: undefined }],
    ['silent', { kind: 'silent', afterMs: 6_000 }],
    ['refusing', { kind: 'rpc_error', code: -32_603, message: 'no' }],
    ['closed', { kind: 'closed' }],
  ])('%s: nobody is sent to look there', (_name, result) => {
    const remedy = (more: Partial<StdioObservation>): string | undefined =>
      judge(serverIn(stdio(result, more))).issues[0]?.remedy;
    expect(remedy({})).not.toMatch(/in the details/);
    expect(remedy({ stderrTail: ['no such token'] })).toMatch(/in the details/);
  });
});

describe('one server over HTTP', () => {
  const challenge = { 'www-authenticate': 'Bearer resource_metadata="http://127.0.0.1:1/x"' };
  const page = {
    status: 200,
    headers: { 'content-type': 'text/html' },
    body: '<html><title>Hi</title></html>',
  };

  test.concurrent.each<[string, McpAnswer, string, string, RegExp]>([
    ['login', status(401, challenge), '', 'warning http_unauthorized', /codex mcp login one/],
    ['login', status(401, challenge), 'required = true', 'fail http_unauthorized', /codex mcp login one/],
    ['credential', status(401), '', 'warning http_unauthorized', /bearer_token_env_var/],
    ['refused token', status(401), 'bearer_token_env_var = "TOKEN"', 'warning http_unauthorized', /TOKEN/],
    [
      'refused header',
      status(401),
      'http_headers = { Authorization = "x" }',
      'warning http_unauthorized',
      /Correct/,
    ],
    ['forbidden', status(403), '', 'warning http_forbidden', /Configure/],
    ['forbidden token', status(403), 'bearer_token_env_var = "TOKEN"', 'warning http_forbidden', /allowed/],
    ['wrong path', status(404), 'required = true', 'fail http_not_found', /path in url/],
    ['no POST', status(405), '', 'warning http_other', /streamable HTTP/],
    ['limit', status(429), '', 'warning http_rate_limited', /Wait/],
    ['ill', status(500), 'required = true', 'fail http_server_error', /log of that server/],
    ['page', page, '', 'warning intercepted', /Correct url/],
    ['moved', status(307, { location: 'http://localhost:1/' }), '', 'warning intercepted', /new address/],
    ['error', { error: { code: -32_603, message: 'closed' } }, 'required = true', 'fail protocol', /message/],
    ['silence', 'silent', 'startup_timeout_sec = 0.3', 'warning timeout', /runs/],
    ['silence', 'silent', 'startup_timeout_sec = 0.3\nrequired = true', 'fail timeout', /runs/],
    ['end', 'drop', '', 'warning closed', /log of the server/],
  ])('%s: %j', async (_name, answer, keys, expected, remedy) => {
    await using server = await startMcpServer({ answers: { '*': answer } });
    const verdict = await examine(`[mcp_servers.one]\nurl = "${server.url}"\n${keys}`, {
      env: { TOKEN: 'hush-hush' },
    });
    expect(outcome(verdict)).toBe(expected);
    expect(verdict.issues[0]?.remedy).toMatch(remedy);
    expect(verdict.issues[0]?.fields).toEqual(['server one']);
    expect(JSON.stringify(verdict)).not.toContain('hush-hush');
  });

  test('healthy, with typed details', async () => {
    await using server = await startMcpServer();
    const verdict = await examine(`[mcp_servers.one]\nurl = "${server.url}"`);
    expect(outcome(verdict)).toBe('ok');
    expect(verdict.summary).toBe('1 of 1 asked, each lists its tools');
    expect(verdict.details).toEqual({
      'server one': 'connected',
      'server one: transport': 'streamable_http',
      'server one: implementation': 'scripted 1.2.3',
      'server one: protocol version': '2025-06-18',
      'server one: capabilities': ['tools'],
      'server one: initialize ms': expect.any(Number),
      'server one: tools': 3,
      'server one: tools/list ms': expect.any(Number),
    });
  });

  test('nobody listens', async () => {
    const config = `[mcp_servers.one]\nurl = "http://127.0.0.1:${await closedPort()}/mcp"`;
    expect(outcome(await examine(config))).toBe('warning refused');
    expect(outcome(await examine(`${config}\nrequired = true`))).toBe('fail refused');
  });

  test('the old transport is named', async () => {
    const answers = {
      initialize: { status: 405 },
      GET: { status: 200, headers: { 'content-type': 'text/event-stream' }, body: 'event: endpoint\n\n' },
    };
    await using server = await startMcpServer({ answers });
    const { issues } = await examine(`[mcp_servers.one]\nurl = "${server.url}"`);
    expect(issues[0]?.cause).toContain('old SSE transport');
  });

  test('what is no HTTP', async () => {
    await using server = await startFaultServer(() => ({ raw: 'SSH-2.0-OpenSSH_9.6\r\n' }));
    const verdict = await examine(`[mcp_servers.one]\nurl = "${server.url('/mcp')}"`);
    expect(outcome(verdict)).toBe('warning protocol');
  });

  test('an unknown authority, and the same one known', async () => {
    const authority = await createAuthority();
    await using server = await startFaultServer(() => ({ answer: { status: 404 } }), {
      tls: { identity: await authority.issue() },
    });
    const config = `[mcp_servers.one]\nurl = "${server.url('/mcp', 'https')}"`;
    expect(outcome(await examine(config))).toBe('warning tls_untrusted');
    const file = join(temporaryHome({ 'ca.pem': authority.certificate }), 'ca.pem');
    expect(outcome(await examine(config, { env: { SSL_CERT_FILE: file } }))).toBe('warning http_not_found');
    writeFileSync(file, 'nothing');
    expect(outcome(await examine(config, { env: { SSL_CERT_FILE: file } }))).toBe(
      'warning malformed by network.ca',
    );
  });

  test('a proxy that wants a password', async () => {
    await using proxy = await startFaultProxy({ credentials: { username: 'u', password: 'p' } });
    const config = '[mcp_servers.one]\nurl = "https://mcp.example/mcp"';
    expect(outcome(await examine(config, { env: { HTTPS_PROXY: proxy.url } }))).toBe('warning proxy_auth');
  });
});

describe('a stored login', () => {
  const URL = 'http://127.0.0.1:38413/mcp';

  test('that is over is a fault, unless the agent would renew it', async () => {
    const config = `[mcp_servers.tok]\nurl = "${URL}"`;
    const over = await examine(config, login({ expires_at: 1 }));
    expect(outcome(over)).toBe('warning expired');
    expect(over.issues[0]?.command).toBe('codex mcp login tok');
    const renewable = await examine(config, login({ expires_at: 1, refresh_token: 'r' }));
    expect(outcome(renewable)).toBe('idle');
    expect(renewable.details['server tok']).toContain('renew');
  });

  test('is sent, and what refuses it is told so', async () => {
    await using server = await startMcpServer({ answers: { '*': { status: 401 } } });
    const { createHash } = await import('node:crypto');
    const subject = JSON.stringify({ type: 'http', url: server.url, headers: {} });
    const key = `tok|${createHash('sha256').update(subject).digest('hex').slice(0, 16)}`;
    const files = { '.credentials.json': JSON.stringify({ [key]: { access_token: 'hush-hush' } }) };
    const verdict = await examine(`[mcp_servers.tok]\nurl = "${server.url}"`, { files });
    expect(server.requests[0]?.headers.authorization).toBe('Bearer hush-hush');
    expect(verdict.issues[0]?.cause).toContain('does not accept the stored login');
    expect(JSON.stringify(verdict)).not.toContain('hush-hush');
  });
});

describe('a program', () => {
  test('is started under --deep only, and not with --no-exec', async () => {
    const config = program('one', ['exit']);
    const shallow = await examine(config);
    expect(outcome(shallow)).toBe('idle');
    expect(shallow.summary).toBe('nothing to ask: 1 started under --deep only');
    const forbidden = await examine(config, { deep: true, exec: false });
    expect(forbidden.details['server one']).toBe('not started, because of --no-exec');
  });

  test('is examined with its environment, and nothing of that is shown', async () => {
    const env = { HANDED: 'hush-hush-1', OTHER: 'x', PATH: '/bin' };
    const keys = 'env_vars = ["HANDED"]\nenv = { OWN = "hush-hush-2" }';
    const verdict = await examine(program('one', ['environment'], keys), { deep: true, env });
    expect(outcome(verdict)).toBe('ok');
    expect(verdict.details['server one: implementation']).toBe('HANDED OWN PATH STETHOS_PROBE 1');
    expect(verdict.details['server one: tools']).toBe(5);
    const refused = await examine(program('one', ['error', 'hush-hush-2'], keys), { deep: true, env });
    expect(outcome(refused)).toBe('warning protocol');
    expect(JSON.stringify([verdict, refused])).not.toContain('hush-hush');
  });

  test.concurrent.each<[string, string[], string, string]>([
    ['ends', ['exit'], 'required = true', 'fail exit'],
    [
      'is silent as long as the agent waits',
      ['silent'],
      'required = true\nstartup_timeout_sec = 1',
      'fail timeout',
    ],
    ['prints text and no MCP', ['banner-only'], 'startup_timeout_sec = 1', 'warning noise'],
    ['prints text beside MCP', ['banner-then-serve'], 'required = true', 'warning noise'],
    ['floods', ['flood'], '', 'warning noise'],
    ['speaks an unknown revision', ['version', '1999-01-01'], 'required = true', 'warning protocol'],
    [
      'lacks a tool',
      ['healthy'],
      'required = true\nenabled_tools = ["tool-1", "toll-2"]',
      'warning mismatch',
    ],
    ['cannot list its tools', ['list-error'], 'required = true', 'fail protocol'],
  ])('that %s', async (_name, args, keys, expected) => {
    const verdict = await examine(program('one', args, keys), { deep: true });
    expect(outcome(verdict)).toBe(expected);
  });

  test('that says why it ends is quoted', async () => {
    const { issues, details } = await examine(program('one', ['exit']), { deep: true });
    expect(issues[0]?.cause).toContain('“Error: Cannot find module "left-pad"”');
    expect(issues[0]?.measured).toContain('exit code 3');
    expect(details['server one: stderr']).toEqual([
      'Error: Cannot find module "left-pad"',
      '    at require (node:internal)',
    ]);
  });

  test('has tools that are left out', async () => {
    const keys = 'enabled_tools = ["tool-1", "tool-2", "tool-3"]\ndisabled_tools = ["tool-3"]';
    const { details } = await examine(program('one', [], keys), { deep: true });
    expect(details).toMatchObject({ 'server one: tools': 5, 'server one: tools used': 2 });
  });

  test('that is slow gets an advice', async () => {
    const { notes } = await examine(program('one', ['slow', '1100'], 'startup_timeout_sec = 2'), {
      deep: true,
    });
    expect(notes).toEqual([
      { kind: 'info', text: expect.stringMatching(/startup_timeout_sec = [4-6] would/) },
    ]);
  });
});

describe('what is not asked', () => {
  test.each<[string, string, string]>([
    ['nothing is configured', '', 'idle'],
    ['everything is switched off', '[mcp_servers.a]\nurl = "http://127.0.0.1:1"\nenabled = false', 'idle'],
    ['the configuration cannot be read', 'model = ', 'skipped config.load'],
    ['the server is refused', '[mcp_servers.a]\nargs = []', 'skipped config.load'],
    ['the command is not there', '[mcp_servers.a]\ncommand = "/nowhere/x"', 'skipped mcp.config'],
    [
      'the token is not set',
      '[mcp_servers.a]\nurl = "http://127.0.0.1:1"\nbearer_token_env_var = "UNSET"',
      'skipped mcp.config',
    ],
    ['the URL is none', '[mcp_servers.a]\nurl = "none"', 'skipped mcp.config'],
    ['only the agent can sign in', '[mcp_servers.a]\nurl = "http://127.0.0.1:1"\nauth = "chatgpt"', 'idle'],
  ])('%s', async (_name, config, expected) => {
    expect(outcome(await examine(config, { deep: true }))).toBe(expected);
  });

  test('a port that our client must not use says nothing of the server', async () => {
    const verdict = await examine('[mcp_servers.a]\nurl = "http://127.0.0.1:6667/mcp"');
    expect(outcome(verdict)).toBe('idle');
    expect(verdict.details['server a']).toContain('port');
  });

  test('a token that no header may hold is a fault of its own', async () => {
    const config = '[mcp_servers.a]\nurl = "http://127.0.0.1:1"\nbearer_token_env_var = "TOKEN"';
    const verdict = await examine(config, { env: { TOKEN: 'hush-hush\n' } });
    expect(outcome(verdict)).toBe('warning invalid_value');
    expect(JSON.stringify(verdict)).not.toContain('hush-hush');
  });

  test('it does not keep the others from being asked', async () => {
    await using server = await startMcpServer();
    const verdict = await examine(
      `[mcp_servers.a]\ncommand = "/nowhere/x"\n[mcp_servers.b]\nurl = "${server.url}"\n${program('c', [])}`,
    );
    expect(outcome(verdict)).toBe('ok');
    expect(verdict.summary).toBe(
      '1 of 3 asked, each lists its tools (1 not asked, see mcp.config, 1 started under --deep only)',
    );
  });
});

test('many servers are asked at the same time, in the order of their names', async () => {
  const servers = await Promise.all(Array.from({ length: 12 }, () => startMcpServer()));
  const tables = servers.map(({ url }, index) => `[mcp_servers.s${index}]\nurl = "${url}"`);
  const verdict = await examine(tables.join('\n'));
  await Promise.all(servers.map((server) => server[Symbol.asyncDispose]()));
  expect(outcome(verdict)).toBe('ok');
  const rows = Object.keys(verdict.details).filter((label) => !label.includes(':'));
  expect(rows).toEqual(servers.map((_, index) => `server s${index}`).toSorted());
});

test('one silent server does not hide the others', async () => {
  await using silent = await startMcpServer({ answers: { '*': 'silent' } });
  await using healthy = await startMcpServer();
  const verdict = await examine(
    `[mcp_servers.a]\nurl = "${silent.url}"\nstartup_timeout_sec = 0.3\n[mcp_servers.b]\nurl = "${healthy.url}"`,
  );
  expect(verdict.details).toMatchObject({ 'server a': 'no answer', 'server b': 'connected' });
  expect(verdict.notes).toEqual([{ kind: 'warning', text: 'optional MCP servers with trouble: a' }]);
});

describe('the judge', () => {
  const situation: AskedOverHttp['situation'] = {
    agent: 'Codex',
    host: 'mcp.example',
    isLoopback: false,
    addressSource: 'url of mcp_servers.one',
    caVariables: ['SSL_CERT_FILE'],
    startCommand: undefined,
  };
  const http = (result: McpOutcome): ServerState => ({
    kind: 'http',
    outcome: result,
    credential: undefined,
    bearerTokenVariable: undefined,
    situation,
    loginCommand: 'codex mcp login one',
    limitMs: 6_000,
    durationMs: 10,
  });
  const wire = (seen: Extract<McpOutcome, { kind: 'http' }>['outcome']): ServerState =>
    http({ kind: 'http', outcome: seen, isLegacySse: false });

  test.each<[string, ServerState, string]>([
    ['no name', wire({ kind: 'unresolved', hop: 'endpoint', code: 'ENOTFOUND' }), 'fail dns'],
    ['no route', wire({ kind: 'unconnected', hop: 'endpoint', code: 'ENETUNREACH' }), 'fail unreachable'],
    ['expired', wire({ kind: 'tls_failed', hop: 'endpoint', code: 'CERT_HAS_EXPIRED' }), 'fail tls_expired'],
    ['proxy', wire({ kind: 'proxy_answered', status: 403, challenges: [] }), 'fail proxy_refused'],
    [
      'no proxy',
      wire({ kind: 'proxy_unusable', variable: 'HTTPS_PROXY', problem: 'x' }),
      'fail invalid_value by network.env',
    ],
    ['illegal', wire({ kind: 'unsendable', problem: 'x' }), 'fail invalid_value'],
    [
      'half an answer',
      wire({ kind: 'broken', hop: 'endpoint', phase: 'http', code: 'ECONNRESET' }),
      'fail reset',
    ],
    ['closed', http({ kind: 'closed' }), 'fail closed'],
    ['too much', http({ kind: 'flooded', limitBytes: 1 }), 'fail protocol'],
    ['malformed', stdio({ kind: 'malformed', problem: 'x' }), 'fail protocol'],
    ['no interpreter', stdio({ kind: 'spawn_failed', code: 'ENOENT' }), 'fail spawn'],
    ['killed', stdio({ kind: 'exited', exitCode: undefined, signal: 'SIGSEGV' }), 'fail exit'],
    // The agent waits longer than we do, so nothing is proven.
    ['slow start', stdio({ kind: 'silent', afterMs: 6_000 }), 'warning timeout'],
    ['interrupted', stdio({ kind: 'aborted' }), 'warning timeout'],
  ])('%s', (_name, state, expected) => {
    expect(outcome(judge(serverIn(state)))).toBe(expected);
  });

  test('one cause for several rows is named, two are not', () => {
    const trust = wire({
      kind: 'trust_unusable',
      error: { kind: 'invalid', variable: 'SSL_CERT_FILE', path: '/x', message: 'm', remedy: 'r' },
    });
    const refused = wire({ kind: 'unconnected', hop: 'endpoint', code: 'ECONNREFUSED' });
    expect(judge(serverIn(trust), serverIn(trust, { name: 'two' })).causedBy).toBe('network.ca');
    expect(judge(serverIn(trust), serverIn(refused, { name: 'two' })).causedBy).toBeUndefined();
  });

  test('who was not asked in time is named', () => {
    const late = serverIn({ kind: 'left', why: { kind: 'late' } }, { name: 'late' });
    const silent = serverIn(http({ kind: 'silent', afterMs: 6_000 }));
    const verdict = judge(silent, late);
    expect(outcome(verdict)).toBe('fail timeout');
    expect(verdict.details['server late']).toBe('not asked in time');
  });

  test('no name can pass for the row of another server', () => {
    const see = (name: string): SeenServer =>
      serverIn({ kind: 'left', why: { kind: 'see', check: 'mcp.config' } }, { name });
    const { details } = judge(serverIn(http({ kind: 'closed' }), { name: 'a' }), see('a: transport'));
    expect(details['server a: transport']).toBe('streamable_http');
    expect(details['server "a: transport"']).toBe('not asked, see mcp.config');
  });

  test('what a server printed is one line in a sentence, and all of it in the details', () => {
    const strayOutput = `${'long '.repeat(40)}\nsecond`;
    const state = stdio({ kind: 'silent', afterMs: 1 }, { strayOutput, stdoutStart: strayOutput });
    const { issues, details } = judge(serverIn(state));
    expect(issues[0]?.cause).not.toContain('second');
    expect(issues[0]?.cause.length).toBeLessThan(250);
    expect(details['server one: stray output']).toBe(strayOutput);
  });
});
