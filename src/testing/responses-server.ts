import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import type { JsonObject } from '../agent/protocol/json.ts';
import { createDesk } from './responses/desk.ts';
import { playOverHttp, refuse } from './responses/play-http.ts';
import { playOverWebSocket } from './responses/play-websocket.ts';
import { readBody } from './responses/read-request.ts';
import { isRefusal } from './responses/script.ts';
import type { RecordedRequest, RecordedUpgrade, Refusal, ServerScript } from './responses/script.ts';

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

const isAccept = (line: string): boolean => line.startsWith('Sec-WebSocket-Accept:');
/** A digest of the right length for no key that anybody knows. */
const ACCEPT_OF_ANOTHER_KEY = `Sec-WebSocket-Accept: ${Buffer.alloc(20).toString('base64')}`;

/**
 * A server of the Responses API on a free port of the loopback interface, over server-sent events and over WebSocket,
 * that answers and misbehaves by script and remembers what it was asked.
 */
export async function startResponsesServer(script: ServerScript = {}): Promise<ResponsesServer> {
  const { models = { models: [] } } = script;
  const sockets = new Map<Socket, { readonly number: number }>();
  const waiting = new Set<() => void>();
  const tell = (): void => waiting.forEach((look) => look());
  const desk = createDesk(script, tell);
  let connections = 0;

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = '', url = '', headers, socket } = request;
    const body = await readBody(request);
    const path = `${method} ${url.replace(/\?.*$/s, '')}`;
    const connection = sockets.get(socket)?.number ?? 0;
    if (path.endsWith('/responses/compact')) {
      const next = desk.compaction(body);
      refuse(isRefusal(next) ? next : { status: 200, body: next }, response);
    } else if (path.startsWith('POST') && path.endsWith('/responses')) {
      await playOverHttp(await desk.request({ transport: 'http', url, headers, body, connection }), response);
    } else if (path.startsWith('GET') && path.endsWith('/models')) {
      refuse(
        { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(models) },
        response,
      );
    } else refuse({ status: 404 }, response);
  };

  const server = createServer((request, response) => {
    response.on('error', () => undefined);
    // A body that cannot be read is a client that left.
    answer(request, response).catch(() => request.socket.destroy());
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.on('connection', (socket: Socket) => {
    connections += 1;
    sockets.set(socket, { number: connections });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      sockets.delete(socket);
      tell();
    });
    tell();
  });

  const webSocketServer = new WebSocketServer({ noServer: true, perMessageDeflate: true });
  const converse = (webSocket: WebSocket, request: IncomingMessage): void => {
    const { url = '', headers, socket } = request;
    const gone = new AbortController();
    const connection = { webSocket, socket, gone: gone.signal };
    webSocket.on('error', () => undefined);
    webSocket.on('close', () => gone.abort());
    webSocket.on('message', (data: Buffer) => {
      const { type, ...body } = JSON.parse(data.toString('utf8')) as JsonObject;
      if (type === 'response.processed') {
        const { response_id: id } = body;
        if (typeof id === 'string') desk.noteProcessed(id);
        return;
      }
      const number = sockets.get(socket)?.number ?? 0;
      const recorded = { transport: 'websocket', url, headers, body, connection: number } as const;
      desk
        .request(recorded)
        .then((step) => playOverWebSocket(step, connection))
        .catch(() => socket.destroy());
    });
  };
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    const step = desk.upgrade(request.url ?? '', request.headers);
    if (step === 'silent') socket.on('end', () => socket.end()).resume();
    else if (step === 'reset') socket.resetAndDestroy();
    else if (step === 'drop') socket.destroy();
    else if (step.status !== 101) socket.end(refusalText(step));
    else {
      const lines = Object.entries(step.headers ?? {}).map(([name, value]) => `${name}: ${value}`);
      webSocketServer.once('headers', (list: string[]) => {
        if (step.accept === 'wrong') list.splice(list.findIndex(isAccept), 1, ACCEPT_OF_ANOTHER_KEY);
        list.push(...lines);
      });
      webSocketServer.handleUpgrade(request, socket, head, (webSocket) => {
        converse(webSocket, request);
        if (step.reads !== false) return;
        socket.pause();
        if (step.readsAfterMs !== undefined) setTimeout(() => socket.resume(), step.readsAfterMs).unref();
      });
    }
  });

  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets.keys()) socket.destroy();
    await closed;
  };
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    requests: desk.requests,
    upgrades: desk.upgrades,
    compactions: desk.compactions,
    processed: desk.processed,
    get openConnections() {
      return sockets.size;
    },
    until: (condition) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!condition()) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function refusalText({ status, headers = {}, body = '' }: Refusal): string {
  const isJson = typeof body !== 'string';
  const text = isJson ? JSON.stringify(body) : body;
  const all = {
    ...(isJson && { 'content-type': 'application/json' }),
    'content-length': String(Buffer.byteLength(text)),
    connection: 'close',
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} Refused\r\n${lines.join('')}\r\n${text}`;
}
