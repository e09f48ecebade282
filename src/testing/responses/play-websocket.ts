import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { WireEvent } from './events.ts';
import { flat, pause } from './play-http.ts';
import { isRefusal } from './script.ts';
import type { Action, Actions, Refusal, Step } from './script.ts';

export interface PlayedConnection {
  readonly webSocket: WebSocket;
  /** Below the frames. */
  readonly socket: Socket;
  /** The client is gone. */
  readonly gone: AbortSignal;
}

/** Answers a request for a response in frames; the connection stays unless the script ends it. */
export async function playOverWebSocket(step: Step, connection: PlayedConnection): Promise<void> {
  if (isRefusal(step)) {
    connection.webSocket.send(JSON.stringify(errorFrame(step)));
    return;
  }
  for (const action of flat(actionsOf(step))) {
    if (connection.gone.aborted) return;
    await play(action, connection);
  }
}

function actionsOf(step: Exclude<Step, Refusal>): Actions {
  if ('unanswered' in step) return [{ end: step.unanswered }];
  return 'actions' in step ? step.actions : step;
}

const errorFrame = ({ status, headers = {}, body = '' }: Refusal): WireEvent => ({
  type: 'error',
  status,
  headers,
  ...(typeof body === 'string' ? { error: { message: body } } : body),
});

async function play(action: Action, { webSocket, socket, gone }: PlayedConnection): Promise<void> {
  if ('type' in action) await send(webSocket, JSON.stringify(action));
  else if ('pauseMs' in action) await pause(action.pauseMs, gone);
  else if ('half' in action) socket.write(halfFrame(JSON.stringify(action.half)));
  else if ('keepAlive' in action) webSocket.ping();
  else if ('raw' in action) socket.write(action.raw);
  else if ('text' in action) await send(webSocket, action.text);
  else if ('bytes' in action) await send(webSocket, action.bytes);
  else if ('close' in action) webSocket.close(action.close, action.reason);
  else if (action.end === 'reset') socket.resetAndDestroy();
  else if (action.end === 'drop') socket.destroy();
}

/** Resolves when it was written, so that what happens below the messages happens after it; a lost client is no matter. */
const send = (webSocket: WebSocket, data: string | Uint8Array): Promise<void> =>
  new Promise((resolve) => {
    webSocket.send(data, () => resolve());
  });

/** The head of a text frame of 16-bit length (RFC 6455 section 5.2) and half of what it promises. */
function halfFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  const head = Buffer.from([0x81, 126, payload.length >> 8, payload.length & 0xff]);
  return Buffer.concat([head, payload.subarray(0, payload.length >> 1)]);
}
