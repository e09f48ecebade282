import { expect, test } from 'vitest';
import { contextOf, drain, failureOf, transportTo } from '../../../../fixtures/http-transport.ts';
import { plainRequest } from '../../../../fixtures/model-request.ts';
import {
  completed,
  created,
  failed,
  incomplete,
  startResponsesServer,
  textDeltas,
} from '../../../testing/index.ts';
import type { Action, Actions } from '../../../testing/index.ts';
import type { ModelEvent } from '../event.ts';

const { signal } = new AbortController();
const STAY: Action = { end: 'stay' };
/** Short enough for a test, and long against what the loopback takes. */
const IDLE_MS = 400;
const IMPATIENT = {
  provider: {
    limits: {
      requestMaxRetries: 0,
      streamMaxRetries: 0,
      streamIdleTimeoutMs: IDLE_MS,
      websocketConnectTimeoutMs: 1_000,
    },
  },
};

async function endOf(actions: Actions): Promise<{ events: readonly ModelEvent[]; error: unknown }> {
  await using server = await startResponsesServer({ responses: [actions] });
  await using used = transportTo(server.baseUrl, IMPATIENT);
  return await drain(used.transport.stream(plainRequest(), contextOf(), signal));
}

test.each<[string, Actions, object]>([
  [
    'the end without completed',
    [created('r')],
    { kind: 'stream', message: expect.stringMatching(/before the response was complete/) },
  ],
  [
    'nothing at all',
    [],
    { kind: 'stream', message: expect.stringMatching(/before the response was complete/) },
  ],
  [
    'a reset',
    [created('r'), { pauseMs: 20 }, { end: 'reset' }],
    { kind: 'stream', message: expect.stringMatching(/ECONNRESET|closed/) },
  ],
  [
    'a cut connection',
    [created('r'), { pauseMs: 20 }, { end: 'drop' }],
    { kind: 'stream', message: expect.stringMatching(/closed|ended/) },
  ],
  [
    'silence',
    [created('r'), STAY],
    { kind: 'stream', message: expect.stringMatching(new RegExp(`no event for ${IDLE_MS} ms`)) },
  ],
  [
    'half an event',
    [{ half: completed('r') }, STAY],
    { kind: 'stream', message: expect.stringMatching(/no event for/) },
  ],
  ['a failure and the end', [failed('insufficient_quota')], { kind: 'quota_exceeded' }],
  [
    'an incomplete response',
    [incomplete('max_output_tokens')],
    { kind: 'stream', message: expect.stringMatching(/max_output_tokens/) },
  ],
  [
    'an error without a status (trap 12)',
    [{ type: 'error', code: 'x' }, STAY],
    { kind: 'stream', message: expect.stringMatching(/no event/) },
  ],
  [
    'an unreadable end',
    [{ type: 'response.completed', response: {} }],
    { kind: 'stream', message: expect.stringMatching(/cannot be read/) },
  ],
])('%s', async (_name, actions, expected) => {
  const { error } = await endOf(actions);
  expect(failureOf(error)).toMatchObject(expected);
});

test('a failure waits for the end of the stream, and an idle time before it hides it (trap 16)', async () => {
  const masked = await endOf([failed('insufficient_quota'), STAY]);
  expect(failureOf(masked.error)).toMatchObject({
    kind: 'stream',
    message: expect.stringMatching(/no event/),
  });
  const later = await endOf([failed('insufficient_quota'), textDeltas('x'), completed('r')]);
  expect(later.error).toBeUndefined();
  expect(later.events.at(-1)?.type).toBe('completed');
});

test('comments keep nothing alive, events do (trap 15)', async () => {
  const comments = Array.from({ length: 20 }, (): Actions => [{ keepAlive: true }, { pauseMs: IDLE_MS / 8 }]);
  const silent = await endOf([created('r'), comments, completed('r')]);
  expect(failureOf(silent.error)).toMatchObject({ message: expect.stringMatching(/no event/) });
  const events = Array.from({ length: 12 }, (): Actions => [{ type: 'unknown' }, { pauseMs: IDLE_MS / 8 }]);
  expect((await endOf([events, completed('r')])).error).toBeUndefined();
});

test('completed ends the stream although the connection stays, and that is closed soon after', async () => {
  await using server = await startResponsesServer({ responses: [[completed('r'), STAY]] });
  await using used = transportTo(server.baseUrl);
  const { events, error } = await drain(used.transport.stream(plainRequest(), contextOf(), signal));
  expect(error).toBeUndefined();
  expect(events.at(-1)?.type).toBe('completed');
  await server.until(() => server.openConnections === 0);
});

test('nothing follows completed', async () => {
  const { events } = await endOf([completed('r'), textDeltas('late'), failed('insufficient_quota')]);
  expect(events.at(-1)?.type).toBe('completed');
});

test('leaving the loop closes the connection at once', async () => {
  await using server = await startResponsesServer({ responses: [[created('r'), STAY]] });
  await using used = transportTo(server.baseUrl);
  for await (const batch of used.transport.stream(plainRequest(), contextOf(), signal))
    if (batch.some(({ type }) => type === 'created')) break;
  await server.until(() => server.openConnections === 0);
  expect(server.requests).toHaveLength(1);
});

test.each<[string, Actions]>([
  ['before the first event', [STAY]],
  ['in the middle', [created('r'), STAY]],
])('the signal ends a stream with its reason, %s', async (_name, actions) => {
  await using server = await startResponsesServer({ responses: [actions] });
  await using used = transportTo(server.baseUrl);
  const controller = new AbortController();
  const ended = drain(used.transport.stream(plainRequest(), contextOf(), controller.signal));
  await server.until(() => server.requests.length === 1);
  controller.abort(new Error('interrupted'));
  expect((await ended).error).toEqual(new Error('interrupted'));
  await server.until(() => server.openConnections === 0);
});

test('an aborted signal asks nobody', async () => {
  await using server = await startResponsesServer();
  await using used = transportTo(server.baseUrl);
  const aborted = AbortSignal.abort(new Error('no'));
  const { error } = await drain(used.transport.stream(plainRequest(), contextOf(), aborted));
  expect(error).toEqual(new Error('no'));
  expect(server.requests).toHaveLength(0);
});

test('a consumer that is slow stops the server and is no reason to give up', async () => {
  const delta = textDeltas('x'.repeat(1_000));
  const many = Array.from({ length: 20_000 }, () => delta);
  await using server = await startResponsesServer({ responses: [[many, completed('r')]] });
  await using used = transportTo(server.baseUrl, IMPATIENT);
  let largest = 0;
  let seen = 0;
  for await (const batch of used.transport.stream(plainRequest(), contextOf(), signal)) {
    largest = Math.max(largest, batch.length);
    seen += batch.filter(({ type }) => type === 'text_delta').length;
    if (seen < 3_000) await new Promise((resolve) => setTimeout(resolve, IDLE_MS * 2));
  }
  expect(seen).toBe(many.length);
  // What may wait, and one read of the connection.
  expect(largest).toBeLessThan(1_600 + 200);
});
