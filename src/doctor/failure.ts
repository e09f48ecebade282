import { NETWORK_FAILURE_CLASSES } from '../net/failure.ts';
import type { NetworkFailure, NetworkPhase } from '../net/failure.ts';

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
  rejected: 'record',
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

/** A failure of the network or of anything else, with the facts that any of them may have. */
export interface Failure extends Omit<NetworkFailure, 'class' | 'phase'> {
  readonly class: FailureClass;
  readonly phase: FailurePhase;
}

/** A failure with the phase that its class belongs to. */
export function failure(
  failureClass: FailureClass,
  message: string,
  more: Partial<Omit<Failure, 'class' | 'message'>> = {},
): Failure {
  return { class: failureClass, phase: FAILURE_CLASSES[failureClass], message, ...more };
}
