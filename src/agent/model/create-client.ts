import type { Clock } from '../../host/clock.ts';
import type { Network } from '../../net/network.ts';
import type { ModelProvider } from '../provider/provider.ts';
import type { ModelClient } from './client.ts';
import type { HttpTransport } from './http/transport.ts';
import type { ModelObserver } from './observer.ts';
import { startPrewarm } from './prewarm.ts';
import type { Prewarm } from './prewarm.ts';
import type { ClientIdentity, RequestContext } from './request/headers.ts';
import { createTurnState } from './request/turn-state.ts';
import type { TurnState } from './request/turn-state.ts';
import { createTurnClient } from './turn-client.ts';
import type { ThreadModel } from './turn-client.ts';
import { createWebsocketTransport } from './websocket/transport.ts';

export interface ModelClientOptions {
  readonly provider: ModelProvider;
  readonly network: Pick<Network, 'openWebSocket'>;
  readonly http: HttpTransport;
  readonly identity: ClientIdentity;
  readonly threadId: string;
  readonly sessionId: string;
  readonly observer: ModelObserver;
  readonly clock: Clock;
  readonly features: ModelClientFeatures;
}

export interface ModelClientFeatures {
  /** `responses_websocket_response_processed`. */
  readonly responseProcessed: boolean;
  /** `runtime_metrics`: frames that tell where the provider's time went. */
  readonly runtimeMetrics: boolean;
  /** Keys of the experimental features that are on. */
  readonly betaFeatures: readonly string[];
}

/** The display name that the provider of remote compaction goes by (trap 26). */
const OPENAI = 'OpenAI';

/** The model of one thread, over WebSocket where that works and over HTTP otherwise (spec/transport.md 2.6). */
export function createModelClient(options: ModelClientOptions): ModelClient {
  const { provider, http, threadId, sessionId, observer, features } = options;
  const websocket = createWebsocketTransport({ ...options, asksForTiming: features.runtimeMetrics });
  let windowGeneration = 0;
  let isWebsocketGivenUp = false;
  let hasAsked = false;
  let prewarm: Prewarm | undefined;
  let warmTurnState: TurnState | undefined;

  const contextOf = (turnState: TurnState): RequestContext => ({
    threadId,
    sessionId,
    windowId: `${threadId}:${windowGeneration}`,
    betaFeatures: features.betaFeatures,
    turnState,
  });
  const usesWebsocket = (): boolean => provider.supportsWebsockets && !isWebsocketGivenUp;
  const giveUpWebsocket = (): boolean => {
    if (!usesWebsocket()) return false;
    isWebsocketGivenUp = true;
    websocket.retire();
    observer.fallback?.();
    return true;
  };
  const thread: ThreadModel = {
    http,
    websocket,
    usesWebsocket,
    giveUpWebsocket,
    contextOf,
    prewarm: () => prewarm,
    noteRequest: () => {
      hasAsked = true;
    },
    sendsProcessed: features.responseProcessed,
  };
  const canCompact = provider.name === OPENAI || provider.isAzure;
  return {
    startTurn: ({ avoidsWebsocket } = { avoidsWebsocket: false }) => {
      const turnState = warmTurnState ?? createTurnState();
      warmTurnState = undefined;
      return createTurnClient(thread, { turnState, avoidsWebsocket });
    },
    prewarm: async (request, signal) => {
      if (!usesWebsocket() || hasAsked || prewarm) return 'not_scheduled';
      // The turn that comes first is the one that this connection was made for.
      warmTurnState = createTurnState();
      prewarm = startPrewarm(request, {
        websocket,
        context: contextOf(warmTurnState),
        timeoutMs: provider.limits.websocketConnectTimeoutMs,
        signal,
        onHttpRequired: giveUpWebsocket,
      });
      return prewarm.outcome;
    },
    advanceWindow: () => {
      windowGeneration += 1;
      websocket.retire();
    },
    compact: canCompact
      ? (request, signal) => http.compact(request, contextOf(createTurnState()), signal)
      : undefined,
    close: () => websocket.close(),
  };
}
