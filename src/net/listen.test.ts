import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { listen } from './listen.ts';
import type { Listening, ListenOptions } from './listen.ts';
import { isLoopbackName, nameInHost } from './listen-names.ts';

async function server(options: Partial<ListenOptions> = {}): Promise<Listening> {
  const listening = await listen({
    host: '127.0.0.1',
    port: 0,
    isOwnName: isLoopbackName,
    answer: ({ path }) => ({ status: 200, contentType: 'text/plain', body: `you asked for ${path}` }),
    ...options,
  });
  onTestFinished(() => listening.close(0));
  return listening;
}

function open({ address }: Listening): Socket {
  const socket = connect(address.port, '127.0.0.1').setEncoding('latin1');
  onTestFinished(() => void socket.destroy());
  return socket;
}

/** Everything that comes back for these bytes until the server hangs up. */
async function converse(listening: Listening, bytes: string): Promise<string> {
  const socket = open(listening);
  let heard = '';
  socket.on('data', (chunk: string) => (heard += chunk));
  socket.on('error', () => undefined);
  socket.write(bytes);
  await once(socket, 'close');
  return heard;
}

const statusOf = (answer: string): string => answer.split('\r\n', 1)[0] ?? '';
const CLOSE = 'Host: localhost\r\nConnection: close\r\n';

test.each([
  ['GET', `GET /healthz?x=1 HTTP/1.1\r\n${CLOSE}\r\n`, 'HTTP/1.1 200 OK', 'you asked for /healthz'],
  ['HTTP/1.0 without a name', 'GET / HTTP/1.0\r\n\r\n', 'HTTP/1.1 200 OK', 'you asked for /'],
  [
    'POST',
    `POST / HTTP/1.1\r\n${CLOSE}Content-Length: 2\r\n\r\nxx`,
    'HTTP/1.1 405 Method Not Allowed',
    'Only GET',
  ],
  ['an unknown method', `BREW / HTTP/1.1\r\n${CLOSE}\r\n`, 'HTTP/1.1 400 Bad Request', ''],
  [
    'a body',
    `GET / HTTP/1.1\r\n${CLOSE}Content-Length: 9\r\n\r\n`,
    'HTTP/1.1 413 Payload Too Large',
    'no body',
  ],
  [
    'a body in pieces',
    `GET / HTTP/1.1\r\n${CLOSE}Transfer-Encoding: chunked\r\n\r\n`,
    'HTTP/1.1 413 Payload',
    '',
  ],
  [
    'two lengths',
    `GET / HTTP/1.1\r\n${CLOSE}Content-Length: 1\r\nContent-Length: 2\r\n\r\n`,
    'HTTP/1.1 400 Bad',
    '',
  ],
  [
    'a foreign name',
    'GET / HTTP/1.1\r\nHost: evil.example:9465\r\n\r\n',
    'HTTP/1.1 421 Misdirected Request',
    '',
  ],
  [
    'a large head',
    `GET / HTTP/1.1\r\n${CLOSE}X: ${'x'.repeat(20_000)}\r\n\r\n`,
    'HTTP/1.1 431 Request Header',
    '',
  ],
  ['TLS', '\u0016\u0003\u0001\u0002\u0000\u0001', 'HTTP/1.1 400 Bad Request', ''],
  ['an upgrade', `GET / HTTP/1.1\r\n${CLOSE}Upgrade: websocket\r\n\r\n`, 'HTTP/1.1 200 OK', ''],
])('%s', async (_, bytes, status, words) => {
  const answer = await converse(await server(), bytes);
  expect(statusOf(answer)).toContain(status);
  expect(answer).toContain(words);
});

test('HEAD has the head of GET and no body, and nothing tells what answers', async () => {
  const answer = await converse(await server(), `HEAD /x HTTP/1.1\r\n${CLOSE}\r\n`);
  expect(answer).toMatch(/\r\ncontent-length: 16\r\n/i);
  expect(answer).toMatch(/\r\n\r\n$/);
  expect(answer).not.toMatch(/node|stethos|x-powered-by|server:/i);
});

test('an answer that throws is 500 without the reason', async () => {
  const listening = await server({
    answer: () => {
      throw new Error('/home/ada');
    },
  });
  const answer = await converse(listening, `GET / HTTP/1.1\r\n${CLOSE}\r\n`);
  expect(statusOf(answer)).toBe('HTTP/1.1 500 Internal Server Error');
  expect(answer).not.toContain('ada');
});

test('who sends a head byte by byte, or nothing at all, is hung up on', async () => {
  const listening = await server({ limits: { headMs: 60, idleMs: 200, lookEveryMs: 20 } });
  const [half, silent] = [open(listening), open(listening)];
  half.on('error', () => undefined).resume();
  silent.on('error', () => undefined).resume();
  half.write('GET / HTTP/1.1\r\nX-Slow: ');
  const drip = setInterval(() => half.write('x'), 10);
  // Hung up on may mean reset: an error comes first then.
  await Promise.all([half, silent].map((socket) => new Promise((closed) => socket.once('close', closed))));
  clearInterval(drip);
  expect([half.destroyed, silent.destroyed]).toEqual([true, true]);
});

test('who does not read the answer is hung up on', async () => {
  const answered = Promise.withResolvers<void>();
  const listening = await server({
    limits: { idleMs: 100 },
    answer: () => ({ status: 200, contentType: 'text/plain', body: 'x'.repeat(64 * 1024 * 1024) }),
    onAnswered: () => answered.resolve(),
  });
  const socket = open(listening);
  socket.on('error', () => undefined).pause();
  socket.write(`GET / HTTP/1.1\r\n${CLOSE}\r\n`);
  await answered.promise;
  // Waits for the connection, and would wait for longer than a test may take.
  await listening.close(600_000);
  expect(socket.bytesRead).toBe(0);
});

test('connections beyond the limit are let fall, those within it are answered', async () => {
  const listening = await server({ limits: { connections: 2 } });
  const kept = [open(listening), open(listening)];
  await Promise.all(kept.map((socket) => once(socket, 'connect')));
  for (const socket of kept) {
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(socket, 'data');
  }
  expect(await converse(listening, `GET / HTTP/1.1\r\n${CLOSE}\r\n`)).toBe('');
});

test('closing gives an answer under way its time, and no more than that', async () => {
  const begun = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  const listening = await server({
    answer: async ({ path }) => {
      begun.resolve();
      await (path === '/slow' ? goOn.promise : new Promise(() => undefined));
      return { status: 200, contentType: 'text/plain', body: 'done' };
    },
  });
  const slow = converse(listening, 'GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n');
  const never = converse(listening, 'GET /never HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await begun.promise;
  const closed = listening.close(300);
  goOn.resolve();
  expect(await slow).toContain('done');
  expect(await never).toBe('');
  await closed;
});

test.each([
  [undefined, true],
  ['localhost:9465', true],
  ['LOCALHOST', true],
  ['agent.localhost', true],
  ['127.0.0.1:9465', true],
  ['127.1.2.3', true],
  ['[::1]:9465', true],
  ['127.0.0.1.evil.example', false],
  ['localhost.evil.example:80', false],
  ['evil.example', false],
  ['10.0.0.1', false],
  ['[::2]', false],
  ['', false],
])('Host %s is ours: %s', (host, isOurs) => expect(isLoopbackName(host)).toBe(isOurs));

test('the name in a Host header', () => expect(nameInHost('[FE80::1]:80')).toBe('fe80::1'));
