import type { ModelClient } from './model/client.ts';
import type { ModelObserver } from './model/observer.ts';
import type { ModelProvider } from './provider/provider.ts';

/** A model provider with the client that talks to it. */
export interface AgentModel {
  readonly provider: ModelProvider;
  readonly createClient: (thread: ModelThread) => ModelClient;
}

/** The thread that a client is made for. */
export interface ModelThread {
  readonly threadId: string;
  readonly sessionId: string;
  /** Hears of the thread's own requests. */
  readonly observer: ModelObserver;
}
