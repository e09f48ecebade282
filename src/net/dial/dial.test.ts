import { once } from 'node:events';
import { createServer, Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createAuthority, selfSigned } from '../../../fixtures/lab/authority.ts';
import { closedPort, startFaultServer } from '../../../fixtures/lab/fault-server.ts';
import type { FaultServerOptions, ServerTls } from '../../../fixtures/lab/fault-server.ts';
import { trusting, UNUSABLE_TRUST } from '../../../fixtures/lab/trusting.ts';
import type { Trust } from '../certificates/trust.ts';
import { dial, DialError } from './dial.ts';
import type { Dialled, DialRequest } from './dial.ts';
import { openSocket } from './connect.ts';
import type { DialTools } from './reach.ts';

const authority = await createAuthority({ commonName: 'Lab Root' });
const intermediate = await createAuthority({ parent: authority, commonName: 'Lab Intermediate' });
const trusted = await authority.issue();
const trust = trusting(authority.certificate);
const DAY_MS = 86_400_000;

/** A name that the injected look-up knows: this machine, by IPv4. */
const lookup: DialTools['lookup'] = async (_host, family) => {
  if (family === 4) return ['127.0.0.1'];
  throw Object.assign(new Error('hush'), { code: 'ENOTFOUND' });
};

const DIRECT = { host: 'localhost', route: { kind: 'direct' }, client: 'http', timeoutMs: 5_000 } as const;

type Asked = Partial<DialRequest> & { port: number; trust?: Trust; alpn?: readonly string[] };

async function connect(
  { trust: trustOf, alpn = [], ...asked }: Asked,
  tools: Partial<DialTools> = {},
): Promise<Dialled> {
  const request = { ...DIRECT, ...asked };
  const dialled = await dial(
    { ...request, ...(trustOf && { tls: { trust: trustOf, alpn } }) },
    { lookup, ...tools },
  );
  onTestFinished(() => void dialled.socket.destroy());
  return dialled;
}

async function failure(asked: Asked, tools: Partial<DialTools> = {}): Promise<DialError> {
  const error: unknown = await connect(asked, tools).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(DialError);
  return error as DialError;
}

test('a plain connection, from the name on', async () => {
  await using server = await startFaultServer([{ answer: { status: 204 } }]);
  const { socket, trace } = await connect({ port: server.port });
  expect(trace).toMatchObject({
    resolve: { host: 'localhost', ipv4: { addresses: ['127.0.0.1'] }, ipv6: { code: 'ENOTFOUND' } },
    connect: { port: server.port, attempts: [{ address: '127.0.0.1', family: 4, state: 'connected' }] },
  });
  expect(trace).not.toHaveProperty('tls');
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  expect(String((await once(socket, 'data'))[0])).toMatch(/^HTTP\/1\.1 204 /);
});

test('the names of this machine come from the system', async () => {
  await using server = await startFaultServer([], { listenOn: 'both' });
  const { socket, trace } = await dial({ ...DIRECT, port: server.port });
  socket.destroy();
  expect(trace.resolve?.ipv4.addresses).toEqual(['127.0.0.1']);
});

test('a trusted server, and what it showed', async () => {
  const identity = await intermediate.issue({ commonName: 'server' });
  await using server = await startFaultServer([], { tls: { identity, alpn: ['http/1.1'] } });
  const { trace } = await connect({ port: server.port, trust, alpn: ['h2', 'http/1.1'] });
  expect(trace.tls).toMatchObject({
    protocol: 'TLSv1.3',
    alpn: 'http/1.1',
    chainLength: 2,
    certificate: {
      subject: 'CN=server',
      issuer: 'CN=Lab Intermediate',
      altNames: ['DNS:localhost', 'IP Address:127.0.0.1', 'IP Address:0:0:0:0:0:0:0:1'],
      isSelfSigned: false,
      isCa: false,
    },
  });
  expect(trace.tls?.certificate?.validTo).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/);
  expect(trace.tls?.certificate?.fingerprint256).toMatch(/^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/);
  expect(trace.tls).not.toHaveProperty('problem');
});

test('a server by its address', async () => {
  await using server = await startFaultServer([], { tls: { identity: trusted } });
  const { trace } = await connect({ host: '127.0.0.1', port: server.port, trust });
  expect(trace).not.toHaveProperty('resolve');
  expect(trace.tls).not.toHaveProperty('alpn');
});

// One row for each way in which a certificate is wrong; the certificate itself is shown all the same.
test.each<[string, () => Promise<{ tls: Partial<ServerTls>; host?: string }>, string]>([
  [
    'signed by itself',
    async () => ({ tls: { identity: await selfSigned() } }),
    'DEPTH_ZERO_SELF_SIGNED_CERT',
  ],
  [
    'of an authority that is not trusted',
    async () => ({ tls: { identity: await (await createAuthority()).issue() } }),
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  ],
  [
    'expired',
    async () => ({ tls: { identity: await authority.issue({ notAfter: new Date(Date.now() - DAY_MS) }) } }),
    'CERT_HAS_EXPIRED',
  ],
  [
    'not valid yet',
    async () => ({ tls: { identity: await authority.issue({ notBefore: new Date(Date.now() + DAY_MS) }) } }),
    'CERT_NOT_YET_VALID',
  ],
  ['for another name', async () => ({ tls: {}, host: 'example.test' }), 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ['for another address', async () => ({ tls: {}, host: '127.0.0.2' }), 'ERR_TLS_CERT_ALTNAME_INVALID'],
  [
    'without its intermediate',
    async () => ({ tls: { identity: await intermediate.issue(), omitIntermediates: true } }),
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  ],
])('a certificate %s', async (_, plant, code) => {
  const { tls, host = 'localhost' } = await plant();
  await using server = await startFaultServer([], { tls: { identity: trusted, ...tls } });
  const { outcome, trace } = await failure({ host, port: server.port, trust }, { open: openHere });
  expect(outcome).toEqual({ kind: 'tls_failed', hop: 'endpoint', code });
  expect(trace.tls).toMatchObject({ problem: code, chainLength: 1 });
  expect(trace.tls?.certificate?.subject).toMatch(/^CN=/);
  expect(server.requests).toEqual([]);
});

/** Whatever address is asked for, the server on 127.0.0.1 is meant. */
const openHere: DialTools['open'] = (_host, port) => openSocket('127.0.0.1', port);

// Where the agent's own TLS says no although Node says yes.
test.each([
  ['http', 'CA_USED_AS_END_ENTITY', { isCa: true }],
  ['websocket', 'CA_USED_AS_END_ENTITY', { isCa: true }],
  ['http', 'HOSTNAME_MISMATCH', { hosts: 'none' }],
] as const)('the %s client refuses with %s', async (client, code, leaf) => {
  const identity = await authority.issue({ commonName: 'localhost', ...leaf });
  await using server = await startFaultServer([], { tls: { identity } });
  const { outcome } = await failure({ port: server.port, trust, client });
  expect(outcome).toEqual({ kind: 'tls_failed', hop: 'endpoint', code });
});

test.each<[string, FaultServerOptions, object]>([
  [
    'TLS 1.0 alone',
    { tls: { identity: trusted, maxVersion: 'TLSv1' } },
    { kind: 'tls_failed', code: expect.stringMatching(/PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL/) },
  ],
  [
    'plain HTTP',
    { onConnection: { garbage: Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n') } },
    { kind: 'tls_failed', code: 'ERR_SSL_WRONG_VERSION_NUMBER' },
  ],
  [
    'another protocol than we offer',
    { tls: { identity: trusted, alpn: ['h3'] } },
    { kind: 'tls_failed', code: expect.stringContaining('NO_APPLICATION_PROTOCOL') },
  ],
  [
    'TLS with a certificate of ours',
    { tls: { identity: trusted, requireClientCertificate: true, maxVersion: 'TLSv1.2' } },
    { kind: 'tls_failed', code: expect.stringContaining('HANDSHAKE_FAILURE') },
  ],
  ['nothing: it hangs up', { onConnection: 'end' }, { kind: 'broken', phase: 'tls', code: 'closed' }],
  [
    'another language',
    { onConnection: { garbage: Buffer.from('SSH-2.0-OpenSSH_9.2\r\n') } },
    { kind: 'tls_failed', code: 'ERR_SSL_WRONG_VERSION_NUMBER' },
  ],
])('the server wants %s', async (_, options, outcome) => {
  await using server = await startFaultServer([], options);
  const { outcome: found } = await failure({ port: server.port, trust, alpn: ['http/1.1'] });
  expect(found).toEqual({ hop: 'endpoint', ...outcome });
});

test('a server that refuses our lack of a certificate after the handshake', async () => {
  await using server = await startFaultServer([], {
    tls: { identity: trusted, requireClientCertificate: true },
  });
  // TLS 1.3: our side is done before the server says so, and whoever holds the socket hears of it.
  const { socket } = await connect({ port: server.port, trust });
  const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
  expect(error.code).toContain('CERTIFICATE_REQUIRED');
});

/** A server that is left to the test, on a port of its own. */
async function listen(onConnection: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => onConnection(socket.on('error', () => undefined)));
  await once(server.listen({ port: 0, host: '127.0.0.1' }), 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

test('a server that resets in the middle of the handshake', async () => {
  const port = await listen((socket) => socket.once('data', () => socket.resetAndDestroy()));
  const { outcome } = await failure({ port, trust });
  expect(outcome).toEqual({ kind: 'broken', hop: 'endpoint', phase: 'tls', code: 'ECONNRESET' });
});

test('nobody listens', async () => {
  const { outcome, trace } = await failure({ port: await closedPort() });
  expect(outcome).toEqual({ kind: 'unconnected', hop: 'endpoint', code: 'ECONNREFUSED' });
  expect(trace.connect?.attempts).toMatchObject([{ state: 'failed', code: 'ECONNREFUSED' }]);
});

const knowsNothing: DialTools['lookup'] = async (_host, family) => {
  throw Object.assign(new Error('hush'), { code: family === 4 ? 'EAI_AGAIN' : 'ENOTFOUND' });
};

test('the name does not resolve', async () => {
  const { outcome, trace } = await failure({ port: 1 }, { lookup: knowsNothing });
  expect(outcome).toEqual({ kind: 'unresolved', hop: 'endpoint', code: 'EAI_AGAIN' });
  expect(trace).not.toHaveProperty('connect');
});

test('IPv4 fails before IPv6 is looked up, and IPv6 has the answer', async () => {
  await using server = await startFaultServer([], { listenOn: '::1' });
  const slow = Promise.withResolvers<string[]>();
  const { trace } = await connect(
    { port: server.port },
    {
      // Not 127.0.0.1, where another test may listen on the same port.
      lookup: (_host, family) => (family === 4 ? Promise.resolve(['127.0.0.2']) : slow.promise),
      open: (host, port) => {
        const socket = openSocket(host, port);
        socket.once('error', () => slow.resolve(['::1']));
        return socket;
      },
    },
  );
  expect(trace.connect?.attempts).toMatchObject([
    { address: '127.0.0.2', state: 'failed' },
    { address: '::1', state: 'connected' },
  ]);
  expect(trace.resolve).toMatchObject({ ipv6: { addresses: ['::1'] } });
});

const NEVER = new Promise<never>(() => undefined);

test.each<[string, Partial<DialTools>, FaultServerOptions, object]>([
  ['resolve', { lookup: () => NEVER }, {}, { resolve: { ipv4: { code: 'pending' } } }],
  ['connect', { open: () => new Socket() }, {}, { connect: { attempts: [{ state: 'pending' }] } }],
  ['tls', {}, { onConnection: 'silent' }, { connect: { attempts: [{ state: 'connected' }] } }],
])('silence in phase %s', async (phase, tools, options, trace) => {
  await using server = await startFaultServer([], options);
  const error = await failure({ port: server.port, trust, timeoutMs: 200 }, tools);
  expect(error.outcome).toEqual({ kind: 'silent', hop: 'endpoint', phase, afterMs: expect.any(Number) });
  expect(error.trace).toMatchObject(trace);
});

test('IPv4 refuses and the look-up of IPv6 hangs: the refusal is told', async () => {
  const error = await failure(
    { port: await closedPort(), timeoutMs: 200 },
    { lookup: (_host, family) => (family === 4 ? Promise.resolve(['127.0.0.1']) : NEVER) },
  );
  expect(error.outcome).toEqual({ kind: 'unconnected', hop: 'endpoint', code: 'ECONNREFUSED' });
});

test('a bundle that cannot be used stops what is secure before it is dialled, and nothing else', async () => {
  await using server = await startFaultServer([]);
  const { outcome } = await failure({ port: server.port, trust: UNUSABLE_TRUST });
  expect(outcome).toEqual({ kind: 'trust_unusable', error: UNUSABLE_TRUST.error });
  expect(server.connections).toBe(0);
});

test('a caller who has had enough gets its own reason back', async () => {
  await using server = await startFaultServer([], { onConnection: 'silent' });
  const controller = new AbortController();
  const { signal } = controller;
  const dialling = connect({ port: server.port, trust, signal });
  const reason = new Error('enough');
  setTimeout(() => controller.abort(reason), 50);
  await expect(dialling).rejects.toBe(reason);
  await expect(connect({ port: server.port, signal })).rejects.toBe(reason);
  expect(server.connections).toBe(1);
});

test.each(['silent', 'untrusted', 'aborted'])('a connection that was %s is closed', async (how) => {
  const silent = await listen((socket) => socket.resume());
  await using untrusted = await startFaultServer([], { tls: { identity: await selfSigned() } });
  const closed: Promise<unknown>[] = [];
  const open: DialTools['open'] = (host, port) => {
    const socket = openSocket(host, port);
    closed.push(once(socket, 'close'));
    return socket;
  };
  const port = how === 'untrusted' ? untrusted.port : silent;
  const signal = how === 'aborted' ? AbortSignal.timeout(50) : undefined;
  await expect(
    connect({ port, trust, timeoutMs: how === 'silent' ? 100 : 5_000, ...(signal && { signal }) }, { open }),
  ).rejects.toBeInstanceOf(how === 'aborted' ? DOMException : DialError);
  expect(await Promise.all(closed)).toHaveLength(1);
});
