import { NETWORK_FAILURE_CLASSES } from '../net/failure.ts';
import type { NetworkPhase } from '../net/failure.ts';

/** How far an attempt came before it failed (DESIGN section 2). */
export type FailurePhase =
  | NetworkPhase
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
  ...NETWORK_FAILURE_CLASSES,
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
