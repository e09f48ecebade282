/** How far an attempt came before it failed (DESIGN section 2). */
export type FailurePhase =
  | 'resolve'
  | 'connect'
  | 'tls'
  | 'proxy'
  | 'http'
  | 'websocket'
  | 'protocol'
  | 'file'
  | 'database'
  | 'record'
  | 'configuration'
  | 'credential'
  | 'process';

/**
 * Every class a failure can be given, and the phase each belongs to by default. The list is closed and stable for
 * ever: schedulers and dashboards match on it. A class never contains a secret.
 */
export const FAILURE_CLASSES = {
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
  missing: 'file',
  unreadable: 'file',
  permissions: 'file',
  wrong_type: 'file',
  malformed: 'file',
  not_a_database: 'database',
  corrupt: 'database',
  locked: 'database',
  schema: 'database',
  duplicate: 'record',
  stale: 'record',
  mismatch: 'record',
  invalid_value: 'configuration',
  unknown_key: 'configuration',
  expired: 'credential',
  incomplete: 'credential',
  ambiguous: 'credential',
  spawn: 'process',
  exit: 'process',
  noise: 'process',
} as const satisfies Record<string, FailurePhase>;

export type FailureClass = keyof typeof FAILURE_CLASSES;

export interface Failure {
  readonly class: FailureClass;
  readonly phase: FailurePhase;
  readonly httpStatus?: number;
  /** An errno or library code such as `ECONNREFUSED` or `SQLITE_CORRUPT`. */
  readonly code?: string;
  readonly closeCode?: number;
  readonly requestId?: string;
  readonly cfRay?: string;
  readonly retryAfterMs?: number;
  readonly message: string;
}

/** A failure with the phase that its class belongs to. */
export function failure(
  failureClass: FailureClass,
  message: string,
  more: Partial<Omit<Failure, 'class' | 'message'>> = {},
): Failure {
  return { class: failureClass, phase: FAILURE_CLASSES[failureClass], message, ...more };
}
