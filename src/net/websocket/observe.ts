import type { WebSocket } from 'ws';
import { createShown } from '../http/shown.ts';
import type { WebSocketAsk, WebSocketObservation } from '../network.ts';
import type { WebSocketOutcome } from '../outcome.ts';
import { WebSocketError } from './error.ts';
import type { OpenWebSocket } from './connected.ts';
import { openWebSocket } from './open.ts';
import type { WebSocketDependencies } from './open.ts';

/** Codes that `ws` gives a close without a frame, and a close frame without a code (RFC 6455, section 7.4.1). */
const NO_CLOSE_FRAME = 1006;
const GOING_AWAY = 1001;
const MAX_REASON_LENGTH = 120;

/**
 * Opens a WebSocket, watches it for `windowMs` and closes it. Sends no frame besides the close. Never throws: whatever
 * happens is the outcome.
 */
export async function observeWebSocket(
  ask: WebSocketAsk,
  dependencies: WebSocketDependencies,
): Promise<WebSocketObservation> {
  const startedAt = performance.now();
  const { outcome, trace } = await openAndWatch(ask, dependencies);
  return { outcome, trace, durationMs: Math.round(performance.now() - startedAt) };
}

async function openAndWatch(
  ask: WebSocketAsk,
  dependencies: WebSocketDependencies,
): Promise<Pick<WebSocketObservation, 'outcome' | 'trace'>> {
  try {
    const open = await openWebSocket({ ...ask, isObserver: true }, dependencies).finally(ask.onAnswered);
    return { outcome: await watch(open, ask), trace: open.trace };
  } catch (error) {
    if (error instanceof WebSocketError) return error;
    throw error;
  }
}

function watch(
  { socket, connection, upgrade }: OpenWebSocket<WebSocket>,
  ask: WebSocketAsk,
): Promise<WebSocketOutcome> {
  const { OPEN } = socket;
  const openedAt = performance.now();
  const shown = createShown(new URL(ask.url), ask.headers);
  const { promise, resolve } = Promise.withResolvers<WebSocketOutcome>();
  let code = 'closed';
  const afterMs = (): number => Math.round(performance.now() - openedAt);
  const concludeOpen = (): void => {
    // A close that has begun is heard of within the close timeout.
    if (socket.readyState === OPEN) resolve({ kind: 'upgraded', upgrade });
  };
  // On a busy machine the window may end before what came in it has been read.
  const timer = setTimeout(() => setImmediate(concludeOpen), ask.windowMs);
  connection.on('error', (error: NodeJS.ErrnoException) => {
    code = error.code ?? code;
  });
  socket.on('error', (error: NodeJS.ErrnoException) =>
    resolve({ kind: 'malformed_frame', upgrade, code: error.code ?? 'UNKNOWN', afterMs: afterMs() }),
  );
  socket.on('close', (closeCode, reason) =>
    resolve(
      closeCode === NO_CLOSE_FRAME
        ? { kind: 'dropped', upgrade, code, afterMs: afterMs() }
        : {
            kind: 'closed',
            upgrade,
            closeCode,
            reason: shown(reason.toString('utf8'), MAX_REASON_LENGTH),
            afterMs: afterMs(),
          },
    ),
  );
  socket.resume();
  return promise.finally(() => {
    clearTimeout(timer);
    // Nobody waits for the answer; `ws` ends the connection when there is none.
    if (socket.readyState === OPEN) socket.close(GOING_AWAY);
  });
}
