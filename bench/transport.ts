/*
 * What the embedded agent costs on the way from the provider: CPU for a response of 100,000 text deltas, and the time to
 * the first event on a warm socket, as ratios in one run. Every client is a process of its own, and so is the server.
 * Rounds take turns, so that a slow second of the machine hits all alike; shown are medians. Nothing is asserted, since
 * a machine's mood is no fault of the code. Run with `node bench/transport.ts`.
 *
 * "A handful" is the stream that the targets mean: a provider writes as the model goes, and what waits together in a
 * socket is read together. The server pauses between these chunks. Without that they pile up, a WebSocket is read 64 KiB
 * at a time, and the row is the last one again. The pause is much of why the row is met: the socket's own work stands on
 * both sides of the ratio. The other rows are written without a pause. With 500 in a chunk the socket costs nothing and
 * the client is all there is, as with a recorded response or a program that was busy: the strictest row.
 *
 * Bare is the same connection (undici with eventsource-parser, or ws) with a listener that does nothing. It finds no
 * text in an event; "bare and JSON" is the least that does so by the book.
 *
 * "Facts told" is the transport with somebody who listens, against the same without; of a whole turn it is half as much.
 */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Asked, Cost } from './client-process.ts';

const DELTAS = 100_000;
const ROUNDS = { warmUp: 3, measured: 11 };

interface Peer {
  readonly file: string;
  readonly name: string;
  /** Undefined for what is only shown. */
  readonly target?: number;
}
interface Comparison {
  readonly title: string;
  readonly what: Asked['what'];
  readonly shape: string;
  readonly ours: Peer;
  readonly peers: readonly Peer[];
}

const SSE = 'event-stream-client.ts';
const WEBSOCKET = 'websocket-client.ts';
const AT_MOST = { stream: 1.5, openai: 0.5, latency: 2, told: 1.1 };
const SHAPES = [
  { shape: 'handful', title: 'a handful in a chunk' },
  { shape: 'single', title: 'each in a chunk of its own' },
  { shape: 'large', title: '500 in a chunk' },
] as const;

const streams = SHAPES.flatMap(({ shape, title }): Comparison[] => {
  const bare = (file: string): Peer[] => [
    { file, name: 'bare', target: AT_MOST.stream },
    { file, name: 'bare and JSON' },
  ];
  // Its own work hides the chunks, and takes a second for each round.
  const openai = shape === 'handful' ? [{ file: SSE, name: 'openai', target: AT_MOST.openai }] : [];
  const stream = { what: 'stream', shape } as const;
  return [
    {
      ...stream,
      title: `SSE, ${title}`,
      ours: { file: SSE, name: 'stethos' },
      peers: [...bare(SSE), ...openai],
    },
    {
      ...stream,
      title: `WebSocket, ${title}`,
      ours: { file: WEBSOCKET, name: 'stethos' },
      peers: bare(WEBSOCKET),
    },
  ];
});
const comparisons: readonly Comparison[] = [
  ...streams,
  {
    title: 'Thread over SSE, a handful in a chunk',
    what: 'stream',
    shape: 'handful',
    ours: { file: 'thread-client.ts', name: 'thread' },
    peers: [{ file: SSE, name: 'stethos' }],
  },
  ...SHAPES.flatMap(({ shape, title }) =>
    [SSE, WEBSOCKET].map((file): Comparison => ({
      title: `Facts told, ${file === SSE ? 'SSE' : 'WebSocket'}, ${title}`,
      what: 'stream',
      shape,
      ours: { file, name: 'told' },
      peers: [{ file, name: 'stethos', target: AT_MOST.told }],
    })),
  ),
  {
    title: 'First event on a warm WebSocket',
    what: 'latency',
    shape: 'short',
    ours: { file: WEBSOCKET, name: 'stethos' },
    peers: [{ file: WEBSOCKET, name: 'bare', target: AT_MOST.latency }],
  },
];

const children = new Set<ChildProcess>();
try {
  const server = start('../fixtures/programs/response-stream-server.ts', String(DELTAS));
  const port = await answerOf<number>(server);
  printRow(['', 'ours', 'against', '', 'ratio', 'target']);
  for (const comparison of comparisons) await compare(comparison, `http://127.0.0.1:${port}`);
} finally {
  for (const child of children) child.kill();
}

async function compare(comparison: Comparison, origin: string): Promise<void> {
  const { ours, peers, shape, what, title } = comparison;
  const clients = [ours, ...peers].map(({ file, name }) => ({
    name,
    child: start(file, name),
    values: [] as number[],
  }));
  const asked: Asked = { baseUrl: `${origin}/${shape}/v1`, what };
  for (let round = -ROUNDS.warmUp; round < ROUNDS.measured; round += 1) {
    for (const { name, child, values } of clients) {
      child.send(asked);
      const { seen, cpuMs, firstMs } = await answerOf<Cost>(child);
      if (what === 'stream' && seen < DELTAS) throw new Error(`${name} saw ${seen} of ${DELTAS} deltas`);
      if (round >= 0) values.push(what === 'stream' ? cpuMs : firstMs);
    }
  }
  const [mine = 0, ...theirs] = clients.map(({ child, values }) => {
    stop(child);
    return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
  });
  for (const [index, { name, target }] of peers.entries()) {
    const ratio = mine / (theirs[index] ?? 0);
    const verdict = target === undefined ? '' : `<= ${target}: ${ratio <= target ? 'met' : 'missed'}`;
    printRow([
      index === 0 ? title : '',
      index === 0 ? inMs(mine) : '',
      name,
      inMs(theirs[index] ?? 0),
      `${ratio.toFixed(2)}x`,
      verdict,
    ]);
  }
}

function start(file: string, argument: string): ChildProcess {
  const child = fork(join(import.meta.dirname, file), [argument]);
  children.add(child);
  return child;
}

function stop(child: ChildProcess): void {
  children.delete(child);
  child.kill();
}

/** What a child says next. A child that ends instead ends the run. */
async function answerOf<Answer>(child: ChildProcess): Promise<Answer> {
  const listening = new AbortController();
  const { signal } = listening;
  const ended = once(child, 'exit', { signal }).then(() => {
    throw new Error(`a child ended: ${child.spawnargs.slice(1).join(' ')}`);
  });
  try {
    return (await Promise.race([once(child, 'message', { signal }).then(([said]) => said), ended])) as Answer;
  } finally {
    // The other one is told, and nobody hears it.
    ended.catch(() => undefined);
    listening.abort();
  }
}

function inMs(milliseconds: number): string {
  return `${milliseconds.toFixed(milliseconds < 10 ? 2 : 0)} ms`;
}

function printRow([
  title = '',
  ours = '',
  name = '',
  theirs = '',
  ratio = '',
  target = '',
]: readonly string[]): void {
  const columns = [
    title.padEnd(41),
    ours.padStart(8),
    name.padEnd(14),
    theirs.padStart(8),
    ratio.padStart(6),
    target,
  ];
  console.log(columns.join('  ').trimEnd());
}
