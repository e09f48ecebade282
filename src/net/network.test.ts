import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createAuthority } from '../../fixtures/lab/authority.ts';
import { startFaultProxy } from '../../fixtures/lab/fault-proxy.ts';
import { startFaultServer } from '../../fixtures/lab/fault-server.ts';
import type { Step } from '../../fixtures/lab/fault-server.ts';
import { temporaryHome } from '../../fixtures/home.ts';
import { files } from '../host/files.ts';
import { createNetwork } from './network.ts';
import type { Network } from './network.ts';

const authority = await createAuthority();
const identity = await authority.issue();

function network(values: Record<string, string>, cwd = '/nowhere'): Network {
  return createNetwork({
    environment: () => ({ values, originOf: () => 'shell' }),
    caVariables: ['AGENT_CA', 'SSL_CERT_FILE'],
    files,
    cwd,
  });
}

const OK: Step = { answer: { status: 200, body: '{}' } };
const script = ({ isUpgrade }: { readonly isUpgrade: boolean }): Step => (isUpgrade ? { upgrade: {} } : OK);
const limits = { headers: {}, timeoutMs: 10_000, windowMs: 50 };

test('one bundle serves requests, WebSockets and fetch', async () => {
  const cwd = temporaryHome({ 'ca.pem': authority.certificate });
  await using server = await startFaultServer(script, { tls: { identity } });
  const net = network({ AGENT_CA: 'ca.pem' }, cwd);
  const http = await net.observeHttp({ ...limits, url: server.url(), method: 'GET' });
  expect(http.outcome).toMatchObject({ kind: 'answered', answer: { status: 200 } });
  const websocket = await net.observeWebSocket({ ...limits, url: server.url('/', 'wss') });
  expect(websocket.outcome).toMatchObject({ kind: 'upgraded' });
  const send = await net.fetch();
  expect((await send(server.url())).status).toBe(200);
  await (await net.dispatcher()).close();
  expect(net.trust()).toMatchObject({
    source: { kind: 'custom', variable: 'AGENT_CA', path: join(cwd, 'ca.pem'), certificateCount: 1 },
  });
});

test('a duration holds the dial that is part of it', async () => {
  await using server = await startFaultServer(script);
  const net = network({});
  const http = await net.observeHttp({ ...limits, url: server.url(), method: 'GET' });
  const websocket = await net.observeWebSocket({ ...limits, url: server.url('/', 'ws') });
  for (const { durationMs, trace } of [http, websocket])
    expect(durationMs).toBeGreaterThanOrEqual(Math.floor(trace.totalMs));
});

test('a bundle that cannot be used stops all of them the same way', async () => {
  const cwd = temporaryHome({ 'empty.pem': '' });
  await using server = await startFaultServer(script, { tls: { identity } });
  const net = network({ SSL_CERT_FILE: 'empty.pem' }, cwd);
  const expected = { kind: 'trust_unusable', error: { kind: 'invalid', variable: 'SSL_CERT_FILE' } };
  const http = await net.observeHttp({ ...limits, url: server.url(), method: 'GET' });
  expect(http.outcome).toMatchObject(expected);
  const websocket = await net.observeWebSocket({ ...limits, url: server.url('/', 'wss') });
  expect(websocket.outcome).toMatchObject(expected);
  const send = await net.fetch();
  await expect(send(server.url())).rejects.toMatchObject({ cause: { outcome: expected } });
  expect(server.connections).toBe(0);
});

test('what is plain does not ask for the bundle', async () => {
  await using server = await startFaultServer(script);
  const net = network({ SSL_CERT_FILE: 'empty.pem' });
  const { outcome } = await net.observeHttp({ ...limits, url: server.url(), method: 'GET' });
  expect(outcome).toMatchObject({ kind: 'answered' });
});

test('proxy variables hold for all of them, each client by its own rules', async () => {
  await using server = await startFaultServer(script);
  await using proxy = await startFaultProxy();
  const net = network({ HTTP_PROXY: proxy.url });
  await net.observeHttp({ ...limits, url: server.url(), method: 'GET' });
  await net.observeWebSocket({ ...limits, url: server.url('/', 'ws') });
  const send = await net.fetch();
  await send(server.url());
  await (await net.dispatcher()).close();
  expect(proxy.seen.map(({ method }) => method)).toEqual(['GET', 'CONNECT', 'GET']);
});

test('closing ends the connections that are kept, and what is still on one', async () => {
  const events = { events: ['data: 1\n\n'], then: 'stay' } as const;
  await using server = await startFaultServer([OK, events]);
  const net = network({});
  await net.close();
  const send = await net.fetch();
  expect(await (await send(server.url())).text()).toBe('{}');
  const { body } = await send(server.url());
  await net.close();
  await expect(body?.getReader().closed).rejects.toBeInstanceOf(Error);
  await expect(send(server.url())).rejects.toBeInstanceOf(Error);
});

test('nothing is read before it is asked for', () => {
  const asked: string[] = [];
  createNetwork({
    environment: () => {
      asked.push('environment');
      return { values: {}, originOf: () => undefined };
    },
    caVariables: ['SSL_CERT_FILE'],
    files,
    cwd: '/nowhere',
  });
  expect(asked).toEqual([]);
});
