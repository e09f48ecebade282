import type { Files } from '../host/files.ts';
import type { HttpObservation, Network, WebSocketObservation } from '../net/network.ts';
import type { Authorization } from '../target/request/authorization.ts';
import type { IllegalHeader } from '../target/request/headers.ts';
import type { ProviderRoutes } from '../target/request/routes.ts';
import type { Target } from '../target/target.ts';
import type { ContextOptions } from './context.ts';

/**
 * The questions put to the model provider, each asked once however many checks want the answer. Each has a limit of its
 * own and none throws. Undefined: there is no provider to ask, or it has no such route.
 */
export interface Reachability {
  routes(): ProviderRoutes | undefined;
  /** What the requests below carry; runs a token command under `--deep`. */
  authorization(): Promise<Authorization>;
  /** Configured headers that no request can carry; the requests below go without them, as the agent's do. */
  illegalHeaders(): readonly IllegalHeader[];
  /** HEAD on the base URL, without a credential. */
  base(): Promise<HttpObservation | undefined>;
  /** GET of the model list with the credential, the cheapest thing that the agent itself asks for. */
  models(): Promise<HttpObservation | undefined>;
  /** The agent's own WebSocket upgrade with the credential; no frame is sent. */
  websocket(): Promise<WebSocketObservation | undefined>;
}

/** An answer of the HTTP routes that comes later is none: the doctor has to end. */
export const HTTP_TIMEOUT_MS = 6_000;
/** The agent itself may wait longer for an upgrade; the report says so. */
export const WEBSOCKET_TIMEOUT_MS = 8_000;
/** How long a fresh WebSocket is watched. Servers that refuse after 101 were seen to do so within 400 ms. */
export const WEBSOCKET_WINDOW_MS = 500;
export const DEEP_WEBSOCKET_WINDOW_MS = 3_000;

export interface ReachabilityOptions {
  readonly target: Target;
  readonly network: Network;
  readonly files: Files;
  /** Nothing is asked when offline: every question answers undefined. */
  readonly options: Pick<ContextOptions, 'cwd' | 'deep' | 'offline'>;
}

export function createReachability({ target }: ReachabilityOptions): Reachability {
  return {
    routes: () => target.routes(),
    authorization: () => Promise.resolve({ kind: 'unattached', mode: 'none', reason: 'none' }),
    illegalHeaders: () => [],
    base: () => Promise.resolve(undefined),
    models: () => Promise.resolve(undefined),
    websocket: () => Promise.resolve(undefined),
  };
}
