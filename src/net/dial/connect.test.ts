import { Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { closedPort, startFaultServer } from '../../../fixtures/lab/fault-server.ts';
import { connect, openSocket } from './connect.ts';
import type { Connected, OpenSocket } from './connect.ts';
import type { Address } from './resolve.ts';

const IPV6: Address = { address: '::1', family: 6 };
const IPV4: Address = { address: '127.0.0.1', family: 4 };
const ALSO_IPV4: Address = { address: '127.0.0.2', family: 4 };
const { signal } = new AbortController();

/** A socket that never comes to anything, as behind a router that drops. */
const dropped: Socket[] = [];
const dropping =
  (address: Address): OpenSocket =>
  (host, port) => {
    if (host !== address.address) return openSocket(host, port);
    const socket = new Socket();
    dropped.push(socket);
    return socket;
  };

async function connectTo(addresses: readonly Address[], port: number, open = openSocket): Promise<Connected> {
  const connected = await connect(addresses, { port, open, signal });
  onTestFinished(() => void connected.socket?.destroy());
  return connected;
}

test('the first address that answers wins', async () => {
  await using server = await startFaultServer([], { listenOn: 'both' });
  const { socket, trace } = await connectTo([IPV6, IPV4], server.port);
  expect(socket?.remoteAddress).toBe('::1');
  expect(trace).toMatchObject({ port: server.port, attempts: [{ ...IPV6, state: 'connected' }] });
  expect(trace.attempts).toHaveLength(1);
});

test('IPv6 refuses, IPv4 takes over at once', async () => {
  await using server = await startFaultServer([]);
  const { socket, trace } = await connectTo([IPV6, IPV4], server.port);
  expect(socket?.remoteAddress).toBe('127.0.0.1');
  expect(trace.attempts).toMatchObject([
    { ...IPV6, state: 'failed', code: 'ECONNREFUSED' },
    { ...IPV4, state: 'connected' },
  ]);
});

test('IPv6 is dead, IPv4 takes over beside it', async () => {
  await using server = await startFaultServer([]);
  const { socket, trace } = await connectTo([IPV6, IPV4], server.port, dropping(IPV6));
  expect(socket?.remoteAddress).toBe('127.0.0.1');
  expect(trace.attempts).toMatchObject([
    { ...IPV6, state: 'pending' },
    { ...IPV4, state: 'connected' },
  ]);
  expect(trace.attempts[0]).not.toHaveProperty('code');
  expect(dropped.every(({ destroyed }) => destroyed)).toBe(true);
});

test('an address that answers after the next was begun still wins', async () => {
  await using server = await startFaultServer([], { listenOn: 'both' });
  const { socket } = await connectTo([IPV4, ALSO_IPV4], server.port, (host, port) => {
    if (host === ALSO_IPV4.address) return new Socket();
    const late = new Socket();
    setTimeout(() => late.connect(port, host), 300);
    return late;
  });
  expect(socket?.remoteAddress).toBe('127.0.0.1');
});

test('every address fails', async () => {
  const { socket, trace } = await connectTo([IPV6, IPV4], await closedPort());
  expect(socket).toBeUndefined();
  expect(trace.attempts).toMatchObject([
    { ...IPV6, code: 'ECONNREFUSED' },
    { ...IPV4, code: 'ECONNREFUSED' },
  ]);
});

test('an abort ends what was begun', async () => {
  const controller = new AbortController();
  const connecting = connect([IPV6], { port: 1, open: dropping(IPV6), signal: controller.signal });
  controller.abort();
  expect(await connecting).toMatchObject({ trace: { attempts: [{ ...IPV6, state: 'pending' }] } });
  expect(dropped.at(-1)?.destroyed).toBe(true);
});
