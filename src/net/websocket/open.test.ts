import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { startFaultServer } from '../../../fixtures/lab/fault-server.ts';
import { WebSocketError } from './error.ts';
import type { WebSocketRequest } from './connected.ts';
import { openWebSocket } from './open.ts';
import type { WebSocketDependencies } from './open.ts';

const direct: WebSocketDependencies = {
  routeFor: () => ({ kind: 'direct' }),
  trust: () => {
    throw new Error('nothing secure is dialled here');
  },
};

const open = (request: Partial<WebSocketRequest> & Pick<WebSocketRequest, 'url'>) =>
  openWebSocket({ headers: {}, timeoutMs: 5_000, ...request }, direct);

test('what comes right behind the answer waits for its listener, and a ping is answered', async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: true });
  await once(server, 'listening');
  const ponged = new Promise<string>((resolve) => {
    server.on('connection', (peer) => {
      peer.on('pong', (data) => resolve(data.toString()));
      peer.send('a message that is long enough to be compressed, '.repeat(40));
      peer.ping('still there?');
    });
  });
  const { port } = server.address() as AddressInfo;
  const { socket, upgrade } = await open({ url: `ws://127.0.0.1:${port}/` });
  expect(upgrade.extensions).toBe('permessage-deflate');
  await new Promise(setImmediate);
  const message = once(socket, 'message') as Promise<[Buffer]>;
  socket.resume();
  const [data] = await message;
  expect(data.toString()).toMatch(/^a message that is long enough/);
  expect(await ponged).toBe('still there?');
  socket.terminate();
  server.close();
  await once(server, 'close');
});

test('an error of an open socket that nobody listens to ends nothing but the connection', async () => {
  await using server = await startFaultServer([{ upgrade: { then: { raw: Buffer.from('garbage!') } } }]);
  const { socket } = await open({ url: server.url('/', 'ws') });
  const closed = new Promise((resolve) => socket.on('close', resolve));
  socket.resume();
  expect(await closed).toBe(1006);
});

test('an answer instead of the upgrade is thrown with what it was', async () => {
  await using server = await startFaultServer([
    { answer: { status: 426, headers: { 'x-request-id': 'req_1' }, body: 'use HTTP' } },
  ]);
  const refused = open({ url: server.url('/', 'ws') });
  await expect(refused).rejects.toBeInstanceOf(WebSocketError);
  await expect(refused).rejects.toMatchObject({
    outcome: { kind: 'answered', answer: { status: 426 } },
    refusal: { status: 426, headers: { 'x-request-id': 'req_1' }, body: 'use HTTP' },
  });
});

test('what the answer 101 said is handed over as it came', async () => {
  await using server = await startFaultServer([{ upgrade: { headers: { 'openai-model': 'one' } } }]);
  const { socket, headers } = await open({ url: server.url('/', 'ws') });
  expect(headers).toMatchObject({ 'openai-model': 'one', upgrade: 'websocket' });
  socket.terminate();
});

test('an abort ends the attempt with its own reason, before it begins and while an answer is awaited', async () => {
  await using server = await startFaultServer({ '*': 'silent' });
  const url = server.url('/', 'ws');
  await expect(open({ url, signal: AbortSignal.abort(new Error('not now')) })).rejects.toThrow('not now');
  expect(server.connections).toBe(0);

  const controller = new AbortController();
  const attempt = open({ url, signal: controller.signal });
  await expect.poll(() => server.requests.length).toBe(1);
  controller.abort(new Error('enough'));
  await expect(attempt).rejects.toThrow('enough');
});
