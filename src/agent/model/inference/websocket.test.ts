import { expect, test } from 'vitest';
import { eventsOf, neverAborted, user } from '../../../../fixtures/model-thread.ts';
import { plainRequest } from '../../../../fixtures/model-request.ts';
import { factsOf, toldModelAt } from '../../../../fixtures/told-model.ts';
import type { ToldModelOptions } from '../../../../fixtures/told-model.ts';
import {
  completed,
  created,
  itemDone,
  message,
  startResponsesServer,
  textDeltas,
} from '../../../testing/index.ts';
import type { Step } from '../../../testing/index.ts';
import type { ModelRequest } from '../client.ts';
import { ModelError } from '../error.ts';

const OVER_WEBSOCKET: ToldModelOptions = { provider: { supportsWebsockets: true } };
const metadata = { turn_id: 'turn-1' };
const request = plainRequest({ turnId: 'turn-1', turnMetadata: metadata, input: [user('one')] });
const warmUp = plainRequest({ input: [], purpose: 'prewarm' });
const answer = {
  type: 'message',
  role: 'assistant',
  id: 'm',
  content: [{ type: 'output_text', text: 'hi' }],
} as const;
const ok = (id: string): Step => [created(id), textDeltas('a', 'b'), itemDone(answer), completed(id)];

test('the first request after a warm-up is told whole, later ones as they are sent', async () => {
  await using server = await startResponsesServer({ responses: [ok('r1'), ok('r2')] });
  await using told = toldModelAt(server.baseUrl, OVER_WEBSOCKET);
  await told.client.prewarm(warmUp, neverAborted());
  await eventsOf(told.client.startTurn(), request);
  const second = { ...request, input: [user('one'), answer, user('two')] };
  await eventsOf(told.client.startTurn(), second);

  expect(server.requests.map(({ body }) => body['previous_response_id'])).toEqual([
    undefined,
    'warm_1',
    'r1',
  ]);
  const starts = factsOf(told, 'inference_started');
  expect(starts.map(({ purpose, transport, turnId }) => [purpose, transport, turnId])).toEqual([
    ['prewarm', 'websocket', undefined],
    ['turn', 'websocket', 'turn-1'],
    ['turn', 'websocket', 'turn-1'],
  ]);
  const [, first, later] = starts.map((start) => JSON.parse(JSON.stringify(start.request())) as object);
  expect(first).toMatchObject({ model: 'gpt-test', input: [user('one')] });
  expect(first).not.toHaveProperty('previous_response_id');
  expect(first).not.toHaveProperty('type');
  expect(later).toEqual({ type: 'response.create', ...server.requests[2]?.body });
  expect(factsOf(told, 'inference_ended')).toMatchObject([
    { status: 'completed', responseId: 'warm_1', upstreamRequestId: null },
    { status: 'completed', responseId: 'r1', upstreamRequestId: null, items: [answer] },
    { status: 'completed', responseId: 'r2', upstreamRequestId: null, items: [answer] },
  ]);
  expect(factsOf(told, 'attempt').map(({ facts, inferenceId }) => [facts.kind, inferenceId])).toEqual([
    ['websocket_connect', undefined],
    ['websocket_request', 'inference-1'],
    ['websocket_request', 'inference-2'],
    ['websocket_request', 'inference-3'],
  ]);
  expect(factsOf(told, 'stream_deltas')).toMatchObject([
    { inferenceId: 'inference-2', transport: 'websocket', kind: 'response.output_text.delta', count: 2 },
    { inferenceId: 'inference-3', count: 2 },
  ]);
});

test('on a new connection a request is told as it is sent, also where it could have gone on', async () => {
  await using server = await startResponsesServer({ responses: [[{ close: 1011 }], ok('r')] });
  await using told = toldModelAt(server.baseUrl, OVER_WEBSOCKET);
  const turn = told.client.startTurn();
  await expect(eventsOf(turn, request)).rejects.toBeInstanceOf(ModelError);
  await eventsOf(turn, request);
  const requests = factsOf(told, 'inference_started').map((start) =>
    JSON.parse(JSON.stringify(start.request())),
  );
  expect(requests).toEqual(server.requests.map(({ body }) => ({ type: 'response.create', ...body })));
  expect(factsOf(told, 'inference_ended')).toMatchObject([
    { inferenceId: 'inference-1', status: 'failed', error: expect.stringMatching(/close code 1011/) },
    { inferenceId: 'inference-2', status: 'completed' },
  ]);
});

test('an error frame tells its status, and nothing that the server said', async () => {
  const words = 'words of a server';
  await using server = await startResponsesServer({
    responses: [{ status: 429, body: { error: { type: 'odd', message: words } } }],
  });
  await using told = toldModelAt(server.baseUrl, OVER_WEBSOCKET);
  await expect(eventsOf(told.client.startTurn(), request)).rejects.toBeInstanceOf(ModelError);
  expect(factsOf(told, 'inference_ended')).toMatchObject([
    { status: 'failed', error: 'http 429', httpStatus: 429, upstreamRequestId: null },
  ]);
  expect(JSON.stringify(told.facts)).not.toContain(words);
});

test('an upgrade that is refused is no inference; HTTP after it is one', async () => {
  await using server = await startResponsesServer({ upgrades: [{ status: 426 }], responses: [ok('r')] });
  await using told = toldModelAt(server.baseUrl, OVER_WEBSOCKET);
  await eventsOf(told.client.startTurn(), request);
  expect(told.facts.map(({ type }) => type)).toEqual([
    'attempt',
    'websocket_fallback',
    'inference_started',
    'attempt',
    'stream_event',
    'stream_event',
    'stream_event',
    'stream_deltas',
    'inference_ended',
  ]);
  expect(factsOf(told, 'attempt')).toMatchObject([
    { turnId: 'turn-1', facts: { kind: 'websocket_connect', httpStatus: 426, success: false } },
    { turnId: 'turn-1', inferenceId: 'inference-1', facts: { kind: 'http', success: true } },
  ]);
});

test('giving WebSockets up after a failure leaves two inferences behind, each with one end', async () => {
  await using server = await startResponsesServer({
    responses: ({ transport }) => (transport === 'http' ? ok('r') : [created('x'), { close: 1011 }]),
  });
  await using told = toldModelAt(server.baseUrl, OVER_WEBSOCKET);
  const turn = told.client.startTurn();
  await expect(eventsOf(turn, request)).rejects.toBeInstanceOf(ModelError);
  turn.fallBackToHttp();
  await eventsOf(turn, request);
  expect(
    factsOf(told, 'inference_ended').map(({ inferenceId, status }) => `${inferenceId} ${status}`),
  ).toEqual(['inference-1 failed', 'inference-2 completed']);
  expect(factsOf(told, 'inference_started').map(({ transport }) => transport)).toEqual(['websocket', 'http']);
});

test('a consumer that leaves, an interrupt and a client that is closed cancel what is under way', async () => {
  const endless: Step = [created('r'), message('part'), { end: 'stay' }];
  await using server = await startResponsesServer({ responses: () => endless });
  await using told = toldModelAt(server.baseUrl, OVER_WEBSOCKET);
  for await (const batch of told.client.startTurn().stream(request, neverAborted()))
    if (batch.some(({ type }) => type === 'item_done')) break;
  const interrupt = new AbortController();
  const interrupted = told.client.startTurn().stream(request, interrupt.signal)[Symbol.asyncIterator]();
  await interrupted.next();
  interrupt.abort(new Error('interrupted'));
  expect(factsOf(told, 'inference_ended')).toHaveLength(2);
  await interrupted.return?.();
  const closed = told.client.startTurn().stream(request, neverAborted())[Symbol.asyncIterator]();
  await closed.next();
  told.client.close();
  expect(factsOf(told, 'inference_ended')).toMatchObject([
    { status: 'cancelled', error: 'the consumer left', items: [{ type: 'message' }] },
    { status: 'cancelled', error: 'the request was aborted' },
    { status: 'cancelled', error: 'the request was aborted' },
  ]);
  await closed.return?.();
  expect(factsOf(told, 'inference_ended')).toHaveLength(3);
});

test('a warm-up that runs out of time is cancelled', async () => {
  await using server = await startResponsesServer({
    prewarm: 'scripted',
    responses: [[created('warm'), { end: 'stay' }]],
  });
  await using told = toldModelAt(server.baseUrl, {
    ...OVER_WEBSOCKET,
    limits: { websocketConnectTimeoutMs: 200 },
  });
  expect(await told.client.prewarm(warmUp, neverAborted())).toBe('timed_out');
  expect(factsOf(told, 'inference_started')).toMatchObject([{ purpose: 'prewarm' }]);
  expect(factsOf(told, 'inference_ended')).toMatchObject([{ status: 'cancelled' }]);
});

test('the end of the response before is not taken for the end of this one, nor told as such', async () => {
  await using server = await startResponsesServer({
    responses: [ok('r1'), [completed('r1'), created('r2'), completed('r2')]],
  });
  await using told = toldModelAt(server.baseUrl, OVER_WEBSOCKET);
  const turn = told.client.startTurn();
  const asked: ModelRequest = request;
  await eventsOf(turn, asked);
  await eventsOf(turn, asked);
  expect(factsOf(told, 'inference_ended').map(({ responseId }) => responseId)).toEqual(['r1', 'r2']);
});
