// A thousand turns with a random fault each, over HTTP and WebSocket, on threads that come and go: `node soak.ts [SEED]`.
// Every turn ends once, nothing is lost, and nothing grows.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { agentAt } from '../fixtures/turn-faults/agent-at.ts';
import type { Wire } from '../fixtures/turn-faults/agent-at.ts';
import { faultNames } from './soak-faults.ts';
import { runLane } from './soak-lane.ts';
import type { SoakTurn, TurnEnd } from './soak-lane.ts';
import { measureHoldings, slopeOf } from './soak-measure.ts';
import type { Holdings } from './soak-measure.ts';
import { seeded } from './soak-random.ts';

const BATCHES = 10;
const LANES_PER_WIRE = 5;
const TURNS_PER_LANE = 10;
const WIRES: readonly Wire[] = ['http', 'websocket'];
const TURNS_PER_BATCH = WIRES.length * LANES_PER_WIRE * TURNS_PER_LANE;
/**
 * A leak of one request or history per turn is ten times these. The resident set grows by steps of 32 MiB and comes to
 * rest (2,500 turns: 3.5 per batch), so that its bound only shows what is far off.
 */
const MAX_GROWTH_MIB_PER_BATCH = { heap: 0.3, external: 0.3, resident: 16 };
/** Until then code is loaded and compiled. */
const WARM_UP_BATCHES = 2;
const LIMITS = {
  request_max_retries: 1,
  stream_max_retries: 2,
  stream_idle_timeout_ms: 1_000,
  websocket_connect_timeout_ms: 10_000,
};

const ENDS: readonly TurnEnd[] = ['done', 'failed', 'aborted'];

const seed = Number(process.argv[2] ?? Date.now() % 1_000_000);
const random = seeded(seed);
const violations: string[] = [];
const turns: SoakTurn[] = [];
const onViolation = (what: string): void => void violations.push(what);
process.on('unhandledRejection', (error) => onViolation(`unhandled rejection: ${String(error)}`));
console.log(`seed ${seed}`);

const server = fork(join(import.meta.dirname, 'soak-server.ts'));
try {
  const [{ baseUrl }] = (await once(server, 'message')) as [{ readonly baseUrl: string }];
  const atStart = await measureHoldings();
  const samples = await soak(baseUrl);
  const atEnd = await measureHoldings();
  printTurns();
  printHoldings([atStart, ...samples, atEnd]);
  checkGrowth(samples.slice(WARM_UP_BATCHES));
  await checkLeftovers(atStart, atEnd);
} finally {
  server.kill();
}
for (const what of violations) console.log(`VIOLATION ${what}`);
console.log(violations.length === 0 ? 'nothing grew, nothing was lost' : `${violations.length} violations`);
process.exitCode = violations.length === 0 ? 0 : 1;

/** What is held after each batch, when no thread is left. */
async function soak(baseUrl: string): Promise<Holdings[]> {
  const samples: Holdings[] = [];
  await using places = new AsyncDisposableStack();
  const agents = WIRES.map((wire) => places.use(agentAt(baseUrl, wire, { limits: LIMITS })));
  let last = 0;
  const nextTurn = (): number => (last += 1);
  for (let batch = 0; batch < BATCHES; batch += 1) {
    const lanes = agents.flatMap(({ agent, home }) =>
      Array.from({ length: LANES_PER_WIRE }, () =>
        runLane({
          agent,
          home,
          random: seeded(random() * 2 ** 32),
          turns: TURNS_PER_LANE,
          nextTurn,
          onTurn: (turn) => void turns.push(turn),
          onViolation,
        }),
      ),
    );
    // oxlint-disable-next-line no-await-in-loop -- one batch after the other
    await Promise.all(lanes);
    // oxlint-disable-next-line no-await-in-loop -- one batch after the other
    samples.push(await measureHoldings());
  }
  return samples;
}

function printTurns(): void {
  const row = (title: string, those: readonly SoakTurn[]): void =>
    printRow(title, [
      those.length,
      ...ENDS.map((wanted) => those.filter(({ end }) => end === wanted).length),
    ]);
  printRow('\nfault', ['turns', ...ENDS]);
  for (const name of faultNames)
    row(
      name,
      turns.filter(({ plan }) => plan.fault === name),
    );
  row('all', turns);
}

function printRow(title: string, cells: readonly (string | number)[]): void {
  console.log(`${title.padEnd(14)}${cells.map((cell) => String(cell).padStart(10)).join('')}`);
}

function printHoldings(all: readonly Holdings[]): void {
  printRow('\nafter turns', ['heap MiB', 'external', 'resident', 'files', 'resources']);
  for (const [index, { heapMiB, externalMiB, residentMiB, descriptors, resources }] of all.entries()) {
    const isLast = index === all.length - 1;
    const title = isLast ? 'all is closed' : String(index * TURNS_PER_BATCH);
    const kinds = Object.entries(resources).map(([kind, count]) => `  ${kind} ${count}`);
    printRow(
      title,
      [heapMiB, externalMiB, residentMiB].map((size) => size.toFixed(1)).concat(String(descriptors), kinds),
    );
  }
}

function checkGrowth(samples: readonly Holdings[]): void {
  const growth = {
    heap: slopeOf(samples.map(({ heapMiB }) => heapMiB)),
    external: slopeOf(samples.map(({ externalMiB }) => externalMiB)),
    resident: slopeOf(samples.map(({ residentMiB }) => residentMiB)),
  };
  for (const kind of ['heap', 'external', 'resident'] as const) {
    const [grown, most] = [growth[kind], MAX_GROWTH_MIB_PER_BATCH[kind]];
    console.log(`${kind}: ${grown.toFixed(2)} MiB per ${TURNS_PER_BATCH} turns (at most ${most})`);
    if (!(grown <= most)) onViolation(`the ${kind} memory grows`);
  }
}

async function checkLeftovers(before: Holdings, after: Holdings): Promise<void> {
  const wanted = BATCHES * TURNS_PER_BATCH;
  if (turns.length !== wanted) onViolation(`${turns.length} turns of ${wanted} ended`);
  if (after.descriptors > before.descriptors)
    onViolation(`${after.descriptors - before.descriptors} file descriptors were left open`);
  for (const [kind, count] of Object.entries(after.resources))
    if (count > (before.resources[kind] ?? 0)) onViolation(`${kind} was left: ${count}`);
  server.send('connections');
  const [{ openConnections }] = (await once(server, 'message')) as [{ readonly openConnections: number }];
  if (openConnections > 0) onViolation(`${openConnections} connections were left open`);
}
