import { expect, test } from 'vitest';
import { contextOf, failureOf, transportTo } from '../../../../fixtures/http-transport.ts';
import { plainRequest } from '../../../../fixtures/model-request.ts';
import { startFaultServer } from '../../../../fixtures/lab/fault-server.ts';
import { startResponsesServer } from '../../../testing/index.ts';
import type { RequestAuth } from '../../provider/provider.ts';
import { createTurnState } from '../request/turn-state.ts';

const { signal } = new AbortController();
const SUMMARY = { type: 'compaction', encrypted_content: 'short' };

const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

test('a conversation comes back in short form; what nobody knows is left out', async () => {
  await using server = await startResponsesServer({
    compactions: [{ output: [SUMMARY, { type: 'new' }] }],
  });
  const auth: RequestAuth = { mode: 'Chatgpt', usesChatgptBackend: true, headers: {} };
  await using used = transportTo(server.baseUrl, { provider: { name: 'OpenAI', resolved: { auth } } });
  expect(await used.transport.compact(plainRequest(), contextOf(), signal)).toEqual([SUMMARY]);
  expect(server.compactions).toMatchObject([{ model: 'gpt-test', prompt_cache_key: 'thread-1' }]);
  expect(Object.keys(server.compactions[0] ?? {})).not.toContain('stream');
  expect(used.observer.told).toMatchObject([{ endpoint: '/responses/compact', httpStatus: 200 }]);
});

test('it says which installation asks, without token for sticky routing and without compression', async () => {
  await using server = await startFaultServer([{ answer: { status: 200, body: '{"output":[]}' } }]);
  const auth: RequestAuth = { mode: 'Chatgpt', usesChatgptBackend: true, headers: {} };
  await using used = transportTo(server.url('/v1'), { provider: { name: 'OpenAI', resolved: { auth } } });
  const turnState = createTurnState();
  turnState.offer('token');
  await used.transport.compact(plainRequest(), contextOf({ turnState }), signal);
  const [seen] = server.requests;
  expect(seen?.url).toBe('/v1/responses/compact');
  expect(seen?.headers).toMatchObject({ 'x-codex-installation-id': 'install-1', 'thread-id': 'thread-1' });
  expect(seen?.headers).not.toHaveProperty('x-codex-turn-state');
  expect(seen?.headers).not.toHaveProperty('content-encoding');
});

test('nothing to compact asks nobody', async () => {
  await using used = transportTo('http://127.0.0.1:9/v1');
  expect(await used.transport.compact(plainRequest({ input: [] }), contextOf(), signal)).toEqual([]);
});

test('a 401 is not recovered from', async () => {
  await using server = await startFaultServer([{ answer: { status: 401 } }]);
  await using used = transportTo(server.url('/v1'), {
    provider: {
      recovery: () => {
        throw new Error('asked');
      },
    },
  });
  const error = await rejection(used.transport.compact(plainRequest(), contextOf(), signal));
  expect(failureOf(error)).toMatchObject({ kind: 'unexpected_status', facts: { status: 401 } });
});

test.each([
  ['no JSON', 'hello'],
  ['no output', '{}'],
])('%s is no conversation', async (_name, body) => {
  await using server = await startFaultServer([{ answer: { status: 200, body } }]);
  await using used = transportTo(server.url('/v1'));
  const error = await rejection(used.transport.compact(plainRequest(), contextOf(), signal));
  expect(failureOf(error).kind).toBe('stream');
});

test('silence ends after four times the idle time', async () => {
  await using server = await startFaultServer({ '*': 'silent' });
  const limits = { streamMaxRetries: 0, streamIdleTimeoutMs: 25, websocketConnectTimeoutMs: 1_000 };
  await using used = transportTo(server.url('/v1'), {
    provider: { limits: { ...limits, requestMaxRetries: 0 } },
  });
  const error = await rejection(used.transport.compact(plainRequest(), contextOf(), signal));
  expect(failureOf(error)).toMatchObject({ kind: 'timeout', message: expect.stringMatching(/100 ms/) });
});

test('the signal ends it with its reason', async () => {
  await using server = await startFaultServer({ '*': 'silent' });
  await using used = transportTo(server.url('/v1'));
  const controller = new AbortController();
  const ended = rejection(used.transport.compact(plainRequest(), contextOf(), controller.signal));
  setTimeout(() => controller.abort(new Error('interrupted')), 20);
  expect(await ended).toEqual(new Error('interrupted'));
});
