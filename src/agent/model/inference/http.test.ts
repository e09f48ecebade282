import { expect, test } from 'vitest';
import { eventsOf, neverAborted } from '../../../../fixtures/model-thread.ts';
import { API_KEY, plainRequest } from '../../../../fixtures/model-request.ts';
import { factsOf, toldModelAt } from '../../../../fixtures/told-model.ts';
import {
  completed,
  created,
  failed,
  itemDone,
  message,
  startResponsesServer,
} from '../../../testing/index.ts';
import type { Actions, Step } from '../../../testing/index.ts';
import { ModelError } from '../error.ts';
import type { RecoveryStep, UnauthorizedRecovery } from '../../auth/recovery.ts';

const request = plainRequest({ turnId: 'turn-1', turnMetadata: { turn_id: 'turn-1' } });
const ME = { threadId: 'thread-1', turnId: 'turn-1' };
const whole = (...actions: Actions): Step => ({
  headers: { 'x-request-id': 'req_up', 'openai-model': 'gpt-real' },
  actions,
});

test('a response is told with what was asked, what came and where it came from', async () => {
  const thought = {
    type: 'reasoning',
    id: 'rs_1',
    summary: [],
    content: [{ type: 'reasoning_text', text: 'hm' }],
    encrypted_content: 'x',
  };
  await using server = await startResponsesServer({
    responses: [
      whole(
        created('r1'),
        itemDone(thought),
        message(['Hel', 'lo']),
        completed('r1', { inputTokens: 7, cachedTokens: 2, outputTokens: 5, reasoningTokens: 3 }),
      ),
    ],
  });
  await using told = toldModelAt(server.baseUrl);
  await eventsOf(told.client.startTurn(), request);

  const [start] = factsOf(told, 'inference_started');
  expect(start).toMatchObject({
    ...ME,
    atMs: expect.any(Number),
    inferenceId: 'inference-1',
    purpose: 'turn',
    transport: 'http',
    endpoint: '/responses',
    model: 'gpt-test',
    provider: { id: 'test', name: 'Test', host: '127.0.0.1', port: Number(new URL(server.baseUrl).port) },
    effort: 'medium',
    hasTurnMetadata: true,
  });
  expect(JSON.parse(JSON.stringify(start?.request()))).toEqual(server.requests[0]?.body);
  const said = { type: 'message', id: 'msg_1', role: 'assistant' };
  expect(factsOf(told, 'inference_ended')).toEqual([
    {
      ...ME,
      type: 'inference_ended',
      atMs: expect.any(Number),
      inferenceId: 'inference-1',
      status: 'completed',
      responseId: 'r1',
      upstreamRequestId: 'req_up',
      responseModel: 'gpt-real',
      usage: {
        input_tokens: 7,
        cached_input_tokens: 2,
        output_tokens: 5,
        reasoning_output_tokens: 3,
        total_tokens: 12,
      },
      items: [thought, { ...said, content: [{ type: 'output_text', text: 'Hello' }] }],
      firstEventMs: expect.any(Number),
      firstTokenMs: expect.any(Number),
      durationMs: expect.any(Number),
    },
  ]);
  expect(factsOf(told, 'attempt')).toMatchObject([
    {
      ...ME,
      inferenceId: 'inference-1',
      facts: { kind: 'http', success: true, upstreamRequestId: 'req_up' },
    },
  ]);
  expect(server.requests[0]?.headers).not.toHaveProperty('x-codex-inference-call-id');
});

const delta = (type: string): { type: string; delta: string } => ({ type, delta: 'x' });

test('deltas come as one sum for each kind, at the end; every other event by itself', async () => {
  await using server = await startResponsesServer({
    responses: [
      [
        created('r1'),
        delta('response.reasoning_text.delta'),
        delta('response.output_text.delta'),
        delta('response.output_text.delta'),
        delta('response.function_call_arguments.delta'),
        delta('response.output_text.delta'),
        completed('r1'),
      ],
    ],
  });
  await using told = toldModelAt(server.baseUrl);
  await eventsOf(told.client.startTurn(), request);
  const scope = { ...ME, inferenceId: 'inference-1' };
  expect(factsOf(told, 'stream_event')).toMatchObject([
    { ...scope, facts: { transport: 'http', kind: 'response.created' } },
    { ...scope, facts: { transport: 'http', kind: 'response.completed' } },
  ]);
  expect(factsOf(told, 'stream_deltas')).toMatchObject([
    { ...scope, kind: 'response.reasoning_text.delta', count: 1, durationMs: 0 },
    { ...scope, kind: 'response.output_text.delta', count: 3 },
    { ...scope, kind: 'response.function_call_arguments.delta', count: 1 },
  ]);
  expect(told.facts.map(({ type }) => type).slice(-5)).toEqual([
    'stream_event',
    'stream_deltas',
    'stream_deltas',
    'stream_deltas',
    'inference_ended',
  ]);
});

test('retries inside of one call are attempts of one inference, as codex 0.169 counts', async () => {
  await using server = await startResponsesServer({
    responses: [{ status: 500 }, { status: 502 }, [created('r'), completed('r')]],
  });
  await using told = toldModelAt(server.baseUrl, {
    limits: { requestMaxRetries: 2 },
    also: { namesInferences: true },
  });
  await eventsOf(told.client.startTurn(), request);
  expect(factsOf(told, 'attempt').map(({ inferenceId, facts }) => [inferenceId, facts.attempt])).toEqual([
    ['inference-1', 0],
    ['inference-1', 1],
    ['inference-1', 2],
  ]);
  expect(server.requests.map(({ headers }) => headers['x-codex-inference-call-id'])).toEqual([
    'inference-1',
    'inference-1',
    'inference-1',
  ]);
  expect(factsOf(told, 'inference_ended')).toMatchObject([{ status: 'completed', responseId: 'r' }]);
});

const unauthorized = (id: string): Step => ({ status: 401, headers: { 'x-request-id': id }, body: 'no' });

test('each step after a 401 is an inference of its own', async () => {
  await using server = await startResponsesServer({
    responses: [unauthorized('one'), unauthorized('two'), [created('r'), completed('r')]],
  });
  const steps: readonly (readonly ['reload' | 'refresh_token', RecoveryStep])[] = [
    ['reload', { outcome: 'recovery_succeeded', authStateChanged: false }],
    ['refresh_token', { outcome: 'recovery_succeeded', authStateChanged: true }],
  ];
  let taken = 0;
  const recovery: UnauthorizedRecovery = {
    mode: 'managed',
    get phase() {
      return steps[taken]?.[0] ?? 'done';
    },
    next: async () => {
      taken += 1;
      return steps[taken - 1]?.[1] ?? { outcome: 'recovery_not_run', reason: 'recovery_exhausted' };
    },
  };
  await using told = toldModelAt(server.baseUrl, { provider: { recovery: () => recovery } });
  await eventsOf(told.client.startTurn(), request);
  expect(
    told.facts.flatMap((fact) => {
      switch (fact.type) {
        case 'inference_started':
          return [`${fact.inferenceId} started`];
        case 'attempt':
          return [`${fact.inferenceId} attempt ${fact.facts.httpStatus} after ${fact.facts.recovery?.phase}`];
        case 'recovery':
          return [`${fact.inferenceId} recovery ${fact.facts.phase} ${fact.facts.requestId}`];
        case 'inference_ended':
          return [`${fact.inferenceId} ${fact.status} ${fact.error} ${fact.upstreamRequestId}`];
        default:
          return [];
      }
    }),
  ).toEqual([
    'inference-1 started',
    'inference-1 attempt 401 after undefined',
    'inference-1 failed http 401 one',
    'inference-1 recovery reload one',
    'inference-2 started',
    'inference-2 attempt 401 after reload',
    'inference-2 failed http 401 two',
    'inference-2 recovery refresh_token two',
    'inference-3 started',
    'inference-3 attempt 200 after refresh_token',
    'inference-3 completed undefined null',
  ]);
});

const SECRET_WORDS = 'words of a server';

test.each<readonly [string, Step, object]>([
  [
    'refused',
    { status: 400, headers: { 'x-oai-request-id': 'oai_1' }, body: { error: { message: SECRET_WORDS } } },
    { error: 'http 400', httpStatus: 400, upstreamRequestId: 'oai_1', items: [] },
  ],
  [
    'cut after a whole item',
    whole(created('r'), message('part'), { end: 'drop' }),
    {
      upstreamRequestId: 'req_up',
      items: [{ type: 'message' }],
      error: expect.stringMatching(/connection ended/),
    },
  ],
  [
    'ended too early',
    whole(created('r')),
    { upstreamRequestId: 'req_up', items: [], error: 'the stream ended before the response was complete' },
  ],
  [
    'failed by its server',
    whole(created('r'), failed('insufficient_quota', SECRET_WORDS)),
    { upstreamRequestId: 'req_up', error: 'quota_exceeded' },
  ],
  [
    'failed by its server in words of its own',
    [created('r'), failed('odd', SECRET_WORDS)],
    { upstreamRequestId: null, error: 'stream' },
  ],
  [
    'unanswered',
    { unanswered: 'drop' },
    { upstreamRequestId: null, error: expect.stringMatching(/connection/) },
  ],
])('a response that is %s is told as failed, without the words of a server', async (_name, step, end) => {
  await using server = await startResponsesServer({ responses: [step] });
  await using told = toldModelAt(server.baseUrl);
  await expect(eventsOf(told.client.startTurn(), request)).rejects.toBeInstanceOf(ModelError);
  expect(factsOf(told, 'inference_ended')).toMatchObject([{ status: 'failed', responseId: null, ...end }]);
  const everything = JSON.stringify([told.facts, factsOf(told, 'inference_started')[0]?.request()]);
  expect(everything).not.toContain(SECRET_WORDS);
  expect(everything).not.toContain(API_KEY);
});

test('a consumer that leaves, and a turn that is interrupted, cancel what they asked for', async () => {
  const endless = whole(created('r'), message('part'), { end: 'stay' });
  await using server = await startResponsesServer({ responses: [endless, endless, { unanswered: 'stay' }] });
  await using told = toldModelAt(server.baseUrl);
  for await (const batch of told.client.startTurn().stream(request, neverAborted()))
    if (batch.some(({ type }) => type === 'item_done')) break;
  const interrupt = new AbortController();
  const stream = told.client.startTurn().stream(request, interrupt.signal)[Symbol.asyncIterator]();
  await stream.next();
  // Told at once, although nobody waits for anything now.
  interrupt.abort(new Error('interrupted'));
  expect(factsOf(told, 'inference_ended')).toHaveLength(2);
  await expect(stream.next().then(() => stream.next())).rejects.toThrow('interrupted');
  const unanswered = new AbortController();
  const asked = eventsOf(told.client.startTurn(), request, unanswered.signal);
  await server.until(() => server.requests.length === 3);
  unanswered.abort(new Error('interrupted'));
  await expect(asked).rejects.toThrow('interrupted');
  expect(factsOf(told, 'inference_ended')).toMatchObject([
    {
      status: 'cancelled',
      responseId: null,
      upstreamRequestId: 'req_up',
      error: 'the consumer left',
      items: [{}],
    },
    { status: 'cancelled', responseId: null, upstreamRequestId: 'req_up', error: 'the request was aborted' },
    { status: 'cancelled', responseId: null, upstreamRequestId: null, error: 'the request was aborted' },
  ]);
});
