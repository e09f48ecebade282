/** How far an attempt to talk to another machine came before it failed (DESIGN section 2). */
export type NetworkPhase = 'resolve' | 'connect' | 'tls' | 'proxy' | 'http' | 'websocket' | 'protocol';

/** The network's part of the closed list of failure classes, with the phase that each belongs to by default. */
export const NETWORK_FAILURE_CLASSES = {
  dns: 'resolve',
  refused: 'connect',
  reset: 'connect',
  unreachable: 'connect',
  timeout: 'connect',
  closed: 'connect',
  tls_untrusted: 'tls',
  tls_expired: 'tls',
  tls_hostname: 'tls',
  tls_other: 'tls',
  proxy_auth: 'proxy',
  proxy_refused: 'proxy',
  http_unauthorized: 'http',
  http_forbidden: 'http',
  http_not_found: 'http',
  http_rate_limited: 'http',
  http_server_error: 'http',
  http_other: 'http',
  intercepted: 'http',
  ws_rejected: 'websocket',
  ws_bad_accept: 'websocket',
  ws_closed_early: 'websocket',
  protocol: 'protocol',
} as const satisfies Record<string, NetworkPhase>;

export type NetworkFailureClass = keyof typeof NETWORK_FAILURE_CLASSES;

/** What an attempt failed with: a class of the closed list and the facts beside it. Never holds a secret. */
export interface NetworkFailure {
  readonly class: NetworkFailureClass;
  readonly phase: NetworkPhase;
  readonly httpStatus?: number;
  /** An errno, a library code such as `CERT_HAS_EXPIRED` or `SQLITE_CORRUPT`, or the endpoint's own such as `invalid_api_key`. */
  readonly code?: string;
  readonly closeCode?: number;
  readonly requestId?: string;
  readonly cfRay?: string;
  readonly retryAfterMs?: number;
  /** One sentence without a final stop that names the hop and what happened there. */
  readonly message: string;
}
