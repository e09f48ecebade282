// A long answer over a WebSocket, and the time to the first message on one that is open already: our transport against
// a bare `ws` client that does nothing with what it gets. Each is a process of its own, and so is the server. Prints
// ratios; nothing is asserted, since a machine's mood is no fault of the code.
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Asked, Cost } from './websocket-client.ts';

const DELTAS = 100_000;
const ROUNDS = { warmUp: 3, measured: 11 };
const OURS = 'stethos';
const TARGET = { stream: 1.5, latency: 2 };
const SHAPES = [
  { name: 'each message written alone', query: '' },
  { name: 'many messages in a chunk', query: '?chunks=large' },
] as const;

const children: ChildProcess[] = [];
try {
  const [port] = (await once(
    start('../fixtures/programs/websocket-stream-server.ts', String(DELTAS)),
    'message',
  )) as [number];
  const address = `http://127.0.0.1:${port}/v1`;
  for (const { name, query } of SHAPES) {
    const costs = await compare([OURS, 'bare', 'bare and JSON'], { url: address + query, what: 'stream' });
    console.log(`${DELTAS} deltas, ${name}: CPU`);
    report(costs, ({ cpuMs }) => cpuMs, TARGET.stream);
  }
  const costs = await compare([OURS, 'bare'], { url: `${address}?answer=short`, what: 'latency' });
  console.log('from the request to the first message on a warm socket');
  report(costs, ({ firstMs }) => firstMs, TARGET.latency);
} finally {
  for (const child of children) child.kill();
}

function start(file: string, argument: string): ChildProcess {
  const child = fork(join(import.meta.dirname, file), [argument]);
  children.push(child);
  return child;
}

/** Interleaved rounds, so that a slow second of the machine hits all alike. */
async function compare(names: readonly string[], asked: Asked): Promise<Map<string, readonly Cost[]>> {
  const clients = names.map((name) => ({
    name,
    child: start('websocket-client.ts', name),
    costs: [] as Cost[],
  }));
  for (let round = -ROUNDS.warmUp; round < ROUNDS.measured; round += 1) {
    for (const { name, child, costs } of clients) {
      child.send(asked);
      const [cost] = (await once(child, 'message')) as [Cost];
      if (asked.what === 'stream' && cost.seen < DELTAS)
        throw new Error(`${name} saw ${cost.seen} of ${DELTAS}`);
      if (round >= 0) costs.push(cost);
    }
  }
  for (const { child } of clients) child.kill();
  return new Map(clients.map(({ name, costs }) => [name, costs]));
}

function report(
  costs: ReadonlyMap<string, readonly Cost[]>,
  valueOf: (cost: Cost) => number,
  target: number,
): void {
  const median = (name: string): number => {
    const values = (costs.get(name) ?? []).map(valueOf).toSorted((a, b) => a - b);
    return values[values.length >> 1] ?? 0;
  };
  const ours = median(OURS);
  for (const name of costs.keys()) {
    if (name === OURS) continue;
    const ratio = ours / median(name);
    const verdict = ratio <= target ? 'met' : 'missed';
    console.log(
      `  against ${name.padEnd(16)} ${ratio.toFixed(2)}x (at most ${target}x: ${verdict})  ${ours.toFixed(2)} ms against ${median(name).toFixed(2)}`,
    );
  }
}
