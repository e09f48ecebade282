// One client of bench/transport.ts, alone in its process, as it would be in a program: `node transport-client.ts NAME`.
// Each message is an address to ask; the answer is what the whole response cost.
import { createParser } from 'eventsource-parser';
import OpenAI from 'openai';
import { plainRequest, providerAt } from '../fixtures/model-request.ts';
import { createHttpTransport } from '../src/agent/model/http/transport.ts';
import { createTurnState } from '../src/agent/model/request/turn-state.ts';
import { systemClock } from '../src/host/clock.ts';
import { files } from '../src/host/files.ts';
import { createNetwork } from '../src/net/network.ts';

/** What one response cost a client. */
export interface Cost {
  /** Text deltas that it saw, or events where it does not look into them. */
  readonly seen: number;
  readonly cpuMs: number;
}

const network = createNetwork({
  environment: () => ({ values: {}, originOf: () => undefined }),
  caVariables: [],
  files,
  cwd: process.cwd(),
});

const clients: Readonly<Record<string, (url: URL) => Promise<number>>> = {
  stethos,
  openai,
  parser: (url) => parse(url, () => {}),
  'parser and JSON': (url) => parse(url, (data) => JSON.parse(data)),
};

const ask = clients[process.argv[2] ?? ''];
if (!ask) throw new Error(`no such client: ${process.argv[2]}`);
process.on('message', (address: string) => {
  void costOf(() => ask(new URL(address))).then((cost) => process.send?.(cost));
});

async function costOf(run: () => Promise<number>): Promise<Cost> {
  const before = process.cpuUsage();
  const seen = await run();
  const { user, system } = process.cpuUsage(before);
  return { seen, cpuMs: (user + system) / 1_000 };
}

async function stethos(url: URL): Promise<number> {
  const transport = createHttpTransport({
    network,
    provider: providerAt(`${url.origin}${url.pathname}`, {
      resolved: { queryParameters: Object.fromEntries(url.searchParams) },
    }),
    identity: { originator: 'bench', userAgent: 'bench', installationId: 'bench' },
    compressesRequests: false,
    observer: { attempt: () => {}, recovery: () => {} },
    clock: systemClock,
    random: Math.random,
  });
  const context = { threadId: 't', sessionId: 's', windowId: 't:0', turnState: createTurnState() };
  const { signal } = new AbortController();
  let deltas = 0;
  for await (const batch of transport.stream(plainRequest(), context, signal))
    for (const event of batch) if (event.type === 'text_delta') deltas += 1;
  return deltas;
}

async function openai(url: URL): Promise<number> {
  const client = new OpenAI({
    apiKey: 'key',
    baseURL: `${url.origin}${url.pathname}`,
    defaultQuery: Object.fromEntries(url.searchParams),
    maxRetries: 0,
  });
  let deltas = 0;
  for await (const event of await client.responses.create({ model: 'm', input: 'Hello', stream: true }))
    if (event.type === 'response.output_text.delta') deltas += 1;
  return deltas;
}

/** The same kind of connection and the same parser, and nothing else. */
async function parse(url: URL, use: (data: string) => void): Promise<number> {
  const dispatcher = await network.dispatcher();
  const decoder = new TextDecoder();
  let events = 0;
  const parser = createParser({
    onEvent: ({ data }) => {
      events += 1;
      use(data);
    },
  });
  return new Promise((resolve, reject) => {
    dispatcher.dispatch(
      { origin: url.origin, path: `${url.pathname}/responses${url.search}`, method: 'POST', body: '{}' },
      {
        onRequestStart: () => {},
        onResponseStart: () => {},
        onResponseData: (_controller, chunk) => parser.feed(decoder.decode(chunk, { stream: true })),
        onResponseEnd: () => resolve(events),
        onResponseError: (_controller, error) => reject(error),
      },
    );
  });
}
