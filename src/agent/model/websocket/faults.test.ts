import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { plainRequest } from '../../../../fixtures/model-request.ts';
import { eventsOf, threadAt, user } from '../../../../fixtures/model-thread.ts';
import {
  completed,
  created,
  failed,
  incomplete,
  startResponsesServer,
  textDeltas,
} from '../../../testing/index.ts';
import type { Action, Step, UpgradeStep } from '../../../testing/index.ts';
import { ModelError } from '../error.ts';
import type { ModelEvent } from '../event.ts';

const OK = [created('r'), completed('r')];
const request = plainRequest({ input: [user('one')] });
/** Long enough for a busy machine to bring what is on its way, and short enough to wait for. */
const IDLE_MS = 250;
const limits = { streamIdleTimeoutMs: IDLE_MS };
const STAY: Action = { end: 'stay' };
const beginning = [created('r1'), textDeltas('Half')];

test.each<[string, Step, object]>([
  ['response.failed', [beginning, failed('server_is_overloaded')], { kind: 'server_overloaded' }],
  [
    'response.failed with a delay',
    [beginning, failed('rate_limit_exceeded', 'Please try again in 1.5s.')],
    { kind: 'stream', delayMs: 1_500 },
  ],
  ['response.incomplete', [beginning, incomplete('max_output_tokens')], { kind: 'stream' }],
  ['an error frame', { status: 503, body: { error: { code: 'slow_down' } } }, { kind: 'server_overloaded' }],
  [
    'a connection that is an hour old (trap 13)',
    { status: 400, body: { error: { code: 'websocket_connection_limit_reached', message: 'Reconnect.' } } },
    { kind: 'stream', message: 'Reconnect.' },
  ],
  [
    'a framed 401 (trap 11)',
    { status: 401, body: {} },
    { kind: 'unexpected_status', facts: { status: 401 } },
  ],
  [
    'a framed 426 (trap 11)',
    { status: 426, body: {} },
    { kind: 'unexpected_status', facts: { status: 426 } },
  ],
  [
    'a close frame',
    [beginning, { close: 1011 }],
    { kind: 'stream', message: expect.stringContaining('1011') as string },
  ],
  ['a regular close', [beginning, { close: 1000 }], { kind: 'stream' }],
  [
    'a reset',
    [beginning, { pauseMs: 20 }, { end: 'reset' }],
    { kind: 'stream', message: expect.stringContaining('ECONNRESET') as string },
  ],
  ['the end without a close frame', [beginning, { end: 'drop' }], { kind: 'stream' }],
  [
    'half a message, then the end',
    [beginning, { half: completed('r1') }, { end: 'drop' }],
    { kind: 'stream' },
  ],
  ['half a message, then silence', [beginning, { half: completed('r1') }, STAY], { kind: 'stream' }],
  ['silence', [STAY], { kind: 'stream' }],
  ['silence in the middle', [beginning, STAY], { kind: 'stream' }],
  [
    'pings and nothing else (trap 15)',
    [
      beginning,
      Array.from({ length: 60 }, (): Action[] => [{ keepAlive: true }, { pauseMs: 20 }]).flat(),
      completed('r1'),
    ],
    { kind: 'stream', message: expect.stringContaining('sent nothing') as string },
  ],
  [
    'an error frame without a status (trap 12)',
    [beginning, { type: 'error', error: { message: 'x' } }, STAY],
    { kind: 'stream', message: expect.stringContaining('sent nothing') as string },
  ],
  ['malformed JSON, and then nothing', [beginning, { text: '{"type":' }, STAY], { kind: 'stream' }],
  [
    'an end that cannot be read',
    [beginning, { type: 'response.completed', response: {} }],
    { kind: 'stream' },
  ],
  [
    'a binary message',
    [beginning, { bytes: Buffer.from('{}') }],
    { kind: 'stream', message: expect.stringContaining('binary') as string },
  ],
  [
    'bytes that are no frame',
    [beginning, { raw: Buffer.from([0xff, 0xff]) }],
    { kind: 'stream', message: expect.stringContaining('no WebSocket frame') as string },
  ],
])('%s ends the response, and its connection first (traps 16, 17)', async (title, step, expected) => {
  await using server = await startResponsesServer({ responses: [step, OK] });
  const { client, http } = threadAt(server.baseUrl, { limits });
  const turn = client.startTurn();
  const seen: ModelEvent[] = [];
  const running = (async () => {
    for await (const batch of turn.stream(request, new AbortController().signal)) seen.push(...batch);
  })();
  await expect(running).rejects.toThrow(ModelError);
  await expect(running).rejects.toMatchObject({ failure: expected });
  // At once, without waiting for anything: the next request has a connection of its own.
  await eventsOf(turn, request);
  expect(server.requests.map(({ connection }) => connection)).toEqual([1, 2]);
  const hasBegun = !/error frame$|hour|framed|^silence$/.test(title);
  expect(seen.map(({ type }) => type)).toEqual(hasBegun ? ['created', 'text_delta'] : []);
  expect(http.requests).toEqual([]);
  client.close();
  await server.until(() => server.openConnections === 0);
});

const slow = (...actions: Action[]): Action[] => actions.flatMap((action) => [{ pauseMs: 30 }, action]);

test('what is malformed, unknown or of no consequence is passed over, also when it comes slowly', async () => {
  await using server = await startResponsesServer({
    responses: [
      slow(
        created('r1'),
        { text: '{' },
        { text: '[]' },
        { type: 'error', status: 200 },
        { type: 'response.output_text.delta' },
        { type: 'response.output_text.delta', delta: 'a' },
        { type: 'no.such.event' },
        // Together longer than the idle time, which counts from message to message.
        ...textDeltas('b', 'c', 'd', 'e'),
        completed('r1'),
      ),
    ],
  });
  const { client } = threadAt(server.baseUrl, { limits });
  const events = await eventsOf(client.startTurn(), request);
  expect(events.map((event) => (event.type === 'text_delta' ? event.delta : event.type))).toEqual([
    'created',
    'a',
    'b',
    'c',
    'd',
    'e',
    'completed',
  ]);
  client.close();
});

/** More than the buffers of both ends of a connection take. */
const tooMuch = plainRequest({
  input: [user('x'.repeat(64)), ...Array.from({ length: 400 }, () => user(noise()))],
});
function noise(): string {
  return Array.from({ length: 3_000 }, () => Math.random().toString(36)).join('');
}

test('a server that stops reading ends the request within the bound (trap 18)', async () => {
  await using server = await startResponsesServer({
    upgrades: [{ status: 101, reads: false }],
    responses: [OK],
  });
  const { client, observer } = threadAt(server.baseUrl, { limits });
  const turn = client.startTurn();
  await expect(eventsOf(turn, tooMuch)).rejects.toMatchObject({
    failure: { kind: 'stream', message: expect.stringContaining('takes no more data') as string },
  });
  expect(observer.told.at(-1)).toMatchObject({ kind: 'websocket_request', success: false });
  await eventsOf(turn, request);
  client.close();
});

test.each<[string, UpgradeStep, object]>([
  ['500', { status: 500, body: {} }, { kind: 'internal_server_error' }],
  ['403', { status: 403, body: 'no' }, { kind: 'unexpected_status', facts: { status: 403, body: 'no' } }],
  ['200', { status: 200 }, { kind: 'unexpected_status', facts: { status: 200 } }],
  [
    '429 with a limit',
    {
      status: 429,
      headers: { 'x-codex-primary-used-percent': '100' },
      body: { error: { type: 'usage_limit_reached' } },
    },
    { kind: 'usage_limit_reached', rateLimits: { primary: { used_percent: 100 } } },
  ],
  ['silence', 'silent', { kind: 'timeout' }],
  ['a reset', 'reset', { kind: 'stream' }],
  ['the end', 'drop', { kind: 'stream' }],
])('an upgrade that meets %s', async (_title, upgrade, expected) => {
  await using server = await startResponsesServer({ upgrades: [upgrade], responses: [OK] });
  const { client, observer, http } = threadAt(server.baseUrl, {
    limits: { websocketConnectTimeoutMs: IDLE_MS },
  });
  const turn = client.startTurn();
  await expect(eventsOf(turn, request)).rejects.toMatchObject({ failure: expected });
  const [told] = observer.told;
  expect(told).toMatchObject({ kind: 'websocket_connect', success: false });
  expect(JSON.stringify(told)).not.toContain('"no"');
  await eventsOf(turn, request);
  expect(http.requests).toEqual([]);
  client.close();
  await server.until(() => server.openConnections === 0);
});

test('nobody listens, and a header that nobody can send', async () => {
  const server = createServer();
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  const at = `http://127.0.0.1:${port}/v1`;
  await expect(eventsOf(threadAt(at).client.startTurn(), request)).rejects.toMatchObject({
    failure: { kind: 'stream', message: expect.stringContaining('ECONNREFUSED') as string },
  });
  const { client } = threadAt(at, { provider: { resolved: { headers: { 'x-odd': 'a\nb' } } } });
  await expect(eventsOf(client.startTurn(), request)).rejects.toMatchObject({
    failure: { kind: 'fatal', message: expect.stringContaining('x-odd') as string },
  });
});

const nothing: Step = [STAY];

test.each<[string, { upgrades?: UpgradeStep[]; responses: Step[] }, number]>([
  ['connecting', { upgrades: ['silent'], responses: [] }, 0],
  ['sending', { upgrades: [{ status: 101, reads: false }], responses: [] }, 0],
  ['waiting for the first event', { responses: [nothing] }, 0],
  ['reading', { responses: [[beginning, STAY]] }, 1],
])('an abort while %s ends it at once, and leaves nothing open', async (title, script, batches) => {
  await using server = await startResponsesServer(script);
  const { client } = threadAt(server.baseUrl);
  const controller = new AbortController();
  const asked = title === 'sending' ? tooMuch : request;
  const stream = client.startTurn().stream(asked, controller.signal)[Symbol.asyncIterator]();
  const events: ModelEvent[] = [];
  while (events.length < 2 * batches) events.push(...((await stream.next()).value as ModelEvent[]));
  const next = stream.next();
  await server.until(() => server.upgrades.length + server.requests.length > 0);
  controller.abort(new Error('enough'));
  await expect(next).rejects.toThrow('enough');
  await server.until(() => server.openConnections === 0);
});

test('an abort before anything is asked opens nothing', async () => {
  await using server = await startResponsesServer();
  const { client } = threadAt(server.baseUrl);
  const aborted = AbortSignal.abort(new Error('never'));
  await expect(eventsOf(client.startTurn(), request, aborted)).rejects.toThrow('never');
  expect(server.upgrades).toEqual([]);
});

test('an abort while the login is renewed ends it at once', async () => {
  await using server = await startResponsesServer({ upgrades: [{ status: 401 }] });
  const controller = new AbortController();
  const next = (): Promise<never> => {
    controller.abort(new Error('enough'));
    return Promise.withResolvers<never>().promise;
  };
  const { client } = threadAt(server.baseUrl, {
    provider: { recovery: () => ({ mode: 'managed', phase: 'refresh_token', next }) },
  });
  await expect(eventsOf(client.startTurn(), request, controller.signal)).rejects.toThrow('enough');
});

test('a consumer that leaves takes the connection with it, and the next response is not mixed up (trap 19)', async () => {
  await using server = await startResponsesServer({
    responses: [
      [beginning, { pauseMs: 50 }, textDeltas('stale'), completed('r1')],
      [created('r2'), textDeltas('fresh'), completed('r2')],
    ],
  });
  const { client } = threadAt(server.baseUrl);
  const turn = client.startTurn();
  for await (const _ of turn.stream(request, new AbortController().signal)) break;
  const events = await eventsOf(turn, request);
  expect(events).toContainEqual({ type: 'text_delta', delta: 'fresh' });
  expect(events).not.toContainEqual({ type: 'text_delta', delta: 'stale' });
  expect(server.requests.map(({ connection }) => connection)).toEqual([1, 2]);
  client.close();
});

test('a consumer that never comes back after the end holds up nobody', async () => {
  await using server = await startResponsesServer({ responses: () => OK });
  const { client } = threadAt(server.baseUrl);
  const stream = client.startTurn().stream(request, new AbortController().signal)[Symbol.asyncIterator]();
  let last: ModelEvent | undefined;
  while (last?.type !== 'completed') last = ((await stream.next()).value as ModelEvent[]).at(-1);
  await eventsOf(client.startTurn(), request);
  expect(server.upgrades).toHaveLength(1);
  client.close();
});

test('a connection that the server ends between turns is replaced', async () => {
  await using server = await startResponsesServer({
    responses: [[created('r1'), completed('r1'), { pauseMs: 10 }, { close: 1001 }], OK],
  });
  const { client } = threadAt(server.baseUrl);
  await eventsOf(client.startTurn(), request);
  await server.until(() => server.openConnections === 0);
  await eventsOf(client.startTurn(), plainRequest({ input: [user('one'), user('two')] }));
  expect(server.requests[1]).toMatchObject({ connection: 2 });
  expect(server.requests[1]?.body).not.toHaveProperty('previous_response_id');
  client.close();
});

test('a server that sends without being asked is held off, not kept in memory', async () => {
  const flood = Array.from({ length: 20_000 }, () => ({
    text: `{"type":"codex.noise","pad":"${'x'.repeat(500)}"}`,
  }));
  await using server = await startResponsesServer({
    responses: [[created('r1'), completed('r1'), flood], OK],
  });
  const { client } = threadAt(server.baseUrl);
  const turn = client.startTurn();
  await eventsOf(turn, request);
  await eventsOf(turn, request);
  expect(server.requests).toHaveLength(2);
  client.close();
});

test('a consumer that leaves late takes nothing from the response that runs by then', async () => {
  await using server = await startResponsesServer({ responses: () => OK });
  const { client } = threadAt(server.baseUrl);
  const { signal } = new AbortController();
  const early = client.startTurn().stream(request, signal)[Symbol.asyncIterator]();
  let last: ModelEvent | undefined;
  while (last?.type !== 'completed') last = ((await early.next()).value as ModelEvent[]).at(-1);
  const running = client.startTurn().stream(request, signal)[Symbol.asyncIterator]();
  await running.next();
  await early.return?.();
  while (!(await running.next()).done) continue;
  await eventsOf(client.startTurn(), request);
  expect(server.requests.map(({ connection }) => connection)).toEqual([1, 1, 1]);
  client.close();
});

test.each<[string, UpgradeStep[]]>([
  ['connecting', ['silent']],
  ['waiting', []],
])('closing the client ends a response that is %s', async (title, upgrades) => {
  await using server = await startResponsesServer({ upgrades, responses: [nothing] });
  const { client } = threadAt(server.baseUrl);
  const running = eventsOf(client.startTurn(), request);
  await server.until(() => (title === 'waiting' ? server.requests : server.upgrades).length > 0);
  client.close();
  await expect(running).rejects.toMatchObject({ failure: { kind: 'stream' } });
  await server.until(() => server.openConnections === 0);
});

test('closing the client ends its prewarm', async () => {
  await using server = await startResponsesServer({ upgrades: ['silent'] });
  const { client } = threadAt(server.baseUrl);
  const warmed = client.prewarm(request, new AbortController().signal);
  await server.until(() => server.upgrades.length === 1);
  client.close();
  expect(await warmed).toBe('failed');
  await server.until(() => server.openConnections === 0);
});
