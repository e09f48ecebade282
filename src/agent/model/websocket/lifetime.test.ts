import { expect, test } from 'vitest';
import { plainRequest } from '../../../../fixtures/model-request.ts';
import { eventsOf, threadAt, user } from '../../../../fixtures/model-thread.ts';
import { completed, created, startResponsesServer, textDeltas } from '../../../testing/index.ts';
import type { Action, Step, UpgradeStep } from '../../../testing/index.ts';
import type { ModelEvent } from '../event.ts';

const OK = [created('r'), completed('r')];
const request = plainRequest({ input: [user('one')] });
const STAY: Action = { end: 'stay' };
const beginning = [created('r1'), textDeltas('Half')];
/** More than the buffers of both ends of a connection take. */
const tooMuch = plainRequest({
  input: [user('x'.repeat(64)), ...Array.from({ length: 400 }, () => user(noise()))],
});
function noise(): string {
  return Array.from({ length: 3_000 }, () => Math.random().toString(36)).join('');
}

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
  await expect(running).rejects.toMatchObject({ failure: { kind: 'fatal' } });
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

test('a compaction starts a new window: another connection, and everything is sent', async () => {
  await using server = await startResponsesServer({ responses: () => OK });
  const { client } = threadAt(server.baseUrl);
  const turn = client.startTurn();
  await eventsOf(turn, request);
  client.advanceWindow();
  await eventsOf(turn, plainRequest({ input: [user('one'), user('two')] }));
  expect(server.upgrades.map(({ headers }) => headers['x-codex-window-id'])).toEqual([
    'thread-1:0',
    'thread-1:1',
  ]);
  expect(server.requests[1]?.body).not.toHaveProperty('previous_response_id');
  client.close();
});

test('a compaction while a connection is made has the next request open another', async () => {
  await using server = await startResponsesServer({ responses: () => OK });
  const { client } = threadAt(server.baseUrl);
  const turn = client.startTurn();
  const under = eventsOf(turn, request);
  // The answer to the upgrade is still on its way.
  await server.until(() => server.upgrades.length === 1);
  client.advanceWindow();
  await under;
  await eventsOf(turn, request);
  expect(server.requests.map(({ connection }) => connection)).toEqual([1, 2]);
  client.close();
});

test('a client that is closed opens nothing for whoever waits for its connection, or asks later', async () => {
  await using server = await startResponsesServer({ responses: [[beginning, STAY], OK] });
  const { client, http } = threadAt(server.baseUrl);
  const turn = client.startTurn();
  const running = eventsOf(turn, request);
  const waiting = eventsOf(turn, request);
  await server.until(() => server.requests.length === 1);
  client.close();
  const ends = await Promise.allSettled([running, waiting, eventsOf(turn, request)]);
  for (const end of ends) {
    expect(end).toMatchObject({ status: 'rejected', reason: { failure: { kind: 'fatal' } } });
  }
  await server.until(() => server.openConnections === 0);
  expect(server.upgrades).toHaveLength(1);
  expect(http.requests).toEqual([]);
});
