import type { OpenWebSocket } from '../../../net/websocket/connected.ts';
import type { ModelError } from '../error.ts';
import { streamError } from '../request/failure.ts';
import { readMessage } from './message.ts';
import type { Message } from './message.ts';

/**
 * A WebSocket as a queue of text messages. Whatever ends it drops the connection at once: no close handshake is waited
 * for, and by the time anybody hears of the end the connection is gone (spec/transport.md 2.4, trap 17).
 */
export interface Connection {
  readonly isOpen: boolean;
  /**
   * Resolves when the message was handed to the system, which a peer that stops reading prevents (trap 18).
   * @throws why the connection ended
   */
  send(text: string, timeoutMs: number): Promise<void>;
  /**
   * What has come since the last call, at least one message. Pings do not count as messages (trap 15).
   * @throws why the connection ended, once everything that came before was taken
   */
  receive(idleTimeoutMs: number): Promise<readonly Message[]>;
  /** What has come and nobody waited for. */
  takeWaiting(): readonly Message[];
  /** Ends it: what waits is thrown `reason`, and what has come is forgotten. */
  drop(reason?: unknown): void;
}

/** Messages that may wait for their reader; then the peer has to. */
const MAX_WAITING_MESSAGES = 1_600;
const NO_CLOSE_FRAME = 1006;

/** @param open paused, as `Network.openWebSocket` hands it over */
export function connectionOver({ socket, connection }: OpenWebSocket): Connection {
  let waiting: Message[] = [];
  let ended: { readonly reason: unknown } | undefined;
  let brokenBy = 'without a word';
  const listeners = new Set<() => void>();
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  const end = (reason: unknown): void => {
    if (ended) return;
    ended = { reason };
    socket.terminate();
    tell();
  };
  const take = (): readonly Message[] => {
    const taken = waiting;
    waiting = [];
    if (socket.isPaused) socket.resume();
    return taken;
  };

  socket.on('message', (data: Buffer, isBinary: boolean) => {
    if (ended) return;
    if (isBinary) {
      end(streamError('the provider sent a binary message, and only text is understood'));
      return;
    }
    waiting.push(readMessage(data));
    if (waiting.length === MAX_WAITING_MESSAGES) socket.pause();
    if (waiting.length === 1) tell();
  });
  connection.on('error', (error: NodeJS.ErrnoException) => {
    brokenBy = error.code ?? brokenBy;
  });
  socket.on('error', (error: NodeJS.ErrnoException) =>
    end(streamError(`what the provider sent is no WebSocket frame (${error.code ?? 'UNKNOWN'})`)),
  );
  socket.on('close', (code: number) =>
    end(
      streamError(
        code === NO_CLOSE_FRAME
          ? `the WebSocket broke before the response was complete (${brokenBy})`
          : `the provider closed the WebSocket before the response was complete (close code ${code})`,
      ),
    ),
  );
  socket.resume();

  return {
    get isOpen() {
      return !ended;
    },
    send: (text, timeoutMs) =>
      new Promise((resolve, reject) => {
        const settle = (): void => {
          clearTimeout(timer);
          listeners.delete(check);
          if (ended) reject(asError(ended.reason));
          else resolve();
        };
        const check = (): void => {
          if (ended) settle();
        };
        const timer = setTimeout(
          () => end(streamError('the request could not be sent: the provider takes no more data')),
          timeoutMs,
        );
        if (ended) return settle();
        listeners.add(check);
        socket.send(text, (error) => {
          if (error) end(streamError('the request could not be sent: the WebSocket broke'));
          settle();
        });
      }),
    receive: async (idleTimeoutMs) => {
      if (waiting.length === 0 && !ended)
        await next(listeners, idleTimeoutMs, () => end(idleError(idleTimeoutMs)));
      if (waiting.length > 0) return take();
      throw asError(ended?.reason);
    },
    takeWaiting: take,
    drop: (reason = streamError('the WebSocket was closed')) => {
      waiting = [];
      end(reason);
    },
  };
}

const idleError = (timeoutMs: number): ModelError =>
  streamError(`the provider sent nothing for ${timeoutMs / 1_000} s`);

/** Resolves when something has come or the connection has ended. */
function next(listeners: Set<() => void>, idleTimeoutMs: number, onIdle: () => void): Promise<void> {
  return new Promise((resolve) => {
    // On a busy machine what came in time may not have been read when the time is over.
    const timer = setTimeout(() => setImmediate(() => listeners.has(wake) && onIdle()), idleTimeoutMs);
    const wake = (): void => {
      clearTimeout(timer);
      listeners.delete(wake);
      resolve();
    };
    listeners.add(wake);
  });
}

const asError = (reason: unknown): Error =>
  reason instanceof Error ? reason : new Error('the request was aborted', { cause: reason });
