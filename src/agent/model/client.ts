import type { ResponseItem } from '../protocol/item.ts';
import type { JsonValue } from '../../host/json.ts';
import type { TraceContext } from '../../telemetry/observer.ts';
import type { ToolSpec } from '../tools/spec.ts';
import type { ModelEvent } from './event.ts';
import type { ModelInfo } from './info.ts';

/** One request to the model as the turn loop means it; the transport decides how it is written. */
export interface ModelRequest {
  readonly model: ModelInfo;
  /** Base instructions; empty leaves the key out. */
  readonly instructions: string;
  /** The whole conversation so far, with item ids. */
  readonly input: readonly ResponseItem[];
  /** Byte-stable from request to request of a thread. */
  readonly tools: readonly ToolSpec[];
  readonly parallelToolCalls: boolean;
  readonly effort: string | undefined;
  readonly summary: 'auto' | 'concise' | 'detailed' | 'none';
  readonly verbosity: 'low' | 'medium' | 'high' | undefined;
  readonly serviceTier: string | undefined;
  readonly outputSchema: { readonly schema: JsonValue; readonly strict: boolean } | undefined;
  /** Usually the thread's id. */
  readonly promptCacheKey: string;
  /** `x-codex-turn-metadata`: the object, which the transport writes in ASCII. */
  readonly turnMetadata: Readonly<Record<string, JsonValue>> | undefined;
  /** W3C trace context of the caller's span at this request. */
  readonly trace?: TraceContext | undefined;
  /** The turn that asks; absent before the first one. For facts alone. */
  readonly turnId?: string | undefined;
  /** For facts alone. Default: a turn. */
  readonly purpose?: 'turn' | 'compaction' | 'prewarm' | undefined;
}

export type Transport = 'http' | 'websocket' | 'scripted';

/**
 * The model of one thread. Keeps what outlives a turn: the WebSocket and what it remembers, and whether WebSockets were
 * given up.
 */
export interface ModelClient {
  /**
   * Starts a turn: its token for sticky routing belongs to it alone (trap 5).
   * @param options `avoidsWebsocket`: it has waited for the prewarm in vain, and goes over HTTP (DECISIONS 9)
   */
  startTurn(options?: { readonly avoidsWebsocket: boolean }): TurnClient;
  /**
   * Connects and warms the first request up (`generate: false`) where the transport can; resolves with what came of it and
   * never rejects. A turn that starts meanwhile waits for it no longer than `websocketConnectTimeoutMs` from its start.
   */
  prewarm(request: ModelRequest, signal: AbortSignal): Promise<PrewarmOutcome>;
  /** The conversation's window was replaced by a compaction: nothing sent before is reused. */
  advanceWindow(): void;
  /**
   * The conversation in the provider's own short form (`POST responses/compact`, spec/transport.md 1.10); undefined where
   * the provider has no such thing, and the core writes a summary itself.
   * @throws ModelError
   */
  readonly compact:
    | ((request: ModelRequest, signal: AbortSignal) => Promise<readonly ResponseItem[]>)
    | undefined;
  /** Drops the connection. */
  close(): void;
}

export type PrewarmOutcome = 'ready' | 'failed' | 'timed_out' | 'cancelled' | 'not_scheduled';

export interface TurnClient {
  readonly transport: Transport;
  /**
   * One response, in batches: each array holds what one read of the connection brought, so that a long answer costs no
   * promise per delta. Ends after `completed`. Leaving the loop, or `signal`, stops the transport at once.
   * The recovery from a 401 and the retries of one request happen inside.
   * @throws ModelError
   */
  stream(request: ModelRequest, signal: AbortSignal): AsyncIterable<readonly ModelEvent[]>;
  /** Best effort `response.processed` (spec/transport.md 2.5); nothing over HTTP. Never rejects. */
  processed(responseId: string): Promise<void>;
  /** Gives WebSockets up for the whole thread; false when they were not in use, and nothing changes. */
  fallBackToHttp(): boolean;
  /** Puts the connection back for the next turn. */
  close(): void;
}
