import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { inspect } from 'node:util';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createAuthority, selfSigned } from '../../../fixtures/lab/authority.ts';
import { startFaultProxy } from '../../../fixtures/lab/fault-proxy.ts';
import type { FaultProxyOptions } from '../../../fixtures/lab/fault-proxy.ts';
import { closedPort, startFaultServer } from '../../../fixtures/lab/fault-server.ts';
import { trusting, UNUSABLE_TRUST } from '../../../fixtures/lab/trusting.ts';
import { Secret } from '../../redact/secret.ts';
import type { DialOutcome } from '../outcome.ts';
import type { Proxy } from '../proxy/route.ts';
import { dial, DialError } from './dial.ts';
import type { Dialled, DialRequest } from './dial.ts';
import type { DialTools } from './reach.ts';
import type { Lookup } from './lookup.ts';

const authority = await createAuthority();
const identity = await authority.issue({ hosts: ['chatgpt.com'] });
const ofProxy = await authority.issue({ hosts: ['127.0.0.1'] });
const trust = trusting(authority.certificate);
const CANARY = 'canary-2f81';
const HOST = 'chatgpt.com';

type Scheme = Proxy['scheme'];
const userinfo = (username: string, password: string): Proxy['credentials'] => ({
  username: new Secret(username),
  password: new Secret(password),
});
const proxyAt = (port: number, scheme: Scheme, credentials?: Proxy['credentials']): Proxy => ({
  variable: 'HTTPS_PROXY',
  scheme,
  host: '127.0.0.1',
  port,
  ...(credentials && { credentials }),
});

async function connect(
  proxy: Proxy,
  more: Partial<DialRequest> = {},
  tools: Partial<DialTools> = {},
): Promise<Dialled> {
  const request = { host: HOST, port: 443, client: 'http', timeoutMs: 5_000 } as const;
  const dialled = await dial(
    {
      ...request,
      tls: { trust, alpn: ['http/1.1'] },
      route: { kind: 'proxy', proxy },
      ...more,
    },
    tools,
  );
  onTestFinished(() => void dialled.socket.destroy());
  return dialled;
}

async function failure(...asked: Parameters<typeof connect>): Promise<DialError> {
  const error: unknown = await connect(...asked).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(DialError);
  expect(inspect(error, { depth: 9 })).not.toContain(CANARY);
  return error as DialError;
}

/** What the lab calls a proxy that a scheme speaks to. */
const optionsFor = (scheme: Scheme): FaultProxyOptions => ({
  kind: scheme === 'socks5h' ? 'socks5' : scheme,
  ...(scheme === 'https' && { identity: ofProxy }),
});

const SCHEMES = ['http', 'https', 'socks5', 'socks5h'] as const;

test.each(SCHEMES)('through %s, which gets the name as it is', async (scheme) => {
  await using server = await startFaultServer([{ answer: { status: 204 } }], { tls: { identity } });
  const hosts = { [`${HOST}:443`]: `127.0.0.1:${server.port}` };
  await using proxy = await startFaultProxy({ ...optionsFor(scheme), hosts });
  const { socket, trace } = await connect(proxyAt(proxy.port, scheme));
  expect(proxy.seen).toMatchObject([{ target: `${HOST}:443` }]);
  expect(trace).not.toHaveProperty('resolve');
  expect(trace).toMatchObject({
    connect: { port: proxy.port, attempts: [{ state: 'connected' }] },
    proxy: { variable: 'HTTPS_PROXY', scheme, hasCredentials: false },
    tls: { alpn: 'http/1.1', certificate: { altNames: [`DNS:${HOST}`] } },
  });
  expect(trace.proxy?.status).toBe(scheme.startsWith('http') ? 200 : undefined);
  expect(trace.proxy?.tls?.certificate?.altNames).toEqual(
    scheme === 'https' ? ['IP Address:127.0.0.1'] : undefined,
  );
  socket.write(`GET / HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`);
  expect(String((await once(socket, 'data'))[0])).toMatch(/^HTTP\/1\.1 204 /);
});

test.each(SCHEMES)('with credentials through %s', async (scheme) => {
  await using server = await startFaultServer([], { tls: { identity } });
  const hosts = { [HOST]: `127.0.0.1:${server.port}` };
  const credentials = { username: 'us@er', password: `${CANARY}é:%` };
  await using proxy = await startFaultProxy({ ...optionsFor(scheme), hosts, credentials });
  const { trace } = await connect(
    proxyAt(proxy.port, scheme, userinfo(credentials.username, credentials.password)),
  );
  expect(trace.proxy?.hasCredentials).toBe(true);
  expect(inspect(trace, { depth: 9 })).not.toContain(CANARY);
});

test('CONNECT is written as the agent writes it', async () => {
  const heard = Promise.withResolvers<string>();
  const port = await listen((socket) => socket.once('data', (data) => heard.resolve(String(data))));
  const proxy = proxyAt(port, 'http', userinfo('user', 'word'));
  await failure(proxy, { host: '::1', port: 8443, timeoutMs: 200 });
  expect((await heard.promise).split('\r\n')).toEqual([
    'CONNECT [::1]:8443 HTTP/1.1',
    'host: [::1]:8443',
    'proxy-authorization: Basic dXNlcjp3b3Jk',
    '',
    '',
  ]);
});

test('a plain connection goes through a tunnel as well, and what came with the answer is not lost', async () => {
  const port = await listen((socket) =>
    socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\n\r\nfirst words')),
  );
  const { socket } = await dial({
    host: HOST,
    port: 80,
    client: 'websocket',
    timeoutMs: 5_000,
    route: { kind: 'proxy', proxy: proxyAt(port, 'http') },
  });
  onTestFinished(() => void socket.destroy());
  expect(String((await once(socket, 'data'))[0])).toBe('first words');
});

/** A server of the test's own, where the lab has none that misbehaves so. */
async function listen(onConnection: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => onConnection(socket.on('error', () => undefined)));
  await once(server.listen({ port: 0, host: '127.0.0.1' }), 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

const broken = (code: string): DialOutcome => ({ kind: 'broken', hop: 'proxy', phase: 'proxy', code });
const silent = expect.objectContaining({ kind: 'silent', hop: 'proxy', phase: 'proxy' });
const answered = (status: number, ...challenges: string[]): DialOutcome => ({
  kind: 'proxy_answered',
  status,
  challenges,
});
const rejected = (reply: string): DialOutcome => ({ kind: 'proxy_rejected', reply });
const credentials = { username: 'user', password: 'right' };
const wrong = userinfo('user', CANARY);
const SSH = 'SSH-2.0-OpenSSH_9.2\r\n';

// Scheme, what the proxy does, with which credentials we come, what is told.
test.each<[Scheme, FaultProxyOptions, Proxy['credentials'], unknown]>([
  ['http', { credentials }, undefined, answered(407, 'Basic')],
  ['http', { credentials }, wrong, answered(407, 'Basic')],
  ['https', { credentials }, wrong, answered(407, 'Basic')],
  ['http', { behaviour: { status: 403 } }, undefined, answered(403)],
  ['http', { behaviour: { status: 502, body: '<html>' } }, undefined, answered(502)],
  ['http', { behaviour: 'silent' }, undefined, silent],
  ['http', { behaviour: 'reset' }, undefined, broken('ECONNRESET')],
  ['http', { behaviour: 'end' }, undefined, broken('closed')],
  [
    'http',
    { behaviour: { garbage: SSH } },
    undefined,
    { kind: 'not_http', hop: 'proxy', code: 'HPE_INVALID_CONSTANT' },
  ],
  ['socks5', { credentials }, undefined, rejected('NoAcceptableMethods')],
  ['socks5h', { credentials }, wrong, rejected('AuthenticationFailed')],
  ['socks5', { behaviour: { socksReply: 2 } }, undefined, rejected('NotAllowed')],
  ['socks5', { behaviour: { socksReply: 5 } }, undefined, rejected('ConnectionRefused')],
  ['socks5', { behaviour: 'silent' }, undefined, silent],
  ['socks5', { behaviour: 'end' }, undefined, broken('closed')],
  ['socks5', { behaviour: { garbage: SSH } }, undefined, rejected('NotSocks')],
])('%s with %j', async (scheme, options, ours, outcome) => {
  await using proxy = await startFaultProxy({ ...optionsFor(scheme), ...options });
  const timeoutMs = outcome === silent ? 200 : 5_000;
  const error = await failure(proxyAt(proxy.port, scheme, ours), { timeoutMs });
  expect(error.outcome).toEqual(outcome);
  expect(error.trace.proxy?.hasCredentials).toBe(ours !== undefined);
  expect(error.trace).not.toHaveProperty('tls');
});

test.each([
  ['http', answered(400)],
  ['socks5', rejected('NotSocks')],
] as const)('a web server where %s was expected', async (scheme, outcome) => {
  const port = await listen((socket) =>
    socket.once('data', () => socket.write('HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n')),
  );
  expect((await failure(proxyAt(port, scheme))).outcome).toEqual(outcome);
});

test('a SOCKS proxy that resets', async () => {
  const port = await listen((socket) => socket.once('data', () => socket.resetAndDestroy()));
  expect((await failure(proxyAt(port, 'socks5'))).outcome).toEqual(broken('ECONNRESET'));
});

test('every scheme of challenge is told, and none of its parameters', async () => {
  const port = await listen((socket) =>
    socket.once('data', () =>
      socket.end(
        'HTTP/1.1 407 No\r\nProxy-Authenticate: Negotiate\r\nProxy-Authenticate: Basic realm="hush"\r\n\r\n',
      ),
    ),
  );
  const { outcome, trace } = await failure(proxyAt(port, 'http'));
  expect(outcome).toEqual(answered(407, 'Negotiate', 'Basic'));
  expect(trace.proxy).toMatchObject({ status: 407, challenges: ['Negotiate', 'Basic'] });
});

test('the proxy is down', async () => {
  const { outcome, trace } = await failure(proxyAt(await closedPort(), 'http'));
  expect(outcome).toEqual({ kind: 'unconnected', hop: 'proxy', code: 'ECONNREFUSED' });
  expect(trace.proxy).toMatchObject({ variable: 'HTTPS_PROXY' });
});

test('the name of the proxy does not resolve', async () => {
  const lookup = vi.fn<Lookup>().mockRejectedValue(Object.assign(new Error('hush'), { code: 'ENOTFOUND' }));
  const proxy = { ...proxyAt(3128, 'http'), host: 'proxy.invalid' };
  const { outcome, trace } = await failure(proxy, {}, { lookup });
  expect(outcome).toEqual({ kind: 'unresolved', hop: 'proxy', code: 'ENOTFOUND' });
  expect(trace.resolve?.host).toBe('proxy.invalid');
});

test('a proxy behind TLS that is not trusted is told nothing', async () => {
  await using proxy = await startFaultProxy({ kind: 'https', identity: await selfSigned() });
  const { outcome, trace } = await failure(proxyAt(proxy.port, 'https', wrong));
  expect(outcome).toEqual({ kind: 'tls_failed', hop: 'proxy', code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
  expect(trace.proxy?.tls).toMatchObject({ problem: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
  expect(proxy.seen).toEqual([]);
});

test('a proxy that inspects: its certificate is the one that is judged', async () => {
  await using server = await startFaultServer([], { tls: { identity } });
  const hosts = { [HOST]: `127.0.0.1:${server.port}` };
  const inspector = await createAuthority({ commonName: 'Inspector' });
  await using proxy = await startFaultProxy({ hosts, behaviour: { intercept: inspector } });
  const { outcome, trace } = await failure(proxyAt(proxy.port, 'http'));
  expect(outcome).toMatchObject({ kind: 'tls_failed', hop: 'endpoint' });
  expect(trace.tls?.certificate?.issuer).toBe('CN=Inspector');
});

test('the endpoint behind a tunnel is silent', async () => {
  await using server = await startFaultServer([], { onConnection: 'silent' });
  await using proxy = await startFaultProxy({ hosts: { [HOST]: `127.0.0.1:${server.port}` } });
  const { outcome } = await failure(proxyAt(proxy.port, 'http'), { timeoutMs: 200 });
  expect(outcome).toMatchObject({ kind: 'silent', hop: 'endpoint', phase: 'tls' });
});

test.each([
  ['http', { tls: { trust: UNUSABLE_TRUST, alpn: [] } }],
  ['https', { proxyTrust: UNUSABLE_TRUST }],
] as const)('a bundle that cannot be used stops the way through %s', async (scheme, more) => {
  await using proxy = await startFaultProxy(optionsFor(scheme));
  const { outcome } = await failure(proxyAt(proxy.port, scheme), more);
  expect(outcome).toEqual({ kind: 'trust_unusable', error: UNUSABLE_TRUST.error });
  expect(proxy.connections).toBe(0);
});

test('a value that the client does not take', async () => {
  const unusable = { variable: 'HTTPS_PROXY', problem: 'it names no host' };
  const { outcome } = await failure(proxyAt(1, 'http'), { route: { kind: 'unusable', ...unusable } });
  expect(outcome).toEqual({ kind: 'proxy_unusable', ...unusable });
});

test('credentials that SOCKS cannot carry are not sent', async () => {
  await using proxy = await startFaultProxy({ kind: 'socks5', credentials });
  const long = userinfo('user', CANARY.repeat(30));
  const { outcome } = await failure(proxyAt(proxy.port, 'socks5', long));
  expect(outcome).toMatchObject({ kind: 'proxy_unusable', variable: 'HTTPS_PROXY' });
  expect(proxy.seen).toEqual([]);
});
