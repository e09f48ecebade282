import { createSecureContext } from 'node:tls';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { setImmediate as immediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createAuthority } from '../../../fixtures/lab/authority.ts';
import { startFaultProxy } from '../../../fixtures/lab/fault-proxy.ts';
import { closedPort, startFaultServer } from '../../../fixtures/lab/fault-server.ts';
import type { Step } from '../../../fixtures/lab/fault-server.ts';
import { Secret } from '../../redact/secret.ts';
import type { Trust } from '../certificates/trust.ts';
import type { WebSocketAsk, WebSocketObservation } from '../network.ts';
import type { Route } from '../proxy/route.ts';
import { observeWebSocket } from './observe.ts';

const TOKEN = 'sk-canary-0123456789';
const trusting = (ca: string[]): Trust => ({
  kind: 'usable',
  source: { kind: 'system' },
  secureContext: () => createSecureContext({ ca }),
});

function observe(
  ask: Partial<WebSocketAsk> & Pick<WebSocketAsk, 'url'>,
  { route = { kind: 'direct' }, trust = trusting([]) }: { route?: Route; trust?: Trust } = {},
): Promise<WebSocketObservation> {
  return observeWebSocket(
    {
      headers: { authorization: new Secret(`Bearer ${TOKEN}`), 'openai-beta': 'responses_websockets' },
      timeoutMs: 5_000,
      windowMs: 2_000,
      ...ask,
    },
    { routeFor: () => route, trust: () => trust },
  );
}

async function outcomeOf(step: Step, ask: Partial<WebSocketAsk> = {}) {
  await using server = await startFaultServer([step]);
  const { outcome } = await observe({ url: server.url('/v1/responses', 'ws'), ...ask });
  server.verify();
  return outcome;
}

test('a quiet 101 is watched to the end of the window, and what the agent reads of its head is told', async () => {
  await using server = await startFaultServer([
    {
      upgrade: {
        headers: {
          'x-request-id': 'req_1',
          'cf-ray': 'ray-1',
          'x-reasoning-included': 'true',
          'openai-model': 'one',
          date: 'Fri, 20 Nov 2026 10:00:00 GMT',
        },
      },
    },
  ]);
  const url = server.url('/v1/responses?api-version=1', 'ws');
  const { outcome, trace } = await observe({ url, windowMs: 100 });
  expect(outcome).toEqual({
    kind: 'upgraded',
    upgrade: {
      status: 101,
      durationMs: expect.any(Number) as number,
      extensions: 'permessage-deflate',
      requestId: 'req_1',
      cfRay: 'ray-1',
      dateMs: Date.UTC(2026, 10, 20, 10),
      hasReasoningHeader: true,
      hasServerModel: true,
      hasModelsEtag: false,
    },
  });
  expect(trace.connect?.attempts).toContainEqual(expect.objectContaining({ state: 'connected' }));
  expect(server.requests).toHaveLength(1);
  expect(server.requests[0]).toMatchObject({
    method: 'GET',
    url: '/v1/responses?api-version=1',
    isUpgrade: true,
    headers: {
      authorization: `Bearer ${TOKEN}`,
      'openai-beta': 'responses_websockets',
      'sec-websocket-version': '13',
      'sec-websocket-extensions': 'permessage-deflate; client_max_window_bits',
    },
  });
});

test.each([
  [1000, ''],
  [1008, 'policy'],
  [1011, 'ill'],
  [4401, 'login required'],
])('a close %i within the window is told with its reason', async (close, reason) => {
  const outcome = await outcomeOf({ upgrade: { then: { close, reason, afterMs: 20 } } });
  expect(outcome).toMatchObject({ kind: 'closed', closeCode: close, reason, upgrade: { status: 101 } });
});

test('a close frame in the same packet as the answer 101 is not lost', async () => {
  const frame = Buffer.from([0x88, 0x02, 0x03, 0xf0]);
  expect(await outcomeOf({ upgrade: { then: { raw: frame } } })).toMatchObject({
    kind: 'closed',
    closeCode: 1008,
  });
});

test('a close frame without a code is none of the codes that mean something', async () => {
  expect(await outcomeOf({ upgrade: { then: { close: 1005 } } })).toMatchObject({
    kind: 'closed',
    closeCode: 1005,
  });
});

test('a reason that repeats the credential or drives the terminal is made harmless and short', async () => {
  const reason = `\u001b[2J${TOKEN}${'x'.repeat(80)}`;
  const outcome = await outcomeOf({ upgrade: { then: { close: 1008, reason } } });
  const shown = outcome.kind === 'closed' ? outcome.reason : '';
  expect(shown).not.toContain(TOKEN);
  expect(shown).toMatch(/^\\u001b\[2J<hidden>x+$/);
});

test.each<[string, Step, object]>([
  ['a reset', { upgrade: { then: { drop: 'reset', afterMs: 20 } } }, { kind: 'dropped', code: 'ECONNRESET' }],
  ['an end', { upgrade: { then: { drop: 'end', afterMs: 20 } } }, { kind: 'dropped', code: 'closed' }],
  [
    'a frame with reserved bits',
    { upgrade: { then: { raw: Buffer.from([0xff, 0xff, 0xff, 0xff]) } } },
    { kind: 'malformed_frame', code: expect.stringMatching(/^WS_ERR_/) as string },
  ],
  [
    'text in place of frames',
    { upgrade: { then: { raw: Buffer.from('HTTP/1.1 200 OK\r\n\r\n'), afterMs: 20 } } },
    { kind: 'malformed_frame' },
  ],
])('%s after 101', async (_title, step, expected) => {
  expect(await outcomeOf(step)).toMatchObject({ ...expected, upgrade: { status: 101 } });
});

test.each<[string, Step, RegExp]>([
  ['an accept key for another request', { upgrade: { accept: 'wrong' } }, /Sec-WebSocket-Accept/],
  ['no accept key', { upgrade: { accept: 'none' } }, /Sec-WebSocket-Accept/],
  ['no Upgrade header', { upgrade: { protocol: 'omit_upgrade_header' } }, /no Upgrade header/],
  [
    'no Upgrade header, and frames right behind the head',
    { raw: 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n\r\n\u0088\u0002', then: 'stay' },
    /no Upgrade header/,
  ],
  [
    'no Connection header, after an interim answer',
    {
      raw: 'HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n',
      then: 'stay',
    },
    /no header Connection: Upgrade/,
  ],
  [
    'another protocol',
    {
      raw: 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n',
      then: 'stay',
    },
    /Invalid Upgrade header/,
  ],
  [
    'an extension that was not offered',
    { upgrade: { headers: { 'sec-websocket-extensions': 'x-webkit-deflate-frame' } } },
    /[Ee]xtension/,
  ],
  [
    'a subprotocol that was not offered',
    { upgrade: { headers: { 'sec-websocket-protocol': 'chat' } } },
    /subprotocol/,
  ],
])('101 with %s is no upgrade', async (_title, step, problem) => {
  expect(await outcomeOf(step)).toEqual({
    kind: 'bad_upgrade',
    problem: expect.stringMatching(problem) as string,
  });
});

test.each([200, 204, 301, 400, 401, 403, 404, 407, 426, 429, 500, 503])(
  'an answer %i is told with the facts of its head and body',
  async (status) => {
    const headers = {
      'content-type': 'application/json',
      'retry-after': '7',
      'x-request-id': 'req_2',
      location: 'https://elsewhere.test/login?next=secret',
    };
    const body = status === 204 ? '' : JSON.stringify({ error: { code: 'no', type: 'refused' } });
    expect(await outcomeOf({ answer: { status, headers, body } })).toMatchObject({
      kind: 'answered',
      answer: {
        status,
        httpVersion: '1.1',
        retryAfterMs: 7_000,
        requestId: 'req_2',
        ...(status === 301 && {
          redirect: { origin: 'https://elsewhere.test', isSameOrigin: false, isSameSite: false },
        }),
        body:
          status === 204 ? { kind: 'empty' } : { kind: 'json_error', errorCode: 'no', errorType: 'refused' },
      },
    });
  },
);

test('a page that answers is told by its title', async () => {
  const page = '<!doctype html><title>Sign in to the network</title>';
  expect(
    await outcomeOf({ answer: { status: 403, headers: { 'content-type': 'text/html' }, body: page } }),
  ).toMatchObject({ answer: { body: { kind: 'html', title: 'Sign in to the network' } } });
});

test.each(['stay', 'end', 'reset'] as const)(
  'a body that is cut short by %s is told as it came',
  async (then) => {
    const raw = 'HTTP/1.1 500 Ill\r\ncontent-length: 999\r\n\r\nill';
    expect(await outcomeOf({ raw, then }, { timeoutMs: 300 })).toMatchObject({
      kind: 'answered',
      answer: { status: 500, body: { isTruncated: true } },
    });
  },
);

const HALF_A_HEAD = 'HTTP/1.1 101 Switching Protocols\r\nUpg';

test.each<[string, Step, object]>([
  ['a reset', 'reset', { kind: 'broken', phase: 'websocket', code: 'ECONNRESET', receivedBytes: 0 }],
  ['an end', 'end', { kind: 'broken', phase: 'websocket', code: 'closed', receivedBytes: 0 }],
  [
    'an end in the middle of the head',
    { raw: HALF_A_HEAD, then: 'end' },
    { kind: 'broken', code: 'closed', receivedBytes: HALF_A_HEAD.length },
  ],
  ['silence', 'silent', { kind: 'silent', phase: 'websocket', afterMs: 250, receivedBytes: 0 }],
  [
    'silence in the middle of the head',
    { raw: HALF_A_HEAD, then: 'stay' },
    { kind: 'silent', phase: 'websocket', receivedBytes: HALF_A_HEAD.length },
  ],
  [
    'another protocol',
    { raw: 'SSH-2.0-OpenSSH_9.6\r\n', then: 'stay' },
    { kind: 'not_http', hop: 'endpoint', code: 'HPE_INVALID_CONSTANT' },
  ],
  [
    'headers without end',
    { raw: `HTTP/1.1 101 Switching Protocols\r\n${'x-more: and more\r\n'.repeat(8_000)}`, then: 'stay' },
    { kind: 'not_http', code: 'HPE_HEADER_OVERFLOW' },
  ],
])('%s instead of an answer', async (_title, step, expected) => {
  expect(await outcomeOf(step, { timeoutMs: 250 })).toMatchObject(expected);
});

test('how the dialler failed is passed on with how far it came', async () => {
  const port = await closedPort();
  const { outcome, trace } = await observe({ url: `ws://127.0.0.1:${port}/` });
  expect(outcome).toEqual({ kind: 'unconnected', hop: 'endpoint', code: 'ECONNREFUSED' });
  expect(trace.connect?.attempts).toMatchObject([{ family: 4, state: 'failed', code: 'ECONNREFUSED' }]);
});

test('a proxy that refuses the tunnel, and a value that names no proxy', async () => {
  await using proxy = await startFaultProxy({ behaviour: { status: 403 } });
  const { port } = new URL(proxy.url);
  const route: Route = {
    kind: 'proxy',
    proxy: { variable: 'HTTPS_PROXY', scheme: 'http', host: '127.0.0.1', port: Number(port) },
  };
  const refused = await observe({ url: 'wss://chatgpt.com/backend-api/codex/responses' }, { route });
  expect(refused.outcome).toMatchObject({ kind: 'proxy_answered', status: 403 });
  expect(refused.trace.proxy).toMatchObject({ variable: 'HTTPS_PROXY', status: 403 });

  const unusable: Route = { kind: 'unusable', variable: 'ALL_PROXY', problem: 'it names no host' };
  const { outcome } = await observe({ url: 'ws://127.0.0.1:1/' }, { route: unusable });
  expect(outcome).toEqual({ kind: 'proxy_unusable', variable: 'ALL_PROXY', problem: 'it names no host' });
});

test('over TLS: trusted, not trusted, a broken bundle, and a client that is turned away', async () => {
  const authority = await createAuthority();
  const identity = await authority.issue();
  await using server = await startFaultServer({ '*': { upgrade: {} } }, { tls: { identity } });
  const url = server.url('/', 'wss');
  const trust = trusting([authority.certificate]);
  const secure = await observe({ url, windowMs: 50 }, { trust });
  expect(secure.outcome).toMatchObject({ kind: 'upgraded' });
  expect(secure.trace.tls?.protocol).toBe('TLSv1.3');

  expect((await observe({ url })).outcome).toMatchObject({ kind: 'tls_failed', hop: 'endpoint' });

  const error = {
    kind: 'invalid',
    variable: 'SSL_CERT_FILE',
    path: '/ca.pem',
    message: 'no certificate in it',
    remedy: 'unset it',
  } as const;
  const broken = await observe({ url }, { trust: { kind: 'unusable', error } });
  expect(broken.outcome).toEqual({ kind: 'trust_unusable', error });

  await using strict = await startFaultServer(
    { '*': { upgrade: {} } },
    { tls: { identity, requireClientCertificate: true } },
  );
  const turnedAway = await observe({ url: strict.url('/', 'wss') }, { trust });
  expect(turnedAway.outcome).toMatchObject({ kind: 'tls_failed', hop: 'endpoint' });
});

test.each([
  ['not a URL', {}, /cannot be read as a URL/],
  ['https://localhost/', {}, /neither ws nor wss/],
  ['ws://localhost/', { 'x-bad': new Secret(`two\nlines ${TOKEN}`) }, /"x-bad"/],
])('%s with %j is a request that nobody can send', async (url, headers, problem) => {
  const { outcome } = await observe({ url, headers });
  expect(outcome).toEqual({ kind: 'unsendable', problem: expect.stringMatching(problem) as string });
  expect(JSON.stringify(outcome)).not.toContain(TOKEN);
});

test('nothing is sent but the upgrade and the close, whatever the server sends', async () => {
  const received: Buffer[] = [];
  const server = createServer((socket) => {
    socket.on('data', (chunk: Buffer) => received.push(chunk));
    socket.on('error', () => undefined);
    socket.once('data', (chunk: Buffer) => {
      const key = /sec-websocket-key: (\S+)/i.exec(chunk.toString('latin1'))?.[1] ?? '';
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${acceptOf(key)}\r\n\r\n`,
      );
      // A ping and the text "hi".
      socket.write(Buffer.from([0x89, 0x00, 0x81, 0x02, 0x68, 0x69]));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const connected = once(server, 'connection') as Promise<[NodeJS.EventEmitter]>;
  const { outcome } = await observe({ url: `ws://127.0.0.1:${port}/`, windowMs: 100 });
  expect(outcome).toMatchObject({ kind: 'upgraded' });
  const [socket] = await connected;
  await once(socket, 'close');
  server.close();
  const frames = received.slice(1).flatMap((chunk) => [...chunk]);
  const CLOSE = 0x88;
  expect(frames[0]).toBe(CLOSE);
  // Two bytes of head, four of mask, two of code: one frame and nothing more.
  expect(frames).toHaveLength(8);
});

function acceptOf(key: string): string {
  const { createHash } = process.getBuiltinModule('node:crypto');
  return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
}

test('what came within the window counts, however late the machine gets round to it', async () => {
  await using server = await startFaultServer({ '*': { upgrade: { then: { close: 1008, afterMs: 80 } } } });
  const observing = observe({ url: server.url('/', 'ws'), windowMs: 100 });
  while (server.requests.length === 0) await immediate();
  for (let turn = 0; turn < 20; turn += 1) await immediate();
  // The close and the end of the window fall due while nothing can run.
  blockFor(300);
  expect((await observing).outcome).toMatchObject({ kind: 'closed', closeCode: 1008 });
});

/** The whole process stands still for so many milliseconds. */
const blockFor = (timeoutMs: number): void => {
  const cell = { index: 0, value: 0 };
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), cell.index, cell.value, timeoutMs);
};
