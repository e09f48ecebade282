import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { closedPort, startFaultServer } from '../../../fixtures/lab/fault-server.ts';
import { LATE_RESET } from '../../../fixtures/lab/late-reset.ts';
import type { FaultServer, FaultServerOptions, Step } from '../../../fixtures/lab/fault-server.ts';
import { Secret } from '../../redact/secret.ts';
import type { HttpAsk, HttpObservation } from '../network.ts';
import { observeHttp } from './observe.ts';
import type { HttpDependencies } from './observe.ts';

/** Ample for loopback; a silence is waited for this long. */
const SILENCE_MS = 300;
const AMPLE_MS = 10_000;

const direct: HttpDependencies = {
  routeFor: () => ({ kind: 'direct' }),
  trust: () => {
    throw new Error('nothing secure is dialled here');
  },
};

const ask = (url: string, more: Partial<HttpAsk> = {}): HttpAsk => ({
  url,
  method: 'GET',
  headers: {},
  timeoutMs: AMPLE_MS,
  ...more,
});

async function observe(
  step: Step | 'none',
  { onConnection, ...more }: Partial<HttpAsk> & Pick<FaultServerOptions, 'onConnection'> = {},
): Promise<HttpObservation & { readonly server: FaultServer }> {
  await using server = await startFaultServer(step === 'none' ? [] : [step], {
    ...(onConnection && { onConnection }),
  });
  const observation = await observeHttp(ask(server.url('/v1/models?client_version=1'), more), direct);
  server.verify();
  return { ...observation, server };
}

const answer = (status: number, body: string | Buffer = '', headers: Record<string, string> = {}): Step => ({
  answer: { status, body, headers },
});

test('an answer with what came of it', async () => {
  const { outcome, trace, server, ...times } = await observe(
    answer(200, '{"data":[]}', { 'content-type': 'application/json', 'x-request-id': 'req_1' }),
    { headers: { 'User-Agent': 'agent/1', Authorization: new Secret('Bearer planted-token') } },
  );
  expect(outcome).toMatchObject({
    kind: 'answered',
    answer: {
      status: 200,
      httpVersion: '1.1',
      requestId: 'req_1',
      body: { kind: 'json', bytes: 11, isTruncated: false },
    },
  });
  expect(trace).toMatchObject({ connect: { port: server.port } });
  expect(server.requests).toMatchObject([
    {
      method: 'GET',
      url: '/v1/models?client_version=1',
      headers: { 'user-agent': 'agent/1', authorization: 'Bearer planted-token' },
    },
  ]);
  expect(times.answeredAtMs).toBeGreaterThanOrEqual(times.sentAtMs ?? Infinity);
});

test.each<[string, string | Buffer, Record<string, string>, unknown]>([
  ['what was said', '{"tag_name":"v1"}', {}, { tag_name: 'v1' }],
  ['what was said compressed', gzipSync('[1]'), { 'content-encoding': 'gzip' }, [1]],
  ['nothing, being no JSON', '<html>', {}, undefined],
  ['nothing, being too long', `["${'a'.repeat(200)}"]`, {}, undefined],
])('an answer whose JSON is wanted gives %s', async (_name, body, headers, expected) => {
  const { json } = await observe(answer(200, body, headers), { readJson: { maxBytes: 100 } });
  expect(json).toEqual(expected);
});

test('every status is an answer, and a redirect is not followed', async () => {
  for (const status of [204, 301, 401, 404, 429, 500, 599]) {
    const { outcome, server } = await observe(answer(status, '', { location: '/elsewhere' }));
    expect(outcome).toMatchObject({ kind: 'answered', answer: { status } });
    expect(server.connections).toBe(1);
  }
});

test('HEAD has no body, and POST sends one', async () => {
  const head = await observe(answer(200, 'x', { 'content-type': 'text/html' }), { method: 'HEAD' });
  expect(head.outcome).toMatchObject({ answer: { body: { kind: 'empty' }, contentType: 'text/html' } });
  const post = await observe(answer(200), { method: 'POST', body: '{"a":1}' });
  expect(post.server.requests).toMatchObject([{ method: 'POST', body: '{"a":1}' }]);
});

test('user name and password of the address are sent, and not shown', async () => {
  await using server = await startFaultServer([answer(401)]);
  const url = new URL(server.url('/'));
  url.username = 'ann';
  url.password = 'p%40ss';
  const observation = await observeHttp(ask(url.href), direct);
  expect(server.requests[0]?.headers['authorization']).toBe(
    `Basic ${Buffer.from('ann:p@ss').toString('base64')}`,
  );
  expect(JSON.stringify(observation)).not.toMatch(/ann|p%40ss|p@ss/);
});

const HEAD = 'HTTP/1.1 200 OK\r\n';

test.each<[string, Step | 'none', Partial<HttpAsk> & Pick<FaultServerOptions, 'onConnection'>, object]>([
  [
    'a reset instead of an answer',
    'reset',
    {},
    { kind: 'broken', phase: 'http', code: 'ECONNRESET', receivedBytes: 0 },
  ],
  [
    'an end instead of an answer',
    'end',
    {},
    { kind: 'broken', phase: 'http', code: 'closed', receivedBytes: 0 },
  ],
  [
    'an end right after the connection',
    'none',
    { onConnection: 'end' },
    { kind: 'broken', phase: 'http', code: 'closed' },
  ],
  [
    'silence',
    'silent',
    { timeoutMs: SILENCE_MS },
    { kind: 'silent', phase: 'http', afterMs: SILENCE_MS, receivedBytes: 0 },
  ],
  [
    'silence in the middle of the head',
    { raw: `${HEAD}Server: x\r\n`, then: 'stay' },
    { timeoutMs: SILENCE_MS },
    { kind: 'silent', phase: 'http', receivedBytes: 28 },
  ],
  [
    'a reset in the middle of the head',
    { raw: `${HEAD}Server`, then: 'reset' },
    {},
    { kind: 'broken', code: LATE_RESET.code },
  ],
  [
    'an end in the middle of the head',
    { raw: `${HEAD}Server`, then: 'end' },
    {},
    { kind: 'broken', code: 'closed', receivedBytes: 23 },
  ],
  [
    'no HTTP at all',
    { raw: 'SSH-2.0-OpenSSH_9.6\r\n', then: 'stay' },
    {},
    { kind: 'not_http', code: 'HTTPParserError' },
  ],
  ['HTTP/0.9', { raw: '<html>hello</html>', then: 'end' }, {}, { kind: 'not_http' }],
  [
    'a greeting before the request',
    'none',
    { onConnection: { garbage: Buffer.from('220 mail ESMTP\r\n') } },
    { kind: 'not_http' },
  ],
  ['bytes of TLS', { raw: Buffer.from([0x15, 3, 1, 0, 2, 2, 70]), then: 'end' }, {}, { kind: 'not_http' }],
  ['a status that is none', { raw: 'HTTP/1.1 OK\r\n\r\n', then: 'stay' }, {}, { kind: 'not_http' }],
  [
    'a head that is too long',
    { raw: `${HEAD}X: ${'x'.repeat(80_000)}\r\n\r\n`, then: 'stay' },
    {},
    { kind: 'not_http', code: 'UND_ERR_HEADERS_OVERFLOW' },
  ],
  [
    '100 and nothing else',
    { raw: 'HTTP/1.1 100 Continue\r\n\r\n', then: 'stay' },
    {},
    { kind: 'not_http', code: 'UNEXPECTED_RESPONSE' },
  ],
  [
    'an upgrade that nobody asked for',
    { raw: 'HTTP/1.1 101 S\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n', then: 'stay' },
    {},
    { kind: 'not_http', code: 'UNEXPECTED_RESPONSE' },
  ],
  [
    'interim answers without end',
    { raw: 'HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n'.repeat(500), then: 'stay' },
    { timeoutMs: SILENCE_MS },
    { kind: 'silent', phase: 'http' },
  ],
])('%s', async (_name, step, more, expected) => {
  const { outcome, server } = await observe(step, more);
  expect(outcome).toMatchObject({ hop: 'endpoint', ...expected });
  expect(server.connections).toBe(1);
});

const answered = (body: object): object => ({ kind: 'answered', answer: { status: 200, body } });

test.each<[string, string | Buffer, 'stay' | 'end' | 'reset', object]>([
  [
    'interim answers and then the real one',
    `HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n${HEAD}Content-Length: 2\r\n\r\nok`,
    'stay',
    answered({ kind: 'text', bytes: 2, isTruncated: false }),
  ],
  [
    'a body that never ends',
    `${HEAD}Content-Length: 50\r\n\r\nbegin`,
    'stay',
    answered({ kind: 'text', bytes: 5, isTruncated: true }),
  ],
  [
    'a body that is reset',
    `${HEAD}Content-Length: 50\r\n\r\nbegin`,
    'reset',
    answered({ isTruncated: true }),
  ],
  [
    'a body that ends early',
    `${HEAD}Content-Length: 50\r\n\r\nbegin`,
    'end',
    answered({ kind: 'text', bytes: 5, isTruncated: true }),
  ],
  [
    'a body that ends with the connection',
    `${HEAD}\r\n<html><title>Hi</title>`,
    'end',
    answered({ kind: 'html', title: 'Hi', isTruncated: false }),
  ],
  [
    'a chunk that is none',
    `${HEAD}Transfer-Encoding: chunked\r\n\r\n5\r\nbegin\r\nzz\r\n`,
    'stay',
    answered({ kind: 'text', bytes: 5, isTruncated: true }),
  ],
  [
    'a body without end',
    `${HEAD}\r\n${'x'.repeat(200_000)}`,
    'stay',
    answered({ kind: 'text', bytes: 65_536, isTruncated: true }),
  ],
  [
    'a bomb',
    Buffer.concat([
      Buffer.from(`${HEAD}Content-Encoding: gzip\r\n\r\n`),
      gzipSync(Buffer.alloc(30_000_000, 0x20)),
    ]),
    'end',
    answered({ kind: 'text', isTruncated: true }),
  ],
  [
    'gzip',
    Buffer.concat([
      Buffer.from(`${HEAD}Content-Encoding: gzip\r\n\r\n`),
      gzipSync('{"error":{"code":"x_y"}}'),
    ]),
    'end',
    answered({ kind: 'json_error', errorCode: 'x_y', isTruncated: false }),
  ],
  [
    'a body of HTTP/1.0',
    'HTTP/1.0 200 OK\r\n\r\nok',
    'end',
    answered({ kind: 'text', bytes: 2, isTruncated: false }),
  ],
])('once a head came it is an answer: %s', async (_name, raw, then, expected) => {
  const { outcome } = await observe({ raw, then }, { timeoutMs: then === 'stay' ? SILENCE_MS : AMPLE_MS });
  expect(outcome).toMatchObject(expected);
});

test('nobody listens', async () => {
  const { outcome, trace, sentAtMs } = await observeHttp(
    ask(`http://127.0.0.1:${await closedPort()}/`),
    direct,
  );
  expect(outcome).toEqual({ kind: 'unconnected', hop: 'endpoint', code: 'ECONNREFUSED' });
  expect(trace.connect?.attempts).toMatchObject([{ state: 'failed', code: 'ECONNREFUSED' }]);
  expect(sentAtMs).toBeUndefined();
});

test('an address of IPv6', async () => {
  await using server = await startFaultServer([answer(200)], { listenOn: '::1' });
  expect((await observeHttp(ask(server.url()), direct)).outcome).toMatchObject({ kind: 'answered' });
});

test.each([
  ['not a url', {}, 'the address cannot be read as a URL'],
  ['ftp://127.0.0.1/', {}, 'the scheme of the address is ftp, neither http nor https'],
  ['http://127.0.0.1/', { 'X-Key': 'planted\nvalue' }, 'the value of the header "X-Key" holds a character'],
  ['http://127.0.0.1/', { 'X-Key': new Secret('planted\u007f') }, 'the value of the header "X-Key" holds'],
  ['http://127.0.0.1/', { 'a b': 'planted' }, '"a b" is no name that a header can have'],
  ['http://127.0.0.1/', { '': 'planted' }, '"" is no name that a header can have'],
  ['http://127.0.0.1/', { 'content-length': 'planted' }, 'the HTTP client refuses the request'],
])('%s with %j is not sent', async (url, headers, problem) => {
  const { outcome } = await observeHttp(ask(url, { headers }), {
    ...direct,
    routeFor: () => ({ kind: 'unusable', variable: 'HTTP_PROXY', problem: 'must not be dialled' }),
  });
  expect(outcome).toMatchObject({ kind: 'unsendable', problem: expect.stringContaining(problem) as string });
  expect(JSON.stringify(outcome)).not.toContain('planted');
});

test('no secret of a request comes back in an observation, even from a server that repeats it', async () => {
  await using server = await startFaultServer(({ url, headers, body }) => {
    const echo = JSON.stringify({ url, headers, body });
    return {
      answer: {
        status: 400,
        headers: {
          server: `x ${String(headers['authorization'])}`,
          location: url,
          'x-request-id': String(headers['x-key']),
          'content-type': 'text/html',
        },
        body: `<html><title>${echo}</title>`,
      },
    };
  });
  const secret = fc.stringMatching(/^[A-Za-z0-9_-]{12,40}$/);
  await fc.assert(
    fc.asyncProperty(secret, secret, secret, secret, async (token, key, password, query) => {
      const url = new URL(server.url('/v1'));
      url.username = 'user';
      url.password = password;
      url.searchParams.set('key', query);
      const headers = { Authorization: new Secret(`Bearer ${token}`), 'X-Key': new Secret(key) };
      const shown = JSON.stringify(await observeHttp(ask(url.href, { headers }), direct));
      expect(shown).toContain('answered');
      for (const planted of [token, key, password, query]) expect(shown).not.toContain(planted);
    }),
    { numRuns: 20 },
  );
});

// Each took as long as putting the whole body together again: half a minute for one that came in single bytes.
test('chunks behind the cap, however small, are passed over', async () => {
  const { outcome } = await observe({
    raw: `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${'1\r\na\r\n'.repeat(80_000)}`,
    then: 'stay',
  });
  expect(outcome).toMatchObject({
    kind: 'answered',
    answer: { body: { kind: 'text', bytes: 64 * 1024, isTruncated: true } },
  });
});

test("a header that is not ASCII is sent as UTF-8, like the agent's", async () => {
  const { server } = await observe(answer(200), { headers: { 'x-team': new Secret('Zoë → Köln') } });
  const received = String(server.requests[0]?.headers['x-team']);
  expect(Buffer.from(received, 'latin1').toString('utf8')).toBe('Zoë → Köln');
});
