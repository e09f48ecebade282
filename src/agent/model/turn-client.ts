import type { TurnClient, ModelRequest } from './client.ts';
import type { ModelEvent } from './event.ts';
import type { HttpTransport } from './http/transport.ts';
import type { RequestContext } from './request/headers.ts';
import type { TurnState } from './request/turn-state.ts';
import type { Prewarm } from './prewarm.ts';
import { HttpRequiredError } from './websocket/connect.ts';
import type { WebsocketTransport } from './websocket/transport.ts';

/** What a turn needs of the client of its thread. */
export interface ThreadModel {
  readonly http: HttpTransport;
  readonly websocket: WebsocketTransport;
  /** WebSockets are supported, and were not given up. */
  usesWebsocket(): boolean;
  /** False when they were not in use. */
  giveUpWebsocket(): boolean;
  contextOf(turnState: TurnState): RequestContext;
  /** The one that a turn may have to wait for. */
  prewarm(): Prewarm | undefined;
  /** The thread asked for something, so that nothing is left to make ready. */
  noteRequest(): void;
  readonly sendsProcessed: boolean;
}

const GENERATES = { generates: true } as const;

export interface TurnClientOptions {
  /** Of the connection that was made ready for this turn, or a fresh one. */
  readonly turnState: TurnState;
  readonly avoidsWebsocket: boolean;
}

export function createTurnClient(
  thread: ThreadModel,
  { turnState, avoidsWebsocket }: TurnClientOptions,
): TurnClient {
  let isHttpOnly = avoidsWebsocket;
  const usesWebsocket = (): boolean => !isHttpOnly && thread.usesWebsocket();

  async function* stream(
    request: ModelRequest,
    signal: AbortSignal,
  ): AsyncGenerator<readonly ModelEvent[], void, undefined> {
    signal.throwIfAborted();
    thread.noteRequest();
    // Nobody waits longer than the bound of the prewarm; this turn goes another way then, and the next may try again.
    const warmed = usesWebsocket() ? await thread.prewarm()?.waitedFor(signal) : undefined;
    if (warmed === 'timed_out') isHttpOnly = true;
    const context = thread.contextOf(turnState);
    if (usesWebsocket()) {
      try {
        yield* thread.websocket.stream(request, context, { signal, ...GENERATES });
        return;
      } catch (error) {
        if (!(error instanceof HttpRequiredError)) throw error;
        thread.giveUpWebsocket();
      }
    }
    yield* thread.http.stream(request, context, signal);
  }

  return {
    get transport() {
      return usesWebsocket() ? 'websocket' : 'http';
    },
    stream,
    processed: async (responseId) => {
      if (thread.sendsProcessed && usesWebsocket()) await thread.websocket.processed(responseId);
    },
    fallBackToHttp: () => usesWebsocket() && thread.giveUpWebsocket(),
    // The connection belongs to the thread; what was not finished has been dropped when its loop was left.
    close: () => undefined,
  };
}
