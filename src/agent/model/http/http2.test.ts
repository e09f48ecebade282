import { once } from 'node:events';
import { createSecureServer } from 'node:http2';
import type { Http2SecureServer, ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { createSecureContext } from 'node:tls';
import { expect, test } from 'vitest';
import { createAuthority } from '../../../../fixtures/lab/authority.ts';
import { contextOf, drain, failureOf, transportTo } from '../../../../fixtures/http-transport.ts';
import { plainNetwork } from '../../../../fixtures/network.ts';
import type { TestTransport } from '../../../../fixtures/http-transport.ts';
import { plainRequest } from '../../../../fixtures/model-request.ts';
import { once as memoised } from '../../../host/once.ts';
import { createDispatcher } from '../../../net/http/fetch.ts';

const { signal } = new AbortController();
const authority = await createAuthority();
const COMPLETED = 'data: {"type":"response.completed","response":{"id":"r"}}\n\n';
const CREATED = 'data: {"type":"response.created","response":{}}\n\n';

type Answer = (stream: ServerHttp2Stream) => void;

/** A server of HTTP/2 alone, as most providers speak it. */
async function serve(answer: Answer): Promise<{ server: Http2SecureServer; url: string }> {
  const { key, certificate } = await authority.issue();
  const server = createSecureServer({ key, cert: certificate });
  server.on('stream', (stream) => {
    stream.on('error', () => {});
    stream.resume();
    answer(stream);
  });
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  return { server, url: `https://localhost:${(server.address() as AddressInfo).port}/v1` };
}

function transportOverHttp2(url: string): TestTransport {
  const secureContext = createSecureContext({ ca: authority.certificate });
  const dispatcher = memoised(() =>
    createDispatcher({
      routeFor: () => ({ kind: 'direct' }),
      trust: () => ({ kind: 'usable', source: { kind: 'system' }, secureContext: () => secureContext }),
    }),
  );
  return transportTo(url, { network: { ...plainNetwork(), dispatcher } });
}

const events = (stream: ServerHttp2Stream, text: string): void => {
  stream.respond({ ':status': 200, 'x-request-id': 'req-1' });
  stream.end(text);
};

test('a response comes over HTTP/2, also one that is there at once', async () => {
  const { server, url } = await serve((stream) => events(stream, CREATED + COMPLETED));
  await using used = transportOverHttp2(url);
  const ended = await drain(used.transport.stream(plainRequest(), contextOf(), signal));
  expect(ended.error).toBeUndefined();
  expect(ended.events.at(-1)).toMatchObject({ type: 'completed', upstreamRequestId: 'req-1' });
  server.close();
});

test('an answer without a body ends', async () => {
  const { server, url } = await serve((stream) => stream.respond({ ':status': 404 }, { endStream: true }));
  await using used = transportOverHttp2(url);
  const { error } = await drain(used.transport.stream(plainRequest(), contextOf(), signal));
  expect(failureOf(error)).toMatchObject({ kind: 'unexpected_status', facts: { status: 404, body: '' } });
  server.close();
});

test('a slow consumer holds up its own stream alone, and loses nothing', async () => {
  const many = 8_000;
  const delta = `data: {"type":"response.output_text.delta","delta":"${'x'.repeat(500)}"}\n\n`;
  let answered = 0;
  const { server, url } = await serve((stream) => {
    answered += 1;
    events(stream, answered === 1 ? delta.repeat(many) + COMPLETED : COMPLETED);
  });
  await using used = transportOverHttp2(url);
  const errors: unknown[] = [];
  let seen = 0;
  for await (const batch of used.transport.stream(plainRequest(), contextOf(), signal)) {
    if (seen === 0) {
      const other = await drain(used.transport.stream(plainRequest(), contextOf(), signal));
      errors.push(other.error);
    }
    seen += batch.filter(({ type }) => type === 'text_delta').length;
  }
  expect(seen).toBe(many);
  expect(new Set(errors)).toEqual(new Set([undefined]));
  server.close();
});

test('leaving the loop ends the stream on the other side', async () => {
  const closed = Promise.withResolvers<void>();
  const { server, url } = await serve((stream) => {
    stream.on('close', closed.resolve);
    stream.respond({ ':status': 200 });
    stream.write(CREATED);
  });
  await using used = transportOverHttp2(url);
  for await (const batch of used.transport.stream(plainRequest(), contextOf(), signal))
    if (batch.some(({ type }) => type === 'created')) break;
  await expect(closed.promise).resolves.toBeUndefined();
  server.close();
});

test('a stream that is reset in the middle is told as broken', async () => {
  const { server, url } = await serve((stream) => {
    stream.respond({ ':status': 200 });
    stream.write(CREATED, () => stream.close(2));
  });
  await using used = transportOverHttp2(url);
  const { error } = await drain(used.transport.stream(plainRequest(), contextOf(), signal));
  expect(failureOf(error)).toMatchObject({
    kind: 'stream',
    message: expect.stringMatching(/before the response was complete/),
  });
  server.close();
});
