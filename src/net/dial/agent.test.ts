import { once } from 'node:events';
import { get } from 'node:http';
import { get as getSecurely } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { Client, request as ask } from 'undici';
import { expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { createAuthority } from '../../../fixtures/lab/authority.ts';
import { startFaultProxy } from '../../../fixtures/lab/fault-proxy.ts';
import { closedPort, startFaultServer } from '../../../fixtures/lab/fault-server.ts';
import { trusting } from '../../../fixtures/lab/trusting.ts';
import { Secret } from '../../redact/secret.ts';
import { forwardingProxy, proxyAuthorization } from '../proxy/forward.ts';
import type { Proxy, Route } from '../proxy/route.ts';
import { createConnector, createHttpAgent } from './agent.ts';
import type { ConnectionOptions } from './agent.ts';
import { DialError } from './dial.ts';
import type { DialTrace } from './trace.ts';

const authority = await createAuthority();
const identity = await authority.issue();
const ofProxy = await authority.issue({ hosts: ['127.0.0.1'] });
const trust = trusting(authority.certificate);

const proxyAt = (port: number, more: Partial<Proxy> = {}): Route => ({
  kind: 'proxy',
  proxy: { variable: 'HTTP_PROXY', scheme: 'http', host: '127.0.0.1', port, ...more },
});
const DIRECT: Route = { kind: 'direct' };

/** Options and the traces that they were told. */
function connection(route = DIRECT): { options: ConnectionOptions; traces: DialTrace[] } {
  const traces: DialTrace[] = [];
  const options: ConnectionOptions = {
    routeFor: () => route,
    trust: () => trust,
    timeoutMs: () => 5_000,
    onDialled: (trace) => void traces.push(trace),
  };
  return { options, traces };
}

function clientOf(origin: string, options: ConnectionOptions): Client {
  const client = new Client(origin, { connect: createConnector({ ...options, alpn: ['http/1.1'] }) });
  onTestFinished(() => client.destroy());
  return client;
}

const OK = [{ answer: { status: 200, body: 'models' } }] as const;

test.each([undefined, { identity }])('undici over the dialer, with TLS %j', async (tls) => {
  await using server = await startFaultServer(OK, tls && { tls });
  const { options, traces } = connection();
  const client = clientOf(new URL(server.url()).origin, options);
  const { body } = await ask(server.url('/v1'), { dispatcher: client });
  expect(await body.text()).toBe('models');
  expect(traces).toMatchObject([{ connect: { port: server.port } }]);
  expect(traces[0]?.tls?.alpn).toBe(tls && 'http/1.1');
  server.verify();
});

test('undici rejects with what the dialer found', async () => {
  const { options, traces } = connection();
  const origin = `http://localhost:${await closedPort()}`;
  const error: unknown = await clientOf(origin, options)
    .request({ path: '/', method: 'GET' })
    .catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(DialError);
  expect(error).toMatchObject({ outcome: { kind: 'unconnected', code: 'ECONNREFUSED' } });
  expect(traces).toEqual([]);
});

test.each(['http', 'https'] as const)('a plain request is forwarded by an %s proxy', async (scheme) => {
  await using server = await startFaultServer(OK);
  await using proxy = await startFaultProxy({
    credentials: { username: 'user', password: 'word' },
    kind: scheme,
    ...(scheme === 'https' && { identity: ofProxy }),
  });
  const credentials = { username: new Secret('user'), password: new Secret('word') };
  const route = proxyAt(proxy.port, { scheme, credentials });
  const { options, traces } = connection(route);
  const url = new URL(server.url('/v1'));
  const forwarding = forwardingProxy(url, route);
  const { body } = await clientOf(url.origin, options).request({
    method: 'GET',
    path: url.href,
    headers: { 'proxy-authorization': forwarding ? (proxyAuthorization(forwarding)?.reveal() ?? '') : '' },
  });
  expect(await body.text()).toBe('models');
  expect(proxy.seen).toMatchObject([{ method: 'GET', target: url.href }]);
  expect(traces).toMatchObject([{ connect: { port: proxy.port }, proxy: { scheme, durationMs: 0 } }]);
});

test('a secure request goes through a tunnel', async () => {
  await using server = await startFaultServer(OK, { tls: { identity } });
  await using proxy = await startFaultProxy();
  const { options } = connection(proxyAt(proxy.port));
  const url = server.url('/v1');
  const { body } = await ask(url, { dispatcher: clientOf(new URL(url).origin, options) });
  expect(await body.text()).toBe('models');
  expect(proxy.seen).toMatchObject([{ method: 'CONNECT' }]);
});

test('whom to trust is not asked for a plain request', async () => {
  await using server = await startFaultServer(OK);
  const { options } = connection();
  const asked = vi.fn<ConnectionOptions['trust']>(options.trust);
  await clientOf(new URL(server.url()).origin, { ...options, trust: asked }).request({
    path: '/',
    method: 'GET',
  });
  expect(asked).not.toHaveBeenCalled();
});

test.each([undefined, { identity }])('node:http over the dialer, with TLS %j', async (tls) => {
  await using server = await startFaultServer(OK, tls && { tls });
  const { options, traces } = connection();
  const url = new URL(server.url('/v1'));
  const asked = (tls ? getSecurely : get)(url, { agent: createHttpAgent({ ...options, url }) });
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  expect(await text(answer)).toBe('models');
  expect(traces).toHaveLength(1);
  server.verify();
});

test.each([undefined, { identity }])('ws over the dialer asks for a tunnel, with TLS %j', async (tls) => {
  await using server = await startFaultServer([{ upgrade: {} }], tls && { tls });
  await using proxy = await startFaultProxy();
  const { options, traces } = connection(proxyAt(proxy.port));
  const url = new URL(server.url('/v1', tls ? 'wss' : 'ws'));
  const socket = new WebSocket(url, { agent: createHttpAgent({ ...options, url }) });
  onTestFinished(() => socket.terminate());
  await once(socket, 'open');
  expect(proxy.seen).toEqual([{ method: 'CONNECT', target: `localhost:${server.port}` }]);
  expect(traces).toMatchObject([{ proxy: { status: 200 } }]);
});

test('ws is told what the dialer found', async () => {
  const { options } = connection();
  const url = new URL(`ws://localhost:${await closedPort()}`);
  const socket = new WebSocket(url, { agent: createHttpAgent({ ...options, url }) });
  const [error] = (await once(socket, 'error')) as [unknown];
  expect(error).toBeInstanceOf(DialError);
});

test('a request that is given up while its connection is made leaves none behind', async () => {
  await using server = await startFaultServer([]);
  const { options } = connection();
  const url = new URL(server.url());
  const dialled = Promise.withResolvers<DialTrace>();
  const agent = createHttpAgent({ ...options, url, onDialled: dialled.resolve });
  const asked = get(url, { agent });
  asked.destroy();
  await once(asked, 'error');
  await dialled.promise;
  await expect
    .poll(() => [...Object.values(agent.sockets), ...Object.values(agent.freeSockets)].flat())
    .toEqual([]);
  expect(server.requests).toEqual([]);
});

test('an abort reaches the dialer', async () => {
  await using server = await startFaultServer([], { onConnection: 'silent' });
  const { options } = connection();
  const url = new URL(`https://localhost:${server.port}`);
  const signal = AbortSignal.timeout(100);
  const asked = getSecurely(url, { agent: createHttpAgent({ ...options, url, signal }) });
  const [error] = (await once(asked, 'error')) as [unknown];
  expect(error).toBe(signal.reason);
});
