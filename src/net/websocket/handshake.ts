import type { Socket } from 'node:net';
import { watchAnswerHead } from './answer-head.ts';

/** The time between the request on a connection and its answer. */
export interface Handshake {
  readonly connection: Socket;
  elapsedMs(): number;
  receivedBytes(): number;
  stop(): void;
}

export function watchHandshake(
  connection: Socket,
  {
    timeoutMs,
    onSilence,
    onSwitch,
  }: {
    readonly timeoutMs: number;
    readonly onSilence: (receivedBytes: number) => void;
    /** Called for every answer 101, also for one that was taken for an upgrade. */
    readonly onSwitch: (problem: string) => void;
  },
): Handshake {
  const startedAt = performance.now();
  const head = watchAnswerHead(connection, onSwitch);
  const timer = setTimeout(() => onSilence(head.receivedBytes), timeoutMs);
  return {
    connection,
    elapsedMs: () => Math.round(performance.now() - startedAt),
    receivedBytes: () => head.receivedBytes,
    stop: () => {
      clearTimeout(timer);
      head.stop();
    },
  };
}
