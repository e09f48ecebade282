import { expect, test } from 'vitest';
import { eventsOf, neverAborted, user } from '../../../../fixtures/model-thread.ts';
import { plainRequest } from '../../../../fixtures/model-request.ts';
import { toldModelAt } from '../../../../fixtures/told-model.ts';
import { ModelError } from '../error.ts';
import { completed, created, startResponsesServer } from '../../../testing/index.ts';
import type { AgentObserver, FactScope } from '../../../telemetry/observer.ts';

const OK = [created('r'), completed('r')];
const OWN = { traceparent: '00-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-bbbbbbbbbbbbbbbb-01', tracestate: 'own=1' };
const requestOf = (turnId: string) => plainRequest({ turnId, input: [user('one')], trace: OWN });

/** Another context each time that it is asked, which names what it was asked for. */
function numberedContexts(more: object = {}): Partial<AgentObserver> & { readonly asked: FactScope[] } {
  const asked: FactScope[] = [];
  return {
    asked,
    traceContext: (scope) => {
      asked.push(scope);
      return { traceparent: `00-${scope.turnId}-${asked.length}-01`, ...more };
    },
  };
}

test('each HTTP attempt carries a context of its own, and the name of its inference where that is wanted', async () => {
  await using server = await startResponsesServer({
    responses: [{ status: 500 }, OK, { status: 400 }],
    compactions: [{ output: [] }],
  });
  const contexts = numberedContexts();
  await using told = toldModelAt(server.baseUrl, {
    provider: { name: 'OpenAI' },
    limits: { requestMaxRetries: 1 },
    also: { ...contexts, namesInferences: true },
  });
  await eventsOf(told.client.startTurn(), requestOf('turn-1'));
  await expect(eventsOf(told.client.startTurn(), requestOf('turn-2'))).rejects.toBeInstanceOf(ModelError);
  await told.client.compact?.(requestOf('turn-3'), neverAborted());
  expect(
    server.requests.map(({ headers }) => [
      headers['traceparent'],
      headers['tracestate'],
      headers['x-codex-inference-call-id'],
    ]),
  ).toEqual([
    // The state belongs to the other context.
    ['00-turn-1-1-01', undefined, 'inference-1'],
    ['00-turn-1-2-01', undefined, 'inference-1'],
    ['00-turn-2-3-01', undefined, 'inference-2'],
  ]);
  expect(contexts.asked).toEqual(
    ['1', '1', '2', '3'].map((number) => ({
      threadId: 'thread-1',
      turnId: `turn-${number}`,
      inferenceId: `inference-${number}`,
    })),
  );
});

test('a WebSocket carries a context per request and none on its upgrade: two turns on one socket (trap 16)', async () => {
  await using server = await startResponsesServer({ responses: [OK, OK] });
  await using told = toldModelAt(server.baseUrl, {
    provider: { supportsWebsockets: true },
    also: { ...numberedContexts({ tracestate: 'vendor=x' }), namesInferences: true },
  });
  await told.client.prewarm(requestOf('turn-0'), neverAborted());
  await eventsOf(told.client.startTurn(), requestOf('turn-1'));
  await eventsOf(told.client.startTurn(), requestOf('turn-2'));
  expect(server.upgrades).toHaveLength(1);
  const names = ['traceparent', 'tracestate', 'x-codex-inference-call-id'];
  for (const name of names) expect(server.upgrades[0]?.headers).not.toHaveProperty(name);
  expect(server.requests.map(({ body }) => body['client_metadata'])).toEqual(
    ['00-turn-0-1-01', '00-turn-1-2-01', '00-turn-2-3-01'].map((traceparent) => ({
      'x-codex-installation-id': 'install-1',
      'x-codex-window-id': 'thread-1:0',
      ws_request_header_traceparent: traceparent,
      ws_request_header_tracestate: 'vendor=x',
      'x-codex-ws-stream-request-start-ms': expect.any(String),
    })),
  );
});

test.each([false, true])(
  'without a context of a listener the one of the submission travels on (WebSocket: %s)',
  async (over) => {
    await using server = await startResponsesServer({ responses: [OK] });
    await using told = toldModelAt(server.baseUrl, {
      provider: { supportsWebsockets: over },
      also: { traceContext: () => undefined },
    });
    await eventsOf(told.client.startTurn(), requestOf('turn-1'));
    const [asked] = server.requests;
    expect(over ? asked?.body['client_metadata'] : asked?.headers).toMatchObject(
      over
        ? { ws_request_header_traceparent: OWN.traceparent, ws_request_header_tracestate: OWN.tracestate }
        : OWN,
    );
  },
);
