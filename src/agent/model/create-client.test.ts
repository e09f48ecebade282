import { expect, test } from 'vitest';
import { plainRequest, providerAt, recordingObserver } from '../../../fixtures/model-request.ts';
import { eventsOf, neverAborted, threadAt, user } from '../../../fixtures/model-thread.ts';
import { plainNetwork } from '../../../fixtures/network.ts';
import { systemClock } from '../../host/clock.ts';
import { completed, created, startResponsesServer } from '../../testing/index.ts';
import type { Step } from '../../testing/index.ts';
import type { TurnClient } from './client.ts';
import { isRetryable, ModelError } from './error.ts';
import { createHttpTransport } from './http/transport.ts';

const OK: Step = [created('r'), completed('r')];
const request = plainRequest({ input: [user('one')] });
const warmUp = plainRequest({ input: [], turnMetadata: { request_kind: 'prewarm' } });
const SHORT_MS = 250;

test('a prewarmed connection serves the first turn, which continues the empty request', async () => {
  await using server = await startResponsesServer({ responses: [OK] });
  const { client } = threadAt(server.baseUrl);
  expect(await client.prewarm(warmUp, neverAborted())).toBe('ready');
  await eventsOf(client.startTurn(), request);
  expect(
    server.requests.map(({ body, connection }) => [
      connection,
      body['generate'],
      body['previous_response_id'],
      body['input'],
    ]),
  ).toEqual([
    [1, false, undefined, []],
    [1, undefined, 'warm_1', [user('one')]],
  ]);
  client.close();
});

test('the token that came with the prewarmed connection belongs to the first turn alone', async () => {
  await using server = await startResponsesServer({
    upgrades: [{ status: 101, headers: { 'x-codex-turn-state': 'a' } }],
    responses: [[{ end: 'drop' }], [{ end: 'drop' }], [{ end: 'drop' }]],
  });
  const { client } = threadAt(server.baseUrl);
  await client.prewarm(warmUp, neverAborted());
  const turn = client.startTurn();
  for (const asking of [turn, turn, client.startTurn()])
    await expect(eventsOf(asking, request)).rejects.toThrow(ModelError);
  expect(server.upgrades.map(({ headers }) => headers['x-codex-turn-state'])).toEqual([
    undefined,
    'a',
    undefined,
  ]);
});

test('a turn that meets a hanging prewarm waits for its bound and then goes over HTTP; the next tries again (DECISIONS 9)', async () => {
  await using server = await startResponsesServer({ upgrades: ['silent'], responses: () => OK });
  const { client, http } = threadAt(server.baseUrl, { limits: { websocketConnectTimeoutMs: SHORT_MS } });
  const warmed = client.prewarm(warmUp, neverAborted());
  const turn = client.startTurn();
  expect(turn.transport).toBe('websocket');
  await eventsOf(turn, request);
  expect(await warmed).toBe('timed_out');
  expect(turn.transport).toBe('http');
  expect(turn.fallBackToHttp()).toBe(false);
  expect(http.requests).toHaveLength(1);
  const next = client.startTurn();
  await eventsOf(next, request);
  expect(next.transport).toBe('websocket');
  expect(server.requests).toHaveLength(1);
  client.close();
});

test('the bound holds for the answer as well, and one that is over before the turn costs it nothing (trap 23)', async () => {
  await using server = await startResponsesServer({
    prewarm: 'scripted',
    responses: [[created('warm'), { end: 'stay' }], OK],
  });
  const { client, http } = threadAt(server.baseUrl, { limits: { websocketConnectTimeoutMs: SHORT_MS } });
  expect(await client.prewarm(warmUp, neverAborted())).toBe('timed_out');
  await eventsOf(client.startTurn(), request);
  expect(http.requests).toEqual([]);
  expect(server.requests.map(({ connection }) => connection)).toEqual([1, 2]);
  client.close();
});

test('an interrupt ends the waiting for a prewarm and the prewarm itself (trap 24)', async () => {
  await using server = await startResponsesServer({ upgrades: ['silent'] });
  const { client } = threadAt(server.baseUrl);
  const warmed = client.prewarm(warmUp, neverAborted());
  const controller = new AbortController();
  const turn = eventsOf(client.startTurn(), request, controller.signal);
  await server.until(() => server.upgrades.length === 1);
  controller.abort(new Error('interrupted'));
  await expect(turn).rejects.toThrow('interrupted');
  expect(await warmed).toBe('cancelled');
  await server.until(() => server.openConnections === 0);
});

test('a prewarm that is aborted, fails, or has nothing to make ready', async () => {
  await using server = await startResponsesServer({ upgrades: ['drop'], responses: [OK] });
  expect(await threadAt(server.baseUrl).client.prewarm(warmUp, AbortSignal.abort())).toBe('cancelled');
  const { client, http } = threadAt(server.baseUrl);
  expect(await client.prewarm(warmUp, neverAborted())).toBe('failed');
  expect(await client.prewarm(warmUp, neverAborted())).toBe('not_scheduled');
  await eventsOf(client.startTurn(), request);
  expect(http.requests).toEqual([]);
  client.close();

  const overHttp = threadAt(server.baseUrl, { provider: { supportsWebsockets: false } });
  expect(await overHttp.client.prewarm(warmUp, neverAborted())).toBe('not_scheduled');
  const busy = threadAt(server.baseUrl, {
    network: { openWebSocket: () => Promise.withResolvers<never>().promise },
  });
  const controller = new AbortController();
  const asked = eventsOf(busy.client.startTurn(), request, controller.signal);
  expect(await busy.client.prewarm(warmUp, neverAborted())).toBe('not_scheduled');
  controller.abort(new Error('enough'));
  await expect(asked).rejects.toThrow('enough');
});

test.each(['prewarm', 'turn'])('426 in answer to the upgrade of a %s means HTTP for good', async (when) => {
  await using server = await startResponsesServer({ upgrades: [{ status: 426 }] });
  const fallbacks: string[] = [];
  const { client, http } = threadAt(server.baseUrl, {
    observer: { ...recordingObserver(), fallback: () => fallbacks.push('told') },
  });
  const warmed = when === 'prewarm' ? await client.prewarm(warmUp, neverAborted()) : 'failed';
  expect(warmed).toBe('failed');
  const turn = client.startTurn();
  await eventsOf(turn, request);
  await eventsOf(client.startTurn(), request);
  expect(turn.transport).toBe('http');
  expect(server.upgrades).toHaveLength(1);
  expect(http.requests).toHaveLength(2);
  expect(fallbacks).toEqual(['told']);
});

/** The budget as the turn loop keeps it (spec/transport.md 1.7). */
async function withBudget(turn: TurnClient, maxRetries: number): Promise<void> {
  for (let retries = 0; ; retries += 1) {
    try {
      await eventsOf(turn, request);
      return;
    } catch (error) {
      if (!(error instanceof ModelError) || !isRetryable(error.failure)) throw error;
      if (retries < maxRetries) continue;
      if (!turn.fallBackToHttp()) throw error;
      retries = -1;
    }
  }
}

test('a budget of two: one prewarm, three attempts, then HTTP, and the next turn at once (2.6, trap 25)', async () => {
  await using server = await startResponsesServer({
    responses: ({ transport }) => (transport === 'http' ? OK : [{ close: 1011 }]),
    prewarm: 'scripted',
  });
  const provider = providerAt(server.baseUrl);
  const observer = recordingObserver();
  const network = plainNetwork();
  const { client } = threadAt(server.baseUrl, {
    network,
    http: createHttpTransport({
      network,
      provider,
      identity: { originator: 'o', userAgent: 'u', installationId: 'i' },
      compressesRequests: false,
      observer,
      clock: systemClock,
      random: () => 0,
    }),
  });
  expect(await client.prewarm(warmUp, neverAborted())).toBe('failed');
  const turn = client.startTurn();
  await withBudget(turn, 2);
  expect(turn.transport).toBe('http');
  await withBudget(client.startTurn(), 2);
  expect(server.requests.map(({ transport }) => transport)).toEqual([
    'websocket',
    'websocket',
    'websocket',
    'websocket',
    'http',
    'http',
  ]);
  client.close();
  await (await network.dispatcher()).close();
});

test('a failure that no retry helps is no reason to fall back', async () => {
  await using server = await startResponsesServer({ responses: () => ({ status: 400, body: 'no' }) });
  const { client } = threadAt(server.baseUrl);
  const turn = client.startTurn();
  await expect(withBudget(turn, 0)).rejects.toMatchObject({ failure: { kind: 'invalid_request' } });
  expect(turn.transport).toBe('websocket');
});

test('compaction is for providers that have it, by their name (trap 26)', async () => {
  const at = 'http://127.0.0.1:1/v1';
  expect(threadAt(at).client.compact).toBeUndefined();
  expect(threadAt(at, { provider: { isAzure: true } }).client.compact).toBeDefined();
  const { client, http } = threadAt(at, { provider: { name: 'OpenAI' } });
  await client.compact?.(request, neverAborted());
  expect(http.compacted).toEqual([request]);
});

test('a provider without WebSockets is asked over HTTP', async () => {
  const { client, http } = threadAt('http://127.0.0.1:1/v1', { provider: { supportsWebsockets: false } });
  const turn = client.startTurn();
  expect(turn.transport).toBe('http');
  await eventsOf(turn, request);
  await turn.processed('r');
  expect(turn.fallBackToHttp()).toBe(false);
  expect(http.requests).toEqual([request]);
});
