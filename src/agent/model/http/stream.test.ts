import { expect, test } from 'vitest';
import { contextOf, drain, transportTo } from '../../../../fixtures/http-transport.ts';
import { API_KEY, plainRequest } from '../../../../fixtures/model-request.ts';
import { completed, created, message, startResponsesServer } from '../../../testing/index.ts';
import { createTurnState } from '../request/turn-state.ts';

const { signal } = new AbortController();

test('a request says what it should, and its answer becomes events', async () => {
  await using server = await startResponsesServer({
    responses: [[created('r1'), message(['Hel', 'lo']), completed('r1', { inputTokens: 3 })]],
  });
  await using used = transportTo(server.baseUrl);
  const request = plainRequest({ turnMetadata: { turn_id: 'é' }, trace: { traceparent: '00-1' } });
  const { events, error } = await drain(used.transport.stream(request, contextOf(), signal));
  expect(error).toBeUndefined();
  expect(events.map(({ type }) => type)).toEqual([
    'rate_limits',
    'created',
    'item_added',
    'text_delta',
    'text_delta',
    'item_done',
    'completed',
  ]);
  const [seen] = server.requests;
  expect(seen?.url).toBe('/v1/responses');
  expect(seen?.body).toMatchObject({ model: 'gpt-test', stream: true, reasoning: { effort: 'medium' } });
  const { host: _, 'content-length': length, ...headers } = seen?.headers ?? {};
  expect(Number(length)).toBeGreaterThan(0);
  expect(headers).toEqual({
    connection: 'keep-alive',
    accept: 'text/event-stream',
    authorization: `Bearer ${API_KEY}`,
    'content-type': 'application/json',
    originator: 'stethos',
    'session-id': 'session-1',
    'thread-id': 'thread-1',
    traceparent: '00-1',
    'user-agent': 'stethos/1 (test)',
    'x-client-request-id': 'thread-1',
    'x-codex-turn-metadata': String.raw`{"turn_id":"\u00e9"}`,
    'x-codex-window-id': 'thread-1:0',
  });
  expect(used.observer.told).toMatchObject([
    {
      told: 'attempt',
      kind: 'http',
      endpoint: '/responses',
      attempt: 0,
      httpStatus: 200,
      success: true,
      authHeaderAttached: true,
      authHeaderName: 'authorization',
      authMode: 'ApiKey',
      retryAfterUnauthorized: false,
    },
  ]);
});

test('what the head tells comes first, in its order', async () => {
  const headers = {
    'openai-model': 'gpt-real',
    'x-codex-primary-used-percent': '5',
    'x-codex-other-primary-used-percent': '6',
    'x-models-etag': 'etag-1',
    'x-reasoning-included': '',
    'x-request-id': 'req-1',
    'x-oai-request-id': 'other',
  };
  const again = { type: 'response.in_progress', headers: { 'openai-model': 'gpt-real' } };
  await using server = await startResponsesServer({
    responses: [{ headers, actions: [again, completed('resp-1')] }],
  });
  await using used = transportTo(server.baseUrl);
  const { events } = await drain(used.transport.stream(plainRequest(), contextOf(), signal));
  expect(events).toMatchObject([
    { type: 'server_model', model: 'gpt-real' },
    { type: 'rate_limits', snapshot: { limit_id: 'codex', primary: { used_percent: 5 } } },
    { type: 'rate_limits', snapshot: { limit_id: 'codex_other' } },
    { type: 'models_etag', etag: 'etag-1' },
    { type: 'server_reasoning_included' },
    { type: 'completed', responseId: 'resp-1', upstreamRequestId: 'req-1' },
  ]);
  // Known also where the stream fails later, and never under the name of an error's id.
  expect(used.observer.told).toMatchObject([{ upstreamRequestId: 'req-1' }]);
  expect(used.observer.told[0]).not.toHaveProperty('requestId');
});

test('the token for sticky routing is that of the first answer, and goes with the next requests (trap 5)', async () => {
  const actions = [completed('r')];
  await using server = await startResponsesServer({
    responses: [
      { headers: { 'x-codex-turn-state': 'first' }, actions },
      { headers: { 'x-codex-turn-state': 'second' }, actions },
      actions,
      actions,
    ],
  });
  await using used = transportTo(server.baseUrl);
  const turnState = createTurnState();
  for (const of of [turnState, turnState, turnState, createTurnState()])
    await drain(used.transport.stream(plainRequest(), contextOf({ turnState: of }), signal));
  expect(server.requests.map(({ headers }) => headers['x-codex-turn-state'])).toEqual([
    undefined,
    'first',
    'first',
    undefined,
  ]);
});

test('requests that follow each other share a connection', async () => {
  await using server = await startResponsesServer({ responses: () => [created('r'), completed('r')] });
  await using used = transportTo(server.baseUrl);
  for (let turn = 0; turn < 5; turn += 1)
    await drain(used.transport.stream(plainRequest(), contextOf(), signal));
  expect(new Set(server.requests.map(({ connection }) => connection)).size).toBeLessThan(3);
});

test("query parameters and headers are the provider's, and a path is kept", async () => {
  await using server = await startResponsesServer({ responses: () => [completed('r')] });
  await using used = transportTo(`${server.baseUrl}/`, {
    provider: {
      resolved: {
        queryParameters: { 'api-version': '2026-01', x: 'a/b' },
        headers: { 'X-Team': 'blue', 'thread-id': 'forged', Originator: 'theirs', Authorization: 'forged' },
      },
    },
  });
  await drain(used.transport.stream(plainRequest(), contextOf(), signal));
  const [seen] = server.requests;
  expect(seen?.url).toBe('/v1/responses?api-version=2026-01&x=a/b');
  expect(seen?.headers).toMatchObject({
    'x-team': 'blue',
    'thread-id': 'thread-1',
    originator: 'theirs',
    authorization: `Bearer ${API_KEY}`,
  });
});

test('characters that a read of the connection cuts in two are whole', async () => {
  const event = Buffer.from(
    `data: ${JSON.stringify({ type: 'response.output_text.delta', delta: '🦊é' })}\n\n`,
  );
  const bytes = [...event].map((byte) => ({ bytes: Uint8Array.of(byte) }));
  await using server = await startResponsesServer({ responses: [[...bytes, completed('r')]] });
  await using used = transportTo(server.baseUrl);
  const { events } = await drain(used.transport.stream(plainRequest(), contextOf(), signal));
  expect(events).toContainEqual({ type: 'text_delta', delta: '🦊é' });
});

test('each event is told by kind to whoever listens', async () => {
  await using server = await startResponsesServer({
    responses: [
      [
        created('r'),
        { text: 'event: odd\ndata: {no json\n\n' },
        { text: 'data: [DONE]\n\n' },
        completed('r'),
      ],
    ],
  });
  await using used = transportTo(server.baseUrl);
  const kinds: (string | undefined)[][] = [];
  Object.assign(used.observer, {
    streamEvent: ({ kind, error }: { kind: string; error?: string }) => kinds.push([kind, error]),
  });
  await drain(used.transport.stream(plainRequest(), contextOf(), signal));
  expect(kinds).toEqual([
    ['response.created', undefined],
    ['parse_error', 'not JSON'],
    ['parse_error', 'not JSON'],
    ['response.completed', undefined],
  ]);
});
