/*
 * What telemetry costs: CPU of a turn with 100,000 text deltas whose facts go to OpenTelemetry (the real SDKs, exporters
 * that throw everything away), against the same turn that nobody hears. Both are processes of their own and take turns,
 * so that a slow second of the machine hits both; shown are medians and their ratio in one run. Nothing is asserted.
 * Run with `node bench/telemetry.ts`.
 */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Asked, Cost } from './client-process.ts';

const DELTAS = 100_000;
const ROUNDS = { warmUp: 3, measured: 11 };
const AT_MOST = 1.1;
/** As the provider writes: a handful of deltas in a chunk, and as much as fits, where the client's own work is all there is. */
const SHAPES = ['handful', 'large'] as const;

const start = (file: string, argument: string): ChildProcess =>
  fork(join(import.meta.dirname, file), [argument]);

const server = start('../fixtures/programs/response-stream-server.ts', String(DELTAS));
const clients = ['told', 'alone'].map((name) => start('telemetry-client.ts', name));
try {
  const [port] = (await once(server, 'message')) as [number];
  for (const shape of SHAPES) {
    const costs: [number[], number[]] = [[], []];
    const asked: Asked = { baseUrl: `http://127.0.0.1:${port}/${shape}/v1`, what: 'stream' };
    for (let round = -ROUNDS.warmUp; round < ROUNDS.measured; round += 1)
      for (const [index, client] of clients.entries()) {
        client.send(asked);
        const [{ seen, cpuMs }] = (await once(client, 'message')) as [Cost];
        if (seen < DELTAS) throw new Error(`a client saw ${seen} of ${DELTAS} deltas`);
        if (round >= 0) costs[index === 0 ? 0 : 1].push(cpuMs);
      }
    const [told, alone] = costs.map(median);
    const ratio = (told ?? 0) / (alone ?? 1);
    const verdict = ratio <= AT_MOST ? 'met' : 'missed';
    console.log(
      `${shape.padEnd(8)}  told ${(told ?? 0).toFixed(0)} ms  alone ${(alone ?? 0).toFixed(0)} ms  ${ratio.toFixed(3)}x  <= ${AT_MOST}: ${verdict}`,
    );
  }
} finally {
  for (const child of [...clients, server]) child.kill();
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}
