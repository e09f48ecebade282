import { expect, test } from 'vitest';
import { closedPort, startFaultServer } from '../../../../fixtures/lab/fault-server.ts';
import type { Step } from '../../../../fixtures/lab/fault-server.ts';
import { contextOf, drain, failureOf, transportTo } from '../../../../fixtures/http-transport.ts';
import { API_KEY, plainRequest } from '../../../../fixtures/model-request.ts';
import { Secret } from '../../../redact/secret.ts';

const { signal } = new AbortController();
const LIMITS = { streamMaxRetries: 0, streamIdleTimeoutMs: 5_000, websocketConnectTimeoutMs: 1_000 };
const twice = { provider: { limits: { ...LIMITS, requestMaxRetries: 2 } } };
const status = (code: number, more: object = {}): Step => ({ answer: { status: code, ...more } });
const fine: Step = { events: [{ type: 'response.completed', response: { id: 'r' } }] };

test.each<[string, readonly Step[], readonly number[]]>([
  ['a server error', [status(500), status(502), fine], [200, 400]],
  ['no answer', ['reset', 'end', fine], [200, 400]],
  ['an overload', [status(503, { body: '{"error":{"code":"slow_down"}}' }), fine], [200]],
])('%s is asked again after a growing delay', async (_name, steps, delays) => {
  await using server = await startFaultServer(steps);
  await using used = transportTo(server.url('/v1'), twice);
  const { error } = await drain(used.transport.stream(plainRequest(), contextOf(), signal));
  expect(error).toBeUndefined();
  expect(used.waited).toEqual(delays);
  expect(used.observer.told.map((facts) => 'attempt' in facts && facts.attempt)).toEqual([
    ...delays.keys(),
    delays.length,
  ]);
  server.verify();
});

test.each([
  [400, 'invalid_request'],
  [403, 'unexpected_status'],
  [404, 'unexpected_status'],
  [429, 'retry_limit'],
  [302, 'unexpected_status'],
])('%i is never asked again (trap 7)', async (code, kind) => {
  await using server = await startFaultServer([status(code)]);
  await using used = transportTo(server.url('/v1'), twice);
  const { error } = await drain(used.transport.stream(plainRequest(), contextOf(), signal));
  expect(failureOf(error).kind).toBe(kind);
  expect(used.waited).toEqual([]);
  expect(used.observer.told).toMatchObject([{ httpStatus: code, error: `http ${code}`, success: false }]);
});

test('the last failure is told when the budget is spent (trap 8)', async () => {
  await using server = await startFaultServer([status(502), status(502), status(500)]);
  await using used = transportTo(server.url('/v1'), twice);
  const { error } = await drain(used.transport.stream(plainRequest(), contextOf(), signal));
  expect(failureOf(error).kind).toBe('internal_server_error');
  server.verify();
});

test('nobody listens: the words are those of the doctor', async () => {
  await using used = transportTo(`http://127.0.0.1:${await closedPort()}/v1`, twice);
  const { error } = await drain(used.transport.stream(plainRequest(), contextOf(), signal));
  expect(failureOf(error)).toMatchObject({ kind: 'stream', message: expect.stringMatching(/ECONNREFUSED/) });
  expect(used.observer.told).toHaveLength(3);
});

test('a stream that has begun is not asked again here', async () => {
  await using server = await startFaultServer([{ events: [{ type: 'response.created', response: {} }] }]);
  await using used = transportTo(server.url('/v1'), twice);
  const { error } = await drain(used.transport.stream(plainRequest(), contextOf(), signal));
  expect(failureOf(error).kind).toBe('stream');
  server.verify();
});

test('the signal ends a wait between two attempts', async () => {
  await using server = await startFaultServer([status(500)]);
  const controller = new AbortController();
  await using used = transportTo(server.url('/v1'), {
    ...twice,
    wait: async (_delayMs, waiting) => {
      controller.abort(new Error('interrupted'));
      waiting.throwIfAborted();
    },
  });
  const { error } = await drain(used.transport.stream(plainRequest(), contextOf(), controller.signal));
  expect(error).toEqual(new Error('interrupted'));
  server.verify();
});

test('Retry-After is not read', async () => {
  await using server = await startFaultServer([status(503, { headers: { 'retry-after': '60' } }), fine]);
  await using used = transportTo(server.url('/v1'), twice);
  await drain(used.transport.stream(plainRequest(), contextOf(), signal));
  expect(used.waited).toEqual([200]);
});

test('a header that cannot be sent ends the turn and names itself; nothing is sent', async () => {
  await using server = await startFaultServer([]);
  await using used = transportTo(server.url('/v1'), {
    provider: { ...twice.provider, resolved: { headers: { 'x-team': new Secret('a\nhidden-value') } } },
  });
  const { error } = await drain(used.transport.stream(plainRequest(), contextOf(), signal));
  expect(failureOf(error)).toMatchObject({ kind: 'fatal', message: expect.stringMatching(/"x-team"/) });
  expect(String(error)).not.toContain('hidden-value');
  expect(server.requests).toHaveLength(0);
});

test('a server that repeats the credential does not make us show it', async () => {
  const body = JSON.stringify({ error: { message: `No such key: ${API_KEY}` } }, undefined, 2);
  await using server = await startFaultServer([status(404, { body })]);
  await using used = transportTo(server.url('/v1?key=in-the-address-1'), twice);
  const { error } = await drain(used.transport.stream(plainRequest(), contextOf(), signal));
  expect(String(error)).toContain('No such key');
  expect(JSON.stringify([error, failureOf(error), used.observer.told])).not.toMatch(
    /sk-for-tests|in-the-address/,
  );
  expect(String(error)).not.toMatch(/sk-for-tests|in-the-address/);
});

test('an endless error answer is read up to a bound', async () => {
  await using server = await startFaultServer([status(404, { body: 'x'.repeat(4 * 1024 * 1024) })]);
  await using used = transportTo(server.url('/v1'), twice);
  const { error } = await drain(used.transport.stream(plainRequest(), contextOf(), signal));
  expect(failureOf(error)).toMatchObject({ facts: { body: 'x'.repeat(1_000) } });
});

test('what is no HTTP is told as such', async () => {
  await using server = await startFaultServer([{ raw: 'hello\r\n\r\n' }]);
  await using used = transportTo(server.url('/v1'));
  const { error } = await drain(used.transport.stream(plainRequest(), contextOf(), signal));
  expect(failureOf(error)).toMatchObject({ kind: 'stream', message: expect.stringMatching(/not HTTP/) });
});
