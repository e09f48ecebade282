import fc from 'fast-check';
import { expect, test } from 'vitest';
import { capableModel, plainRequest, recordingObserver } from '../../../../fixtures/model-request.ts';
import { eventsOf, neverAborted } from '../../../../fixtures/model-thread.ts';
import { factsOf, toldModelAt } from '../../../../fixtures/told-model.ts';
import { systemClock } from '../../../host/clock.ts';
import { completed, created, failed, message, startResponsesServer } from '../../../testing/index.ts';
import type { Step } from '../../../testing/index.ts';
import { ModelError } from '../error.ts';
import { modelFacts } from '../model-facts.ts';
import type { InferenceEnd, InferenceStart, ModelObserver } from '../observer.ts';
import { createScriptedModel } from '../scripted/model.ts';
import type { AgentFact } from '../../../telemetry/facts/fact.ts';
import { beginInference } from './inference.ts';
import type { Inference } from './inference.ts';

interface Told {
  readonly starts: InferenceStart[];
  readonly ends: InferenceEnd[];
  readonly observer: ModelObserver;
}

function telling(): Told {
  const starts: InferenceStart[] = [];
  const ends: InferenceEnd[] = [];
  const inferences: NonNullable<ModelObserver['inferences']> = {
    newId: () => `i-${starts.length}`,
    started: (facts) => starts.push(facts),
    ended: (facts) => ends.push(facts),
    traceContext: () => undefined,
    areNamed: false,
  };
  return { starts, ends, observer: { ...recordingObserver(), inferences } };
}

const begin = (observer: ModelObserver, signal = neverAborted()): Inference =>
  beginInference({
    observer,
    clock: systemClock,
    request: { model: capableModel, effort: undefined, turnMetadata: undefined, turnId: 't' },
    transport: 'http',
    endpoint: '/responses',
    provider: { id: 'p', name: 'P' },
    told: () => {
      throw new Error('nobody asked');
    },
    signal,
  });

const completion = {
  type: 'completed',
  responseId: 'r',
  upstreamRequestId: null,
  usage: undefined,
  endTurn: undefined,
} as const;
const broken = new ModelError({ kind: 'stream', message: 'it broke' }, 'it broke');
const ENDINGS: Readonly<Record<string, (inference: Inference) => void>> = {
  completed: ({ response }) => response?.heard(completion),
  failed: (inference) => inference.fail(broken),
  cancelled: (inference) => inference.leave(),
};

test('however often it ends, one end is told: the first', () => {
  const ending = fc.constantFrom(...Object.keys(ENDINGS));
  fc.assert(
    fc.property(fc.array(ending, { minLength: 1 }), (endings) => {
      const { observer, starts, ends } = telling();
      const inference = begin(observer);
      for (const name of endings) ENDINGS[name]?.(inference);
      expect(starts).toHaveLength(1);
      expect(ends.map(({ status }) => status)).toEqual([endings[0]]);
    }),
  );
});

test('without a listener there is nothing to tell, to name or to carry', async () => {
  const inference = begin(recordingObserver());
  const { response, callId, scope } = inference;
  expect({ response, callId, scope, context: inference.traceContext() }).toEqual({
    response: undefined,
    callId: undefined,
    scope: { turnId: 't' },
    context: undefined,
  });
});

test('of requests that no thread asked for no inference is told', () => {
  const facts: AgentFact[] = [];
  const observer = modelFacts(
    { observe: (fact) => facts.push(fact) },
    { clock: { now: () => 5 }, newId: () => 'i' },
  );
  expect(observer.inferences).toBeUndefined();
  observer.fallback?.();
  expect(facts).toEqual([{ type: 'websocket_fallback', atMs: 5 }]);
});

test('what is scripted is told as well', async () => {
  const { observer, starts, ends } = telling();
  const model = createScriptedModel(
    {
      responses: [{ output: [['Good ', 'day.']] }, { fails: { kind: 'server_overloaded' } }, { output: [] }],
    },
    { observer },
  );
  await eventsOf(model.startTurn(), plainRequest({ turnId: 'turn-1' }));
  await expect(eventsOf(model.startTurn(), plainRequest())).rejects.toBeInstanceOf(ModelError);
  for await (const _ of model.startTurn().stream(plainRequest(), neverAborted())) break;
  await expect(eventsOf(model.startTurn(), plainRequest(), AbortSignal.abort())).rejects.toThrow('aborted');
  expect(starts[0]).toMatchObject({ transport: 'scripted', turnId: 'turn-1', model: 'gpt-test' });
  expect(starts[0]?.request()).toMatchObject({ model: 'gpt-test', input: [{ type: 'message' }] });
  expect(ends).toMatchObject([
    { status: 'completed', responseId: 'resp_1', items: [{ type: 'message' }] },
    { status: 'failed', error: 'server_overloaded' },
    { status: 'cancelled' },
  ]);
});

const fault = (): never => {
  throw new Error('a listener is broken');
};

test('a listener that throws hinders neither the request nor other listeners', async () => {
  await using server = await startResponsesServer({
    responses: () => [created('r'), message('hi'), completed('r')],
  });
  for (const supportsWebsockets of [false, true]) {
    await using told = toldModelAt(server.baseUrl, {
      provider: { supportsWebsockets },
      also: { observe: fault, traceContext: fault },
    });
    const events = await eventsOf(told.client.startTurn(), plainRequest());
    expect(events.at(-1)).toMatchObject({ type: 'completed' });
    expect(factsOf(told, 'inference_ended')).toMatchObject([{ status: 'completed' }]);
    expect(told.thrown.length).toBeGreaterThan(told.facts.length);
  }
});

const SHORT_MS = 200;
/** What a provider may do to one request, by how the request is heard to end. */
const STEPS: readonly Step[] = [
  [created('r'), message('hi'), completed('r')],
  [created('r'), message('hi'), { end: 'drop' }],
  [created('r'), { end: 'reset' }],
  [created('r'), failed('insufficient_quota')],
  [{ close: 1011 }],
  [],
  { status: 500 },
  { status: 401 },
  { status: 400, body: 'no' },
  { unanswered: 'drop' },
];

test('whatever a provider does, each inference that was begun has one end, behind its start', async () => {
  const step = fc.integer({ min: 0, max: STEPS.length - 1 });
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        steps: fc.array(step, { minLength: 1, maxLength: 4 }),
        overWebsocket: fc.boolean(),
        leaves: fc.boolean(),
      }),
      async ({ steps, overWebsocket, leaves }) => {
        await using server = await startResponsesServer({ responses: steps.map((at) => STEPS[at] ?? []) });
        await using told = toldModelAt(server.baseUrl, {
          provider: { supportsWebsockets: overWebsocket },
          limits: { requestMaxRetries: 1, streamIdleTimeoutMs: SHORT_MS },
        });
        const turn = told.client.startTurn();
        for (const _ of steps) await asked(turn, leaves);
        const order = told.facts.flatMap((fact) =>
          fact.type === 'inference_started' || fact.type === 'inference_ended'
            ? [`${fact.type} ${fact.inferenceId}`]
            : [],
        );
        const begun = factsOf(told, 'inference_started').map(({ inferenceId }) => inferenceId);
        expect(order).toEqual(begun.flatMap((id) => [`inference_started ${id}`, `inference_ended ${id}`]));
      },
    ),
    { numRuns: 25 },
  );
});

async function asked(
  turn: ReturnType<ReturnType<typeof toldModelAt>['client']['startTurn']>,
  leaves: boolean,
): Promise<void> {
  try {
    for await (const _ of turn.stream(plainRequest(), neverAborted())) if (leaves) return;
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
  }
}
