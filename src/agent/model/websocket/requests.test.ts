import { expect, test } from 'vitest';
import { API_KEY, plainRequest } from '../../../../fixtures/model-request.ts';
import { eventsOf, itemsOf, threadAt, user } from '../../../../fixtures/model-thread.ts';
import {
  completed,
  created,
  functionCall,
  message,
  startResponsesServer,
  textDeltas,
} from '../../../testing/index.ts';
import type { UpgradeStep } from '../../../testing/index.ts';
import type { ResponseItem } from '../../protocol/item.ts';
import type { ModelEvent } from '../event.ts';
import type { StreamEventFacts } from '../../../telemetry/facts/attempt.ts';

const OK = [created('r'), completed('r')];
const first = plainRequest({ input: [user('one')] });
const withoutIds = (items: readonly ResponseItem[]): object[] =>
  items.map((item) => Object.fromEntries(Object.entries(item).filter(([key]) => key !== 'id')));
const token = (value: string): UpgradeStep => ({ status: 101, headers: { 'x-codex-turn-state': value } });

test('an upgrade says who asks for whom, with what is configured, and the credential last (traps 48, 49)', async () => {
  await using server = await startResponsesServer({ responses: [OK] });
  const { client } = threadAt(server.baseUrl, {
    provider: {
      resolved: {
        queryParameters: { 'api-version': '2026-01-01' },
        headers: {
          version: '1',
          Authorization: 'Bearer configured',
          'User-Agent': 'mine',
          accept: 'x/y',
          'content-encoding': 'br',
        },
      },
    },
    features: { runtimeMetrics: true, betaFeatures: ['one', 'two'] },
  });
  await eventsOf(
    client.startTurn(),
    plainRequest({ turnMetadata: { turn_id: 'größe' }, trace: { traceparent: 't' } }),
  );
  const { url, headers } = server.upgrades[0] ?? { url: '', headers: {} };
  expect(url).toBe('/v1/responses?api-version=2026-01-01');
  expect(headers).toMatchObject({
    authorization: `Bearer ${API_KEY}`,
    version: '1',
    'user-agent': 'mine',
    originator: 'stethos_test',
    'openai-beta': 'responses_websockets=2026-02-06',
    'x-responsesapi-include-timing-metrics': 'true',
    'x-codex-beta-features': 'one,two',
    'x-client-request-id': 'thread-1',
    'session-id': 'session-1',
    'thread-id': 'thread-1',
    'x-codex-window-id': 'thread-1:0',
    'x-codex-turn-metadata': String.raw`{"turn_id":"gr\u00f6\u00dfe"}`,
  });
  for (const absent of ['accept', 'content-type', 'content-encoding', 'traceparent', 'x-codex-turn-state'])
    expect(headers).not.toHaveProperty(absent);
  client.close();
});

test('a request is a frame: the fields of HTTP, metadata and trace of this request, and when it was sent', async () => {
  await using server = await startResponsesServer({ responses: [OK] });
  const { client } = threadAt(server.baseUrl, { clock: { now: () => 1_234, elapsed: () => 0 } });
  const trace = { traceparent: '00-1-2-01', tracestate: 'a=b' };
  const input = [user('one'), { ...user('two'), id: 'item-id' }];
  await eventsOf(client.startTurn(), plainRequest({ input, trace, turnMetadata: { turn_id: 't' } }));
  const [{ body } = { body: {} }] = server.requests;
  expect(body).toEqual({
    model: 'gpt-test',
    instructions: 'Be brief.',
    // Ids are never written (trap 4).
    input: [user('one'), user('two')],
    tools: [],
    tool_choice: 'auto',
    parallel_tool_calls: true,
    reasoning: { effort: 'medium', summary: 'auto' },
    store: false,
    stream: true,
    include: ['reasoning.encrypted_content'],
    prompt_cache_key: 'thread-1',
    client_metadata: {
      'x-codex-installation-id': 'install-1',
      'x-codex-window-id': 'thread-1:0',
      'x-codex-turn-metadata': '{"turn_id":"t"}',
      ws_request_header_traceparent: '00-1-2-01',
      ws_request_header_tracestate: 'a=b',
      'x-codex-ws-stream-request-start-ms': '1234',
    },
  });
  client.close();
});

test('a response comes as the events of the core, with what the upgrade said at its beginning (trap 21)', async () => {
  const headers = { 'openai-model': 'gpt-real', 'x-models-etag': 'etag-1', 'x-reasoning-included': '1' };
  await using server = await startResponsesServer({
    upgrades: [{ status: 101, headers }],
    responses: [[created('r1'), message(['Good ', 'day.']), functionCall('ls', {}), completed('r1')], OK],
  });
  const { client } = threadAt(server.baseUrl);
  const turn = client.startTurn();
  const told: ModelEvent[] = [
    { type: 'server_model', model: 'gpt-real' },
    { type: 'models_etag', etag: 'etag-1' },
    { type: 'server_reasoning_included' },
  ];
  const events = await eventsOf(turn, first);
  expect(events.slice(0, told.length)).toEqual(told);
  expect(events.slice(told.length).map(({ type }) => type)).toEqual([
    'created',
    'item_added',
    'text_delta',
    'text_delta',
    'item_done',
    'item_done',
    'completed',
  ]);
  expect(events.at(-1)).toMatchObject({ responseId: 'r1', upstreamRequestId: null });
  const again = await eventsOf(client.startTurn(), first);
  expect(again.slice(0, told.length)).toEqual(told);
  expect(server.upgrades).toHaveLength(1);
  client.close();
});

test('a conversation is continued by what is new, three times and across turns (trap 2)', async () => {
  await using server = await startResponsesServer({
    responses: ({ body }) => {
      const id = `r${server.requests.length}`;
      expect(body['type']).toBeUndefined();
      // What is passed over between items changes nothing.
      return [created(id), message(`answer ${id}`, `msg_${id}`), { type: 'no.such.event' }, completed(id)];
    },
  });
  const { client } = threadAt(server.baseUrl);
  let input = [user('one')];
  for (const text of ['two', 'three', 'four']) {
    const events = await eventsOf(
      client.startTurn(),
      plainRequest({ input, turnMetadata: { turn_id: text } }),
    );
    input = [...input, ...itemsOf(events), user(text)];
  }
  await eventsOf(client.startTurn(), plainRequest({ input, instructions: 'Be long.' }));
  expect(server.requests.map(({ body }) => [body['previous_response_id'], body['input']])).toEqual([
    [undefined, [user('one')]],
    ['r1', [user('two')]],
    ['r2', [user('three')]],
    [undefined, withoutIds(input)],
  ]);
  expect(new Set(server.requests.map(({ connection }) => connection)).size).toBe(1);
  client.close();
});

test('after an error the next request opens a connection and is sent whole', async () => {
  await using server = await startResponsesServer({
    responses: [
      [created('r1'), completed('r1')],
      { status: 500, body: {} },
      [created('r3'), completed('r3')],
    ],
  });
  const { client } = threadAt(server.baseUrl);
  const turn = client.startTurn();
  await eventsOf(turn, first);
  const more = plainRequest({ input: [user('one'), user('two')] });
  await expect(eventsOf(turn, more)).rejects.toMatchObject({ failure: { kind: 'internal_server_error' } });
  await eventsOf(turn, more);
  expect(server.requests.map(({ connection, body }) => [connection, body['previous_response_id']])).toEqual([
    [1, undefined],
    [1, 'r1'],
    [2, undefined],
  ]);
  client.close();
});

test('a turn keeps the first token for its routing and replays it; another turn has none (trap 5)', async () => {
  await using server = await startResponsesServer({
    upgrades: [token('a'), token('b'), token('c')],
    responses: () => [{ end: 'drop' }],
  });
  const { client } = threadAt(server.baseUrl);
  const turn = client.startTurn();
  for (const asking of [turn, turn, turn, client.startTurn()])
    await expect(eventsOf(asking, first)).rejects.toMatchObject({ failure: { kind: 'stream' } });
  expect(server.upgrades.map(({ headers }) => headers['x-codex-turn-state'])).toEqual([
    undefined,
    'a',
    'a',
    undefined,
  ]);
});

test('one response at a time: who asks meanwhile waits, and an abort ends the waiting', async () => {
  await using server = await startResponsesServer({
    responses: [[created('r1'), textDeltas('a'), { pauseMs: 50 }, completed('r1')], OK],
  });
  const { client } = threadAt(server.baseUrl);
  const running = eventsOf(client.startTurn(), first);
  await server.until(() => server.requests.length === 1);
  const controller = new AbortController();
  const impatient = eventsOf(client.startTurn(), first, controller.signal);
  const patient = eventsOf(client.startTurn(), first);
  controller.abort(new Error('enough'));
  await expect(impatient).rejects.toThrow('enough');
  expect(server.requests).toHaveLength(1);
  await running;
  await patient;
  expect(server.requests.map(({ connection }) => connection)).toEqual([1, 1]);
  client.close();
});

test('processed is told where the feature is on, and harms nothing where it cannot be (trap 44)', async () => {
  await using server = await startResponsesServer({ responses: () => OK });
  const on = threadAt(server.baseUrl, { features: { responseProcessed: true } });
  const turn = on.client.startTurn();
  await turn.processed('too early');
  await eventsOf(turn, first);
  await turn.processed('r1');
  await server.until(() => server.processed.length === 1);
  expect(server.processed).toEqual(['r1']);
  on.client.close();
  await turn.processed('too late');
  const off = threadAt(server.baseUrl);
  await eventsOf(off.client.startTurn(), first);
  await off.client.startTurn().processed('r2');
  await eventsOf(off.client.startTurn(), first);
  expect(server.processed).toEqual(['r1']);
  off.client.close();
});

test('attempts are told with the facts of their connection, and events by their kind (trap 20)', async () => {
  await using server = await startResponsesServer({
    responses: [
      [
        { text: '{' },
        created('r1'),
        { type: 'no.such.event' },
        completed('r1'),
        { type: 'responsesapi.websocket_timing', timing_metrics: { total_ms: 12.4, odd: 'x', wrong: -1 } },
      ],
      [{ text: '{}' }, completed('r2')],
    ],
  });
  const events: StreamEventFacts[] = [];
  const attempts: object[] = [];
  const { client } = threadAt(server.baseUrl, {
    observer: {
      attempt: (facts) => attempts.push(facts),
      recovery: () => undefined,
      streamEvent: (facts) => events.push(facts),
    },
  });
  const turn = client.startTurn();
  await eventsOf(turn, first);
  await eventsOf(turn, first);
  const shared = {
    endpoint: '/responses',
    authHeaderAttached: true,
    authHeaderName: 'authorization',
    authMode: 'ApiKey',
    retryAfterUnauthorized: false,
    success: true,
    attempt: 0,
    durationMs: expect.any(Number) as number,
  };
  expect(attempts).toEqual([
    { ...shared, kind: 'websocket_connect', connectionReused: false },
    { ...shared, kind: 'websocket_request', connectionReused: false },
    { ...shared, kind: 'websocket_request', connectionReused: true },
  ]);
  expect(events.map(({ kind }) => kind)).toEqual([
    'parse_error',
    'response.created',
    'no.such.event',
    'response.completed',
    'responsesapi.websocket_timing',
    'unknown',
    'response.completed',
  ]);
  expect(events[4]?.timing).toEqual({ total_ms: 12 });
  client.close();
});
