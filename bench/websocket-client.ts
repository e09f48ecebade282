// One client of bench/transport-websocket.ts, alone in its process: `node websocket-client.ts NAME`. Each message is an
// address to ask and what to measure; the socket stays warm from one message to the next.
import { once } from 'node:events';
import type { WebSocket } from 'ws';
import { plainRequest } from '../fixtures/model-request.ts';
import { eventsOf, plainNetwork, threadAt, user } from '../fixtures/model-thread.ts';
import type { ModelRequest, TurnClient } from '../src/agent/model/client.ts';

export interface Asked {
  readonly url: string;
  readonly what: 'stream' | 'latency';
}

export interface Cost {
  /** Text deltas that it saw, or messages where it does not look into them. */
  readonly seen: number;
  readonly cpuMs: number;
  /** Median from the call to the first message of the answer. */
  readonly firstMs: number;
}

interface Client {
  /** One whole answer. */
  stream(): Promise<number>;
  /** Milliseconds until the first message came; what follows it is read as well. */
  first(): Promise<number>;
}

const LATENCY_ROUNDS = 300;
const LATENCY_WARM_UP = 50;
/** A conversation of some length, as it is sent whole. */
const input = Array.from({ length: 20 }, (_, index) => user(`message ${index} `.repeat(40)));

const clients = {
  stethos,
  bare,
  'bare and JSON': (url: string) => bare(url, (data) => JSON.parse(data.toString())),
};
const open = clients[process.argv[2] as keyof typeof clients];
const opened = new Map<string, Promise<Client>>();
process.on('message', ({ url, what }: Asked) => {
  const client = opened.get(url) ?? open(url);
  opened.set(url, client);
  void client
    .then((ready) => (what === 'stream' ? costOf(ready) : latencyOf(ready)))
    .then((cost) => process.send?.(cost));
});

async function costOf(client: Client): Promise<Cost> {
  const before = process.cpuUsage();
  const seen = await client.stream();
  const { user: userTime, system } = process.cpuUsage(before);
  return { seen, cpuMs: (userTime + system) / 1_000, firstMs: 0 };
}

async function latencyOf(client: Client): Promise<Cost> {
  const times: number[] = [];
  for (let round = -LATENCY_WARM_UP; round < LATENCY_ROUNDS; round += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const time = await client.first();
    if (round >= 0) times.push(time);
  }
  return { seen: 0, cpuMs: 0, firstMs: times.toSorted((a, b) => a - b)[times.length >> 1] ?? 0 };
}

async function stethos(url: string): Promise<Client> {
  const at = new URL(url);
  const { client } = threadAt(`${at.origin}${at.pathname}`, {
    provider: { resolved: { queryParameters: Object.fromEntries(at.searchParams) } },
    observer: { attempt: () => undefined, recovery: () => undefined },
  });
  const turn: TurnClient = client.startTurn();
  const { signal } = new AbortController();
  let count = 0;
  // Each request differs from the one before, so that it is sent whole.
  const next = (): ModelRequest => plainRequest({ input, instructions: `Request ${(count += 1)}.` });
  await eventsOf(turn, next());
  return {
    stream: async () => {
      let deltas = 0;
      for await (const batch of turn.stream(next(), signal))
        for (const event of batch) if (event.type === 'text_delta') deltas += 1;
      return deltas;
    },
    first: async () => {
      const startedAt = performance.now();
      let firstMs = 0;
      for await (const _ of turn.stream(next(), signal)) firstMs ||= performance.now() - startedAt;
      return firstMs;
    },
  };
}

/** The same socket with a listener that does nothing, and a text that is ready to be sent. */
async function bare(url: string, use: (data: Buffer) => void = () => undefined): Promise<Client> {
  const { socket } = await plainNetwork().openWebSocket({
    url: url.replace('http', 'ws').replace('/v1', '/v1/responses'),
    headers: {},
    timeoutMs: 10_000,
  });
  const text = JSON.stringify({ ...plainRequest({ input }), type: 'response.create' });
  socket.resume();
  return {
    stream: async () => {
      socket.send(text);
      return untilEnd(socket, use);
    },
    first: async () => {
      const startedAt = performance.now();
      const first = once(socket, 'message').then(() => performance.now() - startedAt);
      const end = untilEnd(socket, use);
      socket.send(text);
      await end;
      return first;
    },
  };
}

const END = Buffer.from('{"type":"response.completed"');

function untilEnd(socket: WebSocket, use: (data: Buffer) => void): Promise<number> {
  return new Promise((resolve) => {
    let messages = 0;
    const onMessage = (data: Buffer): void => {
      messages += 1;
      use(data);
      // Cheaper than any look into the message: the end is longer than a delta only by chance, so its head decides.
      if (data[18] === END[18] && data.subarray(0, END.length).equals(END)) {
        socket.off('message', onMessage);
        resolve(messages);
      }
    };
    socket.on('message', onMessage);
  });
}
