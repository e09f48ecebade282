// The clients of server-sent events in bench/transport.ts: `node event-stream-client.ts NAME`.
import { createParser } from 'eventsource-parser';
import OpenAI from 'openai';
import { contextOf } from '../fixtures/http-transport.ts';
import { plainNetwork } from '../fixtures/network.ts';
import { plainRequest, providerAt } from '../fixtures/model-request.ts';
import { createHttpTransport } from '../src/agent/model/http/transport.ts';
import type { ModelObserver } from '../src/agent/model/observer.ts';
import { systemClock } from '../src/host/clock.ts';
import { serveClients } from './client-process.ts';
import { listening, nobodyListens } from './listening.ts';
import type { BenchClient } from './client-process.ts';

const network = plainNetwork();

serveClients({
  stethos: (baseUrl) => stethos(baseUrl, nobodyListens),
  told: (baseUrl) => stethos(baseUrl, listening()),
  openai,
  bare: (baseUrl) => bare(baseUrl, () => undefined),
  'bare and JSON': (baseUrl) => bare(baseUrl, (data) => JSON.parse(data)),
});

async function stethos(baseUrl: string, observer: ModelObserver): Promise<BenchClient> {
  const transport = createHttpTransport({
    network,
    provider: providerAt(baseUrl),
    identity: { originator: 'bench', userAgent: 'bench', installationId: 'bench' },
    compressesRequests: false,
    observer,
    clock: systemClock,
    random: Math.random,
  });
  return {
    stream: async () => {
      const { signal } = new AbortController();
      let deltas = 0;
      for await (const batch of transport.stream(plainRequest(), contextOf(), signal))
        for (const event of batch) if (event.type === 'text_delta') deltas += 1;
      return deltas;
    },
  };
}

async function openai(baseURL: string): Promise<BenchClient> {
  const client = new OpenAI({ apiKey: 'key', baseURL, maxRetries: 0 });
  return {
    stream: async () => {
      let deltas = 0;
      for await (const event of await client.responses.create({ model: 'm', input: 'Hello', stream: true }))
        if (event.type === 'response.output_text.delta') deltas += 1;
      return deltas;
    },
  };
}

/** The same kind of connection with the usual parser, and nothing else. */
async function bare(baseUrl: string, use: (data: string) => void): Promise<BenchClient> {
  const { origin, pathname } = new URL(baseUrl);
  const dispatcher = await network.dispatcher();
  return {
    stream: () =>
      new Promise((resolve, reject) => {
        const decoder = new TextDecoder();
        let events = 0;
        const parser = createParser({
          onEvent: ({ data }) => {
            events += 1;
            use(data);
          },
        });
        dispatcher.dispatch(
          { origin, path: `${pathname}/responses`, method: 'POST', body: '{}' },
          {
            onRequestStart: () => undefined,
            onResponseStart: () => undefined,
            onResponseData: (_controller, chunk) => parser.feed(decoder.decode(chunk, { stream: true })),
            onResponseEnd: () => resolve(events),
            onResponseError: (_controller, error) => reject(error),
          },
        );
      }),
  };
}
