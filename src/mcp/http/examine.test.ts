import { expect, test } from 'vitest';
import { SCRIPTED_SERVER, SCRIPTED_TOOLS, startMcpServer } from '../../../fixtures/lab/mcp-server.ts';
import type { McpAnswer, McpServerOptions } from '../../../fixtures/lab/mcp-server.ts';
import { closedPort, startFaultServer } from '../../../fixtures/lab/fault-server.ts';
import type { Step } from '../../../fixtures/lab/fault-server.ts';
import type { RequestHeaders } from '../../net/network.ts';
import { Secret } from '../../redact/secret.ts';
import type { McpOutcome } from '../outcome.ts';
import { examineHttpServer } from './examine.ts';

const PATIENCE_MS = 10_000;
const IMPATIENCE_MS = 300;

interface Given {
  readonly headers?: RequestHeaders;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

const examine = (
  url: string,
  { headers = {}, timeoutMs = PATIENCE_MS, signal = new AbortController().signal }: Given = {},
): Promise<McpOutcome> =>
  examineHttpServer(
    fetch,
    { url, headers },
    { client: { name: 'test', version: '1' }, startupTimeoutMs: timeoutMs, timeoutMs, signal },
  );

const healthy = {
  kind: 'connected',
  server: { ...SCRIPTED_SERVER, protocolVersion: '2025-06-18', capabilities: ['tools'] },
  tools: { kind: 'listed', names: SCRIPTED_TOOLS },
};
const always = (answer: McpAnswer): McpServerOptions => ({ answers: { '*': answer } });
const answered = (answer: object, more: object = { isLegacySse: false }): object => ({
  kind: 'http',
  outcome: { kind: 'answered', answer },
  ...more,
});
const html = { headers: { 'content-type': 'text/html' }, body: '<html><title>Log in</title></html>' };
const json = (body: string): McpServerOptions =>
  always({ status: 200, headers: { 'content-type': 'application/json' }, body });
const initialize = (result: object): McpServerOptions => ({ answers: { initialize: { result } } });

test.concurrent.each<[string, McpServerOptions, object]>([
  ['is healthy', {}, healthy],
  ['answers in event streams', { form: 'events' }, healthy],
  ['keeps no sessions', { isStateless: true }, healthy],
  [
    'wants a login',
    always({ status: 401, headers: { 'www-authenticate': 'Bearer realm="x"' } }),
    answered({ status: 401, challenges: ['Bearer'] }),
  ],
  ['knows no such credential', always({ status: 401 }), answered({ status: 401, challenges: [] })],
  [
    'forbids it',
    always({ status: 403, ...html }),
    answered({
      status: 403,
      body: { kind: 'html', title: 'Log in', bytes: html.body.length, isTruncated: false },
    }),
  ],
  ['is elsewhere', always({ status: 404 }), answered({ status: 404 })],
  ['takes no POST', always({ status: 405 }), answered({ status: 405 })],
  [
    'speaks the old transport',
    {
      answers: {
        initialize: { status: 405 },
        GET: {
          status: 200,
          headers: { 'content-type': 'text/event-stream' },
          body: 'event: endpoint\ndata: /messages\n\n',
        },
      },
    },
    answered({ status: 405 }, { isLegacySse: true }),
  ],
  ['accepts nothing of that kind', always({ status: 406 }), answered({ status: 406 })],
  [
    'is ill',
    always({ status: 503, headers: { 'retry-after': '7' } }),
    answered({ status: 503, retryAfterMs: 7_000 }),
  ],
  // LinkedIn's edge, for one, answers so; the Fetch standard knows nothing beyond 599.
  ['turns robots away', always({ status: 999 }), answered({ status: 999 })],
  ['is a web page', always({ status: 200, ...html }), answered({ status: 200, contentType: 'text/html' })],
  [
    'moved to another origin',
    { answers: { initialize: { status: 307, headers: { location: 'http://localhost:1/mcp' } } } },
    answered({
      status: 307,
      redirect: { origin: 'http://localhost:1', isSameOrigin: false, isSameSite: false },
    }),
  ],
  [
    'moved within its origin',
    { answers: { initialize: { status: 308, headers: { location: '/' } } } },
    answered({ status: 308 }),
  ],
  ['answers other JSON', json('{"status":"ok"}'), { kind: 'malformed' }],
  ['answers half of JSON', json('{"jsonrpc":'), { kind: 'malformed' }],
  [
    'answers without a version',
    initialize({ capabilities: {}, serverInfo: SCRIPTED_SERVER }),
    { kind: 'malformed' },
  ],
  [
    'speaks an unknown revision',
    initialize({ protocolVersion: '1999-01-01', capabilities: {}, serverInfo: SCRIPTED_SERVER }),
    { kind: 'unknown_version', protocolVersion: '1999-01-01' },
  ],
  [
    'refuses',
    { answers: { initialize: { error: { code: -32_603, message: 'closed today' } } } },
    { kind: 'rpc_error', code: -32_603, message: 'closed today' },
  ],
  ['hangs up', always('drop'), { kind: 'http', outcome: { kind: 'broken', code: 'closed' } }],
  ['sends without end', json('x'.repeat(9 * 1024 * 1024)), { kind: 'flooded' }],
  [
    'cannot list its tools',
    { answers: { 'tools/list': { error: { code: -32_601, message: 'none' } } } },
    { kind: 'connected', tools: { kind: 'rpc_error', code: -32_601 } },
  ],
  [
    'wants a login for its tools',
    { answers: { 'tools/list': { status: 401 } } },
    { kind: 'connected', tools: answered({ status: 401 }) },
  ],
])('a server that %s', async (_name, options, expected) => {
  await using server = await startMcpServer(options);
  expect(await examine(server.url)).toMatchObject(expected);
});

test.concurrent.each<[string, McpServerOptions, object]>([
  ['says nothing', always('silent'), { kind: 'silent', afterMs: IMPATIENCE_MS }],
  ['takes the question as a notification', { answers: { initialize: { status: 202 } } }, { kind: 'silent' }],
  [
    'ends its event stream',
    always({ status: 200, headers: { 'content-type': 'text/event-stream' }, body: '' }),
    { kind: 'silent' },
  ],
])('a server that %s', async (_name, options, expected) => {
  await using server = await startMcpServer(options);
  expect(await examine(server.url, { timeoutMs: IMPATIENCE_MS })).toMatchObject(expected);
});

test('a list of tools that does not come', async () => {
  await using server = await startMcpServer({ answers: { 'tools/list': 'silent' } });
  expect(await examine(server.url, { timeoutMs: 3 * IMPATIENCE_MS })).toMatchObject({
    kind: 'connected',
    tools: { kind: 'silent' },
  });
});

test.concurrent.each<[string, Step, object]>([
  ['what is no HTTP', { raw: 'SSH-2.0-OpenSSH_9.6\r\n' }, { kind: 'not_http' }],
  ['a reset', 'reset', { kind: 'broken', code: 'ECONNRESET' }],
])('instead of an answer %s', async (_name, step, outcome) => {
  await using server = await startFaultServer(() => step);
  expect(await examine(server.url('/mcp'))).toMatchObject({ kind: 'http', outcome });
});

test('nobody listens', async () => {
  const outcome = await examine(`http://127.0.0.1:${await closedPort()}/mcp`);
  expect(outcome).toMatchObject({ kind: 'http', outcome: { kind: 'broken', code: 'ECONNREFUSED' } });
});

test('every request carries the configured headers, and the session is ended', async () => {
  await using server = await startMcpServer();
  const headers = { authorization: new Secret('Bearer hush-hush'), 'x-plain': 'one' };
  await examine(server.url, { headers });
  expect(server.requests.map(({ method, rpcMethod }) => `${method} ${rpcMethod}`.trim()).toSorted()).toEqual([
    'DELETE',
    'GET',
    'POST initialize',
    'POST notifications/initialized',
    'POST tools/list',
  ]);
  for (const request of server.requests)
    expect(request.headers).toMatchObject({
      authorization: 'Bearer hush-hush',
      'x-plain': 'one',
      'user-agent': 'test/1',
    });
  expect(server.requests.at(-1)?.headers).toMatchObject({ 'mcp-session-id': 'session-1' });
});

test('a server that does not answer the end of its session is not waited for', async () => {
  await using server = await startMcpServer({ answers: { DELETE: 'silent' } });
  expect(await examine(server.url)).toMatchObject(healthy);
});

test('a redirect within the origin is followed with method and body', async () => {
  await using server = await startMcpServer({
    answers: { initialize: { status: 307, headers: { location: '/mcp2' } } },
  });
  await examine(server.url);
  const [first, second] = server.requests;
  expect([first?.url, second?.url, second?.rpcMethod]).toEqual(['/mcp', '/mcp2', 'initialize']);
});

test('what was sent is hidden where the server repeats it', async () => {
  const answers = { initialize: { error: { code: -32_000, message: 'bad key hush-hush for q=se-cret' } } };
  await using server = await startMcpServer({ answers });
  const headers = { 'x-key': new Secret('hush-hush') };
  expect(await examine(`${server.url}?q=se-cret`, { headers })).toMatchObject({
    message: 'bad key <hidden> for q=<hidden>',
  });
});

test('an interrupt ends it', async () => {
  await using server = await startMcpServer(always('silent'));
  const signal = AbortSignal.timeout(IMPATIENCE_MS);
  expect(await examine(server.url, { signal })).toEqual({ kind: 'aborted' });
});
