// CPU of a client for a long answer over server-sent events: our transport, a bare event parser on the same kind of
// connection, and the official client. Each is a process of its own, and so is the server. Prints ratios; nothing is
// asserted, since a machine's mood is no fault of the code.
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Cost } from './transport-client.ts';

const DELTAS = 100_000;
const ROUNDS = { warmUp: 3, measured: 11 };
const PEERS = [
  { name: 'parser', target: 1.5 },
  { name: 'parser and JSON', target: 1.5 },
  { name: 'openai', target: 0.5 },
] as const;
const OURS = 'stethos';
const SHAPES = [
  { name: 'each event in a chunk of its own', query: '' },
  { name: 'many events in a chunk', query: '?chunks=large' },
] as const;

const children: ChildProcess[] = [];
try {
  const server = start('event-stream-server.ts', String(DELTAS));
  const [port] = (await once(server, 'message')) as [number];
  for (const { name, query } of SHAPES) {
    const medians = await compare(
      [OURS, ...PEERS.map((peer) => peer.name)],
      `http://127.0.0.1:${port}/v1${query}`,
    );
    const oursMs = medians.get(OURS) ?? 0;
    console.log(`${DELTAS} deltas, ${name}: ${oursMs.toFixed(0)} ms of CPU`);
    for (const peer of PEERS) print(peer, oursMs, medians.get(peer.name) ?? 0);
  }
} finally {
  for (const child of children) child.kill();
}

function start(file: string, argument: string): ChildProcess {
  const child = fork(join(import.meta.dirname, file), [argument]);
  children.push(child);
  return child;
}

/** Medians of interleaved rounds, so that a slow second of the machine hits all alike. */
async function compare(names: readonly string[], address: string): Promise<Map<string, number>> {
  const clients = names.map((name) => ({
    name,
    child: start('transport-client.ts', name),
    spent: [] as number[],
  }));
  for (let round = -ROUNDS.warmUp; round < ROUNDS.measured; round += 1) {
    for (const { name, child, spent } of clients) {
      child.send(address);
      const [cost] = (await once(child, 'message')) as [Cost];
      if (cost.seen < DELTAS) throw new Error(`${name} saw ${cost.seen} of ${DELTAS} deltas`);
      if (round >= 0) spent.push(cost.cpuMs);
    }
  }
  for (const { child } of clients) child.kill();
  return new Map(
    clients.map(({ name, spent }) => [name, spent.toSorted((a, b) => a - b)[spent.length >> 1] ?? 0]),
  );
}

function print(peer: (typeof PEERS)[number], oursMs: number, theirsMs: number): void {
  const ratio = oursMs / theirsMs;
  const verdict = ratio <= peer.target ? 'met' : 'missed';
  console.log(
    `  against ${peer.name.padEnd(16)} ${ratio.toFixed(2)}x (at most ${peer.target}x: ${verdict})  ${theirsMs.toFixed(0)} ms`,
  );
}
