import { constants, createSecureServer } from 'node:http2';
import type { ServerHttp2Stream } from 'node:http2';
import type { AddressInfo, Server } from 'node:net';
import { createSecureContext, createServer } from 'node:tls';
import { expect, test } from 'vitest';
import { createAuthority } from '../../../fixtures/lab/authority.ts';
import type { Trust } from '../certificates/trust.ts';
import type { HttpAsk, HttpObservation } from '../network.ts';
import { observeHttp } from './observe.ts';
import type { HttpDependencies } from './observe.ts';

const SILENCE_MS = 300;
const authority = await createAuthority();
const identity = await authority.issue();
const secureContext = createSecureContext({ ca: authority.certificate });
const trust: Trust = { kind: 'usable', source: { kind: 'system' }, secureContext: () => secureContext };
const dependencies: HttpDependencies = { routeFor: () => ({ kind: 'direct' }), trust: () => trust };
const askOf = (port: number): HttpAsk => ({
  url: `https://localhost:${port}/v1`,
  method: 'GET',
  headers: {},
  timeoutMs: 10_000,
});

interface Served {
  readonly observation: HttpObservation;
  readonly connections: number;
}

async function observe(
  serve: (stream: ServerHttp2Stream) => void,
  more: Partial<HttpAsk> = {},
): Promise<Served> {
  let connections = 0;
  const server = createSecureServer({ cert: identity.chain, key: identity.key });
  server.on('secureConnection', () => {
    connections += 1;
  });
  server.on('stream', (stream) => {
    stream.on('error', () => undefined);
    serve(stream);
  });
  server.on('sessionError', () => undefined);
  const port = await listen(server);
  const observation = await observeHttp({ ...askOf(port), ...more }, dependencies);
  // Called back once every connection is gone.
  await new Promise((closed) => server.close(closed));
  return { observation, connections };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen({ port: 0, host: '127.0.0.1' }, () => resolve((server.address() as AddressInfo).port));
  });
}

test('an answer', async () => {
  const { observation } = await observe(
    (stream) => {
      stream.respond({ ':status': 401, 'x-request-id': 'req_1', 'www-authenticate': 'Bearer realm="x"' });
      stream.end('{"error":{"code":"token_expired"}}');
    },
    { headers: { 'X-Header': 'x' } },
  );
  expect(observation.outcome).toMatchObject({
    answer: {
      status: 401,
      httpVersion: '2',
      requestId: 'req_1',
      challenges: ['Bearer'],
      body: { kind: 'json_error', errorCode: 'token_expired' },
    },
  });
  expect(observation.trace.tls?.alpn).toBe('h2');
  expect(observation.sentAtMs).toBeDefined();
});

test('HEAD, and POST with a body', async () => {
  const seen: unknown[] = [];
  const serve = (stream: ServerHttp2Stream): void => {
    let body = '';
    stream.on('data', (chunk) => {
      body += String(chunk);
    });
    stream.on('end', () => {
      seen.push(body);
      stream.respond({ ':status': 204 });
      stream.end();
    });
  };
  for (const request of [{ method: 'HEAD' }, { method: 'POST', body: '{"a":1}' }] as const) {
    const { observation } = await observe(serve, request);
    expect(observation.outcome).toMatchObject({ answer: { status: 204, body: { kind: 'empty' } } });
  }
  expect(seen).toEqual(['', '{"a":1}']);
});

test.each<[string, (stream: ServerHttp2Stream) => void, object]>([
  ['silence', () => undefined, { kind: 'silent', phase: 'http', receivedBytes: 0 }],
  [
    'a reset of the stream',
    (stream) => stream.close(constants.NGHTTP2_INTERNAL_ERROR),
    { kind: 'broken', phase: 'http', code: 'ERR_HTTP2_STREAM_ERROR' },
  ],
  ['an end of the session', (stream) => stream.session?.destroy(), { kind: 'broken', phase: 'http' }],
  ['a reset of the connection', (stream) => stream.session?.destroy(), { kind: 'broken', phase: 'http' }],
  [
    'a refusal',
    (stream) => stream.close(constants.NGHTTP2_REFUSED_STREAM),
    { kind: 'broken', phase: 'http' },
  ],
  [
    'a word of farewell, and silence',
    (stream) => stream.session?.goaway(constants.NGHTTP2_NO_ERROR),
    { kind: 'silent', phase: 'http' },
  ],
  [
    'a body that never ends',
    (stream) => {
      stream.respond({ ':status': 200 });
      stream.write('begin');
    },
    { kind: 'answered', answer: { status: 200, body: { bytes: 5, isTruncated: true } } },
  ],
  [
    'a body that is cut off',
    (stream) => {
      stream.respond({ ':status': 200 });
      stream.write('begin', () => stream.session?.destroy());
    },
    { kind: 'answered', answer: { status: 200, body: { isTruncated: true } } },
  ],
  [
    'interim answers',
    (stream) => {
      stream.additionalHeaders({ ':status': 103, link: 'x' });
      stream.respond({ ':status': 200 });
      stream.end();
    },
    { kind: 'answered', answer: { status: 200 } },
  ],
])('%s', async (_name, serve, expected) => {
  const { observation, connections } = await observe(serve, { timeoutMs: SILENCE_MS });
  expect(observation.outcome).toMatchObject(expected);
  expect(connections).toBe(1);
});

test('a server that agrees on HTTP/2 and speaks something else', async () => {
  const server = createServer(
    { cert: identity.chain, key: identity.key, ALPNProtocols: ['h2'] },
    (socket) => {
      socket.on('error', () => undefined);
      socket.write('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n');
    },
  );
  const { outcome } = await observeHttp(askOf(await listen(server)), dependencies);
  server.close();
  expect(outcome).toMatchObject({ kind: 'not_http', hop: 'endpoint' });
});
