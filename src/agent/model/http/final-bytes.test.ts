import { zstdDecompressSync } from 'node:zlib';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { contextOf, drain, failureOf, transportTo } from '../../../../fixtures/http-transport.ts';
import type { TransportGiven } from '../../../../fixtures/http-transport.ts';
import { plainRequest } from '../../../../fixtures/model-request.ts';
import type { RequestAuth, SignableRequest } from '../../provider/provider.ts';
import { ModelError } from '../error.ts';

const { signal } = new AbortController();
const COMPLETED = 'data: {"type":"response.completed","response":{"id":"r"}}\n\n';

interface Seen {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** Sends a request and keeps the bytes as they came; the first answers are of these statuses. */
async function sendOnce(
  given: TransportGiven,
  statuses: readonly number[] = [],
): Promise<{ readonly seen: readonly Seen[]; readonly error: unknown }> {
  const seen: Seen[] = [];
  await using server = createServer((request, response) => {
    void (async () => {
      seen.push({ headers: request.headers, body: await buffer(request) });
      response.writeHead(statuses[seen.length - 1] ?? 200).end(COMPLETED);
    })();
  });
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  await using used = transportTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, given);
  const { error } = await drain(used.transport.stream(plainRequest(), contextOf(), signal));
  return { seen, error };
}

const backend: RequestAuth = { mode: 'Chatgpt', usesChatgptBackend: true, headers: {} };
const OPENAI = { name: 'OpenAI', resolved: { auth: backend } };

test('a body for the backend is compressed, and means the same', async () => {
  const { seen } = await sendOnce({ provider: OPENAI });
  expect(seen[0]?.headers).toMatchObject({
    'content-encoding': 'zstd',
    'content-type': 'application/json',
    'content-length': String(seen[0]?.body.length),
  });
  const text = zstdDecompressSync(seen[0]?.body ?? '').toString();
  expect(JSON.parse(text)).toMatchObject({ model: 'gpt-test' });
});

test.each<[string, TransportGiven]>([
  ['the feature is off', { compressesRequests: false, provider: OPENAI }],
  ['a key is used', { provider: { name: 'OpenAI' } }],
  ['the provider has another name (trap 26)', { provider: { ...OPENAI, name: 'openai' } }],
])('a body is sent as it is where %s', async (_name, given) => {
  const { seen } = await sendOnce(given);
  expect(seen[0]?.headers).not.toHaveProperty('content-encoding');
  expect(JSON.parse(String(seen[0]?.body))).toMatchObject({ model: 'gpt-test' });
});

test('a configured content-encoding contradicts compression', async () => {
  const headers = { 'Content-Encoding': 'gzip' };
  const { seen, error } = await sendOnce({ provider: { ...OPENAI, resolved: { auth: backend, headers } } });
  expect(failureOf(error)).toMatchObject({
    kind: 'stream',
    message: expect.stringMatching(/content-encoding/),
  });
  expect(seen).toHaveLength(0);
});

test('signing is the last change, on the final bytes, once per attempt (trap 28)', async () => {
  const signed: SignableRequest[] = [];
  const auth: RequestAuth = {
    ...backend,
    sign: async (request) => {
      signed.push(request);
      return { ...request.headers, Authorization: `signature-${signed.length}`, 'X-Amz-Date': 'now' };
    },
  };
  const limits = { streamMaxRetries: 0, streamIdleTimeoutMs: 1_000, websocketConnectTimeoutMs: 1_000 };
  const provider = { name: 'OpenAI', resolved: { auth }, limits: { ...limits, requestMaxRetries: 1 } };
  const { seen, error } = await sendOnce({ provider }, [500]);
  expect(error).toBeUndefined();
  expect(seen.map(({ headers }) => headers['authorization'])).toEqual(['signature-1', 'signature-2']);
  for (const [index, request] of signed.entries()) {
    const { headers, body } = seen[index] as Seen;
    expect(Buffer.from(request.body)).toEqual(body);
    expect(request.method).toBe('POST');
    expect(request.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1\/responses$/);
    // What was signed is what was sent.
    expect(headers).toMatchObject(request.headers);
    expect(headers['x-amz-date']).toBe('now');
    expect(request.headers).not.toHaveProperty('authorization');
  }
});

test('what the signature leaves out is not sent beside it, and text is signed as it is meant (trap 28)', async () => {
  const handed: Record<string, string>[] = [];
  const sign: RequestAuth['sign'] = async ({ headers }) => {
    handed.push({ ...headers });
    const { x_internal: _, ...rest } = headers;
    return { ...rest, authorization: 'signature' };
  };
  const headers = { X_Internal: 'dropped', 'x-team': 'Zoë' };
  const resolved = { headers, auth: { ...backend, sign } };
  const { seen } = await sendOnce({ provider: { resolved } });
  expect(handed).toMatchObject([{ x_internal: 'dropped', 'x-team': 'Zoë' }]);
  expect(seen[0]?.headers).toMatchObject({ authorization: 'signature' });
  expect(seen[0]?.headers).not.toHaveProperty('x_internal');
  // Node hands a byte over as a character.
  expect(Buffer.from(String(seen[0]?.headers['x-team']), 'latin1').toString()).toBe('Zoë');
});

test('what cannot be signed is not sent', async () => {
  const error = new ModelError({ kind: 'fatal', message: 'no credentials' }, 'no credentials');
  const auth: RequestAuth = { ...backend, sign: () => Promise.reject(error) };
  const ended = await sendOnce({ provider: { resolved: { auth } } });
  expect(ended.error).toBe(error);
  expect(ended.seen).toHaveLength(0);
});
