import type { HttpObservation, WebSocketObservation } from '../net/network.ts';
import type { Authorization } from '../target/request/authorization.ts';
import type { ProviderRoutes } from '../target/request/routes.ts';

/**
 * The questions put to the model provider, each asked once however many checks want the answer. Each has a limit of its
 * own and none throws. Undefined: there is no provider to ask, or it has no such route.
 */
export interface Reachability {
  routes(): ProviderRoutes | undefined;
  /** What the requests below carry; runs a token command under `--deep`. */
  authorization(): Promise<Authorization>;
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
