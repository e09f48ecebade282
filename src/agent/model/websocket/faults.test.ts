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
  // The server shares this process, and is still busy with what it got when the next request comes.
  const { client, observer } = threadAt(server.baseUrl, { limits: { streamIdleTimeoutMs: 4 * IDLE_MS } });
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
