import type { Socket } from 'node:net';
import { systemClock } from '../../host/clock.ts';
import { codeOf } from './codes.ts';
import { sinceMs } from './resolve.ts';
import type { Address } from './resolve.ts';
import type { ConnectAttempt, ConnectTrace } from './trace.ts';

/** Begins a connection; the socket says how that went. */
export type OpenSocket = (address: string, port: number) => Socket;

export interface Connected {
  /** Absent when every address failed, or when the signal came first. */
  readonly socket?: Socket;
  readonly trace: ConnectTrace;
}

interface Running extends Address {
  readonly socket: Socket;
  readonly begunAt: number;
  ended?: { readonly state: 'connected' | 'failed'; readonly code?: string; readonly durationMs: number };
}

/** Pause before the next address is tried beside the one that has not answered (RFC 8305, section 5). */
const ATTEMPT_DELAY_MS = 250;

export const openSocket: OpenSocket = (host, port) =>
  process.getBuiltinModule('node:net').connect({ host, port, noDelay: true });

/**
 * Tries addresses in their order, side by side where one is slow; the first that connects wins and the others are
 * destroyed. Never rejects; returns when the signal aborts.
 */
export async function connect(
  addresses: readonly Address[],
  { port, open, signal }: { readonly port: number; readonly open: OpenSocket; readonly signal: AbortSignal },
): Promise<Connected> {
  const begunAt = systemClock.elapsed();
  const attempts: Running[] = [];
  const waiting = [...addresses];
  let delay: NodeJS.Timeout | undefined;

  const winner = await new Promise<Running | undefined>((finish) => {
    const begin = (): void => {
      clearTimeout(delay);
      const next = waiting.shift();
      if (!next) return;
      const attempt: Running = { ...next, begunAt: systemClock.elapsed(), socket: open(next.address, port) };
      attempts.push(attempt);
      attempt.socket.once('connect', () => {
        attempt.ended = { state: 'connected', durationMs: sinceMs(attempt.begunAt) };
        finish(attempt);
      });
      // Stays for good: an error of a socket that nobody listens to would end the process.
      attempt.socket.on('error', (error) => {
        attempt.ended ??= { state: 'failed', code: codeOf(error), durationMs: sinceMs(attempt.begunAt) };
        if (waiting.length > 0) begin();
        else if (attempts.every(({ ended }) => ended)) finish(undefined);
      });
      if (waiting.length > 0) delay = setTimeout(begin, ATTEMPT_DELAY_MS);
    };
    signal.addEventListener('abort', () => finish(undefined), { once: true });
    if (signal.aborted || waiting.length === 0) finish(undefined);
    else begin();
  });

  clearTimeout(delay);
  waiting.length = 0;
  for (const { socket } of attempts) if (socket !== winner?.socket) socket.destroy();
  const trace = { port, attempts: attempts.map(traceOf), durationMs: sinceMs(begunAt) };
  return winner ? { socket: winner.socket, trace } : { trace };
}

function traceOf({ address, family, begunAt, ended }: Running): ConnectAttempt {
  return { address, family, state: 'pending', durationMs: sinceMs(begunAt), ...ended };
}
