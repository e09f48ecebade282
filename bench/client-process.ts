// What the clients of bench/transport.ts have in common: each is alone in its process, as it would be in a program.

/** What a client is asked to do. */
export interface Asked {
  readonly baseUrl: string;
  readonly what: 'stream' | 'latency';
}

/** What it cost. */
export interface Cost {
  /** Text deltas that it saw, or events where it does not look into them. */
  readonly seen: number;
  /** CPU of one whole answer, in user and system mode. */
  readonly cpuMs: number;
  /** Median from the call to the first event of an answer. */
  readonly firstMs: number;
}

export interface BenchClient {
  /** One whole answer; gives how many deltas came. */
  stream(): Promise<number>;
  /** Milliseconds until the first event came; what follows it is read as well. */
  first?(): Promise<number>;
}

const LATENCY = { warmUp: 50, rounds: 300 };

/**
 * Answers what the parent asks with the client that the command line names. A client stays from one answer to the next,
 * with its warm connection.
 */
export function serveClients(
  clients: Readonly<Record<string, (baseUrl: string) => Promise<BenchClient>>>,
): void {
  const open = clients[process.argv[2] ?? ''];
  if (!open) throw new Error(`no such client: ${process.argv[2]}`);
  const opened = new Map<string, Promise<BenchClient>>();
  process.on('message', ({ baseUrl, what }: Asked) => {
    const client = opened.get(baseUrl) ?? open(baseUrl);
    opened.set(baseUrl, client);
    void client.then(what === 'stream' ? costOf : latencyOf).then((cost) => process.send?.(cost));
  });
}

async function costOf(client: BenchClient): Promise<Cost> {
  const before = process.cpuUsage();
  const seen = await client.stream();
  const { user, system } = process.cpuUsage(before);
  return { seen, cpuMs: (user + system) / 1_000, firstMs: 0 };
}

async function latencyOf(client: BenchClient): Promise<Cost> {
  const times: number[] = [];
  for (let round = -LATENCY.warmUp; round < LATENCY.rounds; round += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const time = (await client.first?.()) ?? 0;
    if (round >= 0) times.push(time);
  }
  return { seen: 0, cpuMs: 0, firstMs: times.toSorted((a, b) => a - b)[times.length >> 1] ?? 0 };
}
