import { once } from 'node:events';
import { zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { completed, created, failed, functionCall, message, startResponsesServer } from './index.ts';
import type { ResponsesServer, Step } from './index.ts';

const post = (server: ResponsesServer, body: object): Promise<Response> =>
  fetch(`${server.baseUrl}/responses`, { method: 'POST', body: JSON.stringify(body) });

async function connect(server: ResponsesServer): Promise<WebSocket> {
  const socket = new WebSocket(`${server.baseUrl.replace('http', 'ws')}/responses`);
  socket.on('error', () => undefined);
  await once(socket, 'open');
  return socket;
}

async function nextMessage(socket: WebSocket): Promise<{ text: string; isBinary: boolean }> {
  const [data, isBinary] = (await once(socket, 'message')) as [Buffer, boolean];
  return { text: data.toString('utf8'), isBinary };
}

test('a response over HTTP is a stream of events, and what was asked is kept', async () => {
  await using server = await startResponsesServer({
    responses: [
      [created('r1'), message(['Good ', 'day.']), functionCall('ls', { all: true }), completed('r1')],
    ],
  });
  const body = zstdCompressSync(JSON.stringify({ model: 'm', input: [] }));
  const answer = await fetch(`${server.baseUrl}/responses?a=1`, {
    method: 'POST',
    body,
    headers: { 'content-encoding': 'zstd', 'x-one': 'two' },
  });
  const events = (await answer.text()).split('\n\n').filter((text) => text !== '');
  expect(events.map((event) => /^event: (.*)$/m.exec(event)?.[1])).toEqual([
    'response.created',
    'response.output_item.added',
    'response.output_text.delta',
    'response.output_text.delta',
    'response.output_item.done',
    'response.output_item.done',
    'response.completed',
  ]);
  expect(server.requests).toMatchObject([
    {
      transport: 'http',
      url: '/v1/responses?a=1',
      headers: { 'x-one': 'two' },
      body: { model: 'm', input: [] },
    },
  ]);
});

test('a refusal is an answer over HTTP and an error frame over WebSocket', async () => {
  const refusal: Step = {
    status: 429,
    headers: { 'x-request-id': 'req' },
    body: { error: { code: 'slow' } },
  };
  await using server = await startResponsesServer({ responses: () => refusal });
  const answer = await post(server, {});
  expect([answer.status, answer.headers.get('x-request-id'), await answer.json()]).toEqual([
    429,
    'req',
    { error: { code: 'slow' } },
  ]);
  const socket = await connect(server);
  socket.send(JSON.stringify({ type: 'response.create' }));
  expect(JSON.parse((await nextMessage(socket)).text)).toEqual({
    type: 'error',
    status: 429,
    headers: { 'x-request-id': 'req' },
    error: { code: 'slow' },
  });
});

test('one connection serves several requests; prewarming and processed are answered by themselves', async () => {
  await using server = await startResponsesServer({ responses: [[completed('r1')], [failed('slow_down')]] });
  const socket = await connect(server);
  const seen: string[] = [];
  for (const body of [{ generate: false }, {}, {}]) {
    socket.send(JSON.stringify({ type: 'response.create', ...body }));
    for (;;) {
      const { type } = JSON.parse((await nextMessage(socket)).text) as { type: string };
      seen.push(type);
      if (type !== 'response.created') break;
    }
  }
  expect(seen).toEqual(['response.created', 'response.completed', 'response.completed', 'response.failed']);
  socket.send(JSON.stringify({ type: 'response.processed', response_id: 'r1' }));
  await server.until(() => server.processed.length === 1);
  expect(server.processed).toEqual(['r1']);
  expect(server.requests.map(({ connection }) => connection)).toEqual([1, 1, 1]);
});

test.each<[string, Step, object]>([
  ['malformed JSON', [{ text: '{' }], { text: '{', isBinary: false }],
  ['a binary message', [{ bytes: Buffer.from('x') }], { text: 'x', isBinary: true }],
])('%s over WebSocket', async (_title, step, expected) => {
  await using server = await startResponsesServer({ responses: [step] });
  const socket = await connect(server);
  socket.send(JSON.stringify({ type: 'response.create' }));
  expect(await nextMessage(socket)).toEqual(expected);
});

test.each<[string, Step, number]>([
  ['a close', [{ close: 1008, reason: 'policy' }], 1008],
  ['a reset', [{ end: 'reset' }], 1006],
  [
    'the end without a close frame, in the middle of a frame',
    [{ half: created('r1') }, { end: 'drop' }],
    1006,
  ],
])('%s over WebSocket', async (_title, step, code) => {
  await using server = await startResponsesServer({ responses: [step] });
  const socket = await connect(server);
  socket.send(JSON.stringify({ type: 'response.create' }));
  const [closeCode] = (await once(socket, 'close')) as [number];
  expect(closeCode).toBe(code);
  await server.until(() => server.openConnections === 0);
});

test.each<[string, Step]>([
  ['a reset', [{ end: 'reset' }]],
  ['half an event', [created('r1'), { half: created('r2') }, { end: 'drop' }]],
])('a stream over HTTP that breaks: %s', async (_title, step) => {
  await using server = await startResponsesServer({ responses: [step] });
  await expect(post(server, {}).then((answer) => answer.text())).rejects.toThrow(TypeError);
});

test('upgrades are refused, dropped and accepted in turn', async () => {
  await using server = await startResponsesServer({
    upgrades: [
      { status: 401, body: { error: { code: 'no' } } },
      'reset',
      'drop',
      { status: 101, headers: { 'x-a': 'b' } },
    ],
  });
  for (const problem of [/401/, /ECONNRESET|hang up/, /hang up/])
    await expect(connect(server)).rejects.toThrow(problem);
  const socket = await connect(server);
  expect(socket.readyState).toBe(WebSocket.OPEN);
  expect(server.upgrades).toHaveLength(4);
});

test('compaction and models', async () => {
  await using server = await startResponsesServer({
    compactions: [{ output: [{ type: 'compaction', encrypted_content: 'e' }] }],
    models: { models: [{ slug: 'm' }] },
  });
  const compact = (): Promise<unknown> =>
    fetch(`${server.baseUrl}/responses/compact`, { method: 'POST', body: '{"model":"m"}' }).then((answer) =>
      answer.json(),
    );
  expect(await compact()).toEqual({ output: [{ type: 'compaction', encrypted_content: 'e' }] });
  expect(await compact()).toEqual({ output: [] });
  expect(server.compactions).toEqual([{ model: 'm' }, { model: 'm' }]);
  expect(await (await fetch(`${server.baseUrl}/models?client_version=1`)).json()).toEqual({
    models: [{ slug: 'm' }],
  });
});

test.each(['reset', 'drop'] as const)('a request may get no answer: %s', async (how) => {
  await using server = await startResponsesServer({ responses: () => ({ unanswered: how }) });
  await expect(post(server, {})).rejects.toBeInstanceOf(TypeError);
  const socket = await connect(server);
  socket.send(JSON.stringify({ type: 'response.create' }));
  const [code] = (await once(socket, 'close')) as [number];
  expect(code).toBe(1006);
});

test('an upgrade may be accepted for a key that nobody sent', async () => {
  await using server = await startResponsesServer({ upgrades: [{ status: 101, accept: 'wrong' }] });
  await expect(connect(server)).rejects.toThrow(/accept/i);
});

test('an upgrade may be left unread for a while; then what came is answered', async () => {
  await using server = await startResponsesServer({
    upgrades: [{ status: 101, reads: false, readsAfterMs: 50 }],
    responses: () => [completed('r1')],
  });
  const socket = await connect(server);
  socket.send(JSON.stringify({ type: 'response.create' }));
  expect(JSON.parse((await nextMessage(socket)).text)).toMatchObject({ type: 'response.completed' });
});
