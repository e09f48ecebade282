import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JsonObject } from '../host/json.ts';
import { createAnnouncer } from './responses/announcer.ts';
import { watchConnections } from './responses/connections.ts';
import { createDesk } from './responses/desk.ts';
import type { RecordedRequest, RecordedUpgrade, ServerScript } from './responses/script.ts';
import { serveHttp } from './responses/serve-http.ts';
import { serveWebSocket } from './responses/serve-websocket.ts';

export interface ResponsesServer {
  /** What a provider's `base_url` is set to: `http://127.0.0.1:<port>/v1`. */
  readonly baseUrl: string;
  /** Requests for a response, in order; `generate: false` among them. */
  readonly requests: readonly RecordedRequest[];
  readonly upgrades: readonly RecordedUpgrade[];
  /** Bodies of `POST responses/compact`. */
  readonly compactions: readonly JsonObject[];
  /** Ids that `response.processed` named. */
  readonly processed: readonly string[];
  /** Connections that are open now. */
  readonly openConnections: number;
  /** Resolves when what was received (requests, upgrades, connections) makes the condition true. */
  until(condition: () => boolean): Promise<void>;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** A connection is the client's to end: one that it forgets is seen by whoever counts them. */
const KEEP_ALIVE_MS = 600_000;

/**
 * A server of the Responses API on a free port of the loopback interface, over server-sent events and over WebSocket,
 * that answers and misbehaves by script and remembers what it was asked.
 */
export async function startResponsesServer(script: ServerScript = {}): Promise<ResponsesServer> {
  const { models = { models: [] } } = script;
  const { tell, until } = createAnnouncer();
  const desk = createDesk(script, tell);
  const server = createServer();
  const connections = watchConnections(server, tell);
  const { numberOf } = connections;
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.on('request', serveHttp({ desk, models, numberOf }));
  server.on('upgrade', serveWebSocket({ desk, numberOf }));
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    connections.destroyAll();
    await closed;
  };
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    requests: desk.requests,
    upgrades: desk.upgrades,
    compactions: desk.compactions,
    processed: desk.processed,
    get openConnections() {
      return connections.count;
    },
    until,
    close,
    [Symbol.asyncDispose]: close,
  };
}
