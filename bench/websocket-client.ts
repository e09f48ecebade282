// The clients of a WebSocket in bench/transport.ts: `node websocket-client.ts NAME`.
import { once } from 'node:events';
import type { WebSocket } from 'ws';
import { plainRequest } from '../fixtures/model-request.ts';
import { eventsOf, threadAt, user } from '../fixtures/model-thread.ts';
import { plainNetwork } from '../fixtures/network.ts';
import type { ModelRequest, TurnClient } from '../src/agent/model/client.ts';
import type { ModelObserver } from '../src/agent/model/observer.ts';
import { serveClients } from './client-process.ts';
import type { BenchClient } from './client-process.ts';
import { listening, nobodyListens } from './listening.ts';
import { openWebSocket } from '../src/net/websocket/open.ts';
import type { WebSocketDependencies } from '../src/net/websocket/open.ts';

/** A conversation of some length, as it is sent whole. */
const input = Array.from({ length: 20 }, (_, index) => user(`message ${index} `.repeat(40)));
const END = Buffer.from('{"type":"response.completed"');

serveClients({
  stethos: (baseUrl) => stethos(baseUrl, nobodyListens),
  told: (baseUrl) => stethos(baseUrl, listening()),
  bare: (baseUrl) => bare(baseUrl, () => undefined),
  'bare and JSON': (baseUrl) => bare(baseUrl, (data) => JSON.parse(data.toString())),
});

async function stethos(baseUrl: string, observer: ModelObserver): Promise<BenchClient> {
  const { client } = threadAt(baseUrl, { observer });
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

const direct: WebSocketDependencies = {
  routeFor: () => ({ kind: 'direct' }),
  trust: () => plainNetwork().trust(),
};

/** The same socket with a listener that does nothing, and a text that is ready to be sent. */
async function bare(baseUrl: string, use: (data: Buffer) => void): Promise<BenchClient> {
  const url = `${baseUrl.replace('http', 'ws')}/responses`;
  const { socket } = await openWebSocket({ url, headers: {}, timeoutMs: 10_000 }, direct);
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

function untilEnd(socket: WebSocket, use: (data: Buffer) => void): Promise<number> {
  return new Promise((resolve) => {
    let messages = 0;
    const onMessage = (data: Buffer): void => {
      messages += 1;
      use(data);
      // Cheaper than any look into the message: this byte differs between the end and a delta.
      if (data[18] === END[18] && data.subarray(0, END.length).equals(END)) {
        socket.off('message', onMessage);
        resolve(messages);
      }
    };
    socket.on('message', onMessage);
  });
}
