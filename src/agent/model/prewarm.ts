import { unlessAborted } from '../../host/unless-aborted.ts';
import type { ModelRequest, PrewarmOutcome } from './client.ts';
import { ModelError } from './error.ts';
import type { RequestContext } from './request/headers.ts';
import type { WebsocketTransport } from './websocket/transport.ts';
import { HttpRequiredError } from './websocket/connect.ts';

/** A first request that only makes the server ready (spec/transport.md 2.6). */
export interface Prewarm {
  /** What came of it; never rejects. */
  readonly outcome: Promise<PrewarmOutcome>;
  /**
   * For a turn that has to wait. Aborting the turn aborts this as well: nobody else wants it.
   * @returns `undefined` when it was over already
   * @throws the reason of `signal`
   */
  waitedFor(signal: AbortSignal): Promise<PrewarmOutcome | undefined>;
}

export interface PrewarmOptions {
  readonly websocket: WebsocketTransport;
  readonly context: RequestContext;
  /** From now, for everything: connecting, sending and the answer (trap 23). */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** The provider wants HTTP for good. */
  readonly onHttpRequired: () => void;
}

/** Begins at once, in the background. */
export function startPrewarm(request: ModelRequest, options: PrewarmOptions): Prewarm {
  const { websocket, context, timeoutMs, signal, onHttpRequired } = options;
  const stop = new AbortController();
  let isOver = false;
  let ending: PrewarmOutcome = 'failed';
  const stopAs = (outcome: PrewarmOutcome): void => {
    ending = outcome;
    stop.abort(new Error(`the preparation of the connection ended: ${outcome}`));
  };
  const cancel = (): void => stopAs('cancelled');
  const timer = setTimeout(() => stopAs('timed_out'), timeoutMs);
  if (signal.aborted) cancel();
  else signal.addEventListener('abort', cancel);

  const run = async (): Promise<PrewarmOutcome> => {
    try {
      const events = websocket.stream(request, context, { signal: stop.signal, generates: false });
      for await (const _ of events) continue;
      return 'ready';
    } catch (error) {
      if (error instanceof HttpRequiredError) onHttpRequired();
      // The upgrade has the same bound as the whole, and its timer may be the first.
      return ending === 'failed' && isTimeout(error) ? 'timed_out' : ending;
    } finally {
      isOver = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
    }
  };
  const outcome = run();
  return {
    outcome,
    waitedFor: async (turnSignal) => {
      if (isOver) return undefined;
      try {
        return await unlessAborted(outcome, turnSignal);
      } catch (error) {
        cancel();
        throw error;
      }
    },
  };
}

const isTimeout = (error: unknown): boolean =>
  error instanceof ModelError && error.failure.kind === 'timeout';
