import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import type { JsonObject } from '../../host/json.ts';
import type { Connections } from './connections.ts';
import type { Desk } from './desk.ts';
import { playOverWebSocket } from './play-websocket.ts';
import type { Refusal, UpgradeStep } from './script.ts';

export interface WebSocketService {
  readonly desk: Desk;
  readonly numberOf: Connections['numberOf'];
}

type AcceptedUpgrade = Exclude<UpgradeStep, string>;

const SWITCHING_PROTOCOLS = 101;
const isAccept = (line: string): boolean => line.startsWith('Sec-WebSocket-Accept:');
/** A digest of the right length for no key that anybody knows. */
const ACCEPT_OF_ANOTHER_KEY = `Sec-WebSocket-Accept: ${Buffer.alloc(20).toString('base64')}`;

/** What to do with an upgrade, and with the requests that come over the WebSocket then. */
export function serveWebSocket(
  service: WebSocketService,
): (request: IncomingMessage, socket: Socket, head: Buffer) => void {
  const server = new WebSocketServer({ noServer: true, perMessageDeflate: true });
  const accept = (step: AcceptedUpgrade, request: IncomingMessage, socket: Socket, head: Buffer): void => {
    // Raised within `handleUpgrade`, so that it is about this upgrade.
    server.once('headers', (lines: string[]) => {
      if (step.accept === 'wrong') lines.splice(lines.findIndex(isAccept), 1, ACCEPT_OF_ANOTHER_KEY);
      for (const [name, value] of Object.entries(step.headers ?? {})) lines.push(`${name}: ${value}`);
    });
    server.handleUpgrade(request, socket, head, (webSocket) => {
      converse(webSocket, request, service);
      if (step.reads !== false) return;
      socket.pause();
      if (step.readsAfterMs !== undefined) setTimeout(() => socket.resume(), step.readsAfterMs).unref();
    });
  };
  return (request, socket, head) => {
    const step = service.desk.upgrade(request.url ?? '', request.headers);
    if (step === 'silent') socket.on('end', () => socket.end()).resume();
    else if (step === 'reset') socket.resetAndDestroy();
    else if (step === 'drop') socket.destroy();
    else if (step.status === SWITCHING_PROTOCOLS) accept(step, request, socket, head);
    else socket.end(refusalText(step));
  };
}

function converse(
  webSocket: WebSocket,
  { url = '', headers, socket }: IncomingMessage,
  { desk, numberOf }: WebSocketService,
): void {
  const gone = new AbortController();
  const receive = async (data: Buffer): Promise<void> => {
    const { type, ...body } = JSON.parse(data.toString('utf8')) as JsonObject;
    if (type === 'response.processed') {
      const { response_id: id } = body;
      if (typeof id === 'string') desk.noteProcessed(id);
      return;
    }
    const recorded = { transport: 'websocket', url, headers, body, connection: numberOf(socket) } as const;
    const step = await desk.request(recorded);
    await playOverWebSocket(step, { webSocket, socket, gone: gone.signal });
  };
  webSocket.on('error', () => undefined);
  webSocket.on('close', () => gone.abort());
  // A message that cannot be read ends the connection.
  webSocket.on('message', (data: Buffer) => void receive(data).catch(() => socket.destroy()));
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
