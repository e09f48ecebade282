import type { ModelError } from '../model/error.ts';
import type { Transport } from '../model/client.ts';
import { backOffMs } from '../model/request/back-off.ts';
import type { EventMsg } from '../protocol/event.ts';
import { causeOf, isWorthRetrying, statusOf } from './failure.ts';

export interface RetryOptions {
  /** How often a failed stream is asked for again (`stream_max_retries`). */
  readonly maxRetries: number;
  readonly client: { readonly transport: Transport; fallBackToHttp(): boolean };
  readonly emit: (msg: EventMsg) => void;
  /** Rejects when `signal` aborts. */
  readonly wait: (delayMs: number, signal: AbortSignal) => Promise<void>;
  /** 0 to 1. */
  readonly random: () => number;
  readonly signal: AbortSignal;
  /** Told of each further attempt. */
  readonly onRetry: () => void;
}

/**
 * Asks until there is an answer, the failure is not worth it, or the budget is spent. A spent budget on a WebSocket
 * gives the transport up for the whole thread and starts a new budget over HTTP (spec/transport.md 2.6, trap 25).
 */
export async function withRetries<Value>(ask: () => Promise<Value>, options: RetryOptions): Promise<Value> {
  const { maxRetries, client, emit, wait, random, signal, onRetry } = options;
  let retries = 0;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (signal.aborted || !isWorthRetrying(error)) throw error;
      if (retries < maxRetries) {
        retries += 1;
        // The first hiccup of a socket is no news: it may simply have grown too old.
        const isSilent = retries === 1 && client.transport === 'websocket';
        if (!isSilent) emit(retryNotice(error, `${retries}/${maxRetries}`));
        await wait(delayBefore(retries, error, random), signal);
      } else if (client.fallBackToHttp()) {
        retries = 0;
        // Warnings are put on record, which has no words of a server.
        emit({
          type: 'warning',
          message: `WebSockets failed (${causeOf(error)}) and are given up for HTTP.`,
        });
      } else {
        throw error;
      }
      onRetry();
    }
  }
}

function retryNotice(error: ModelError, count: string): EventMsg {
  return {
    type: 'stream_error',
    message: `Reconnecting… ${count}`,
    info: { kind: 'response_stream_disconnected', http_status_code: statusOf(error.failure) },
    details: error.message,
  };
}

/** What the server asked for holds to the letter; otherwise doubling with jitter (trap 45). */
function delayBefore(retry: number, { failure }: ModelError, random: () => number): number {
  if (failure.kind === 'stream' && failure.delayMs !== undefined) return failure.delayMs;
  return backOffMs(retry, random);
}
