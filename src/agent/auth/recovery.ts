import type { RecoveryMode, RecoveryNotRunReason, RecoveryPhase } from '../../telemetry/facts/attempt.ts';
import type { ModelError } from '../model/error.ts';

/** What one step after a 401 came to. */
export type RecoveryStep =
  /** Send the request again. */
  | { readonly outcome: 'recovery_succeeded'; readonly authStateChanged: boolean }
  /** `error` ends the turn as unauthorized. */
  | { readonly outcome: 'recovery_failed_permanent'; readonly error: ModelError }
  /** `error` is retryable. */
  | { readonly outcome: 'recovery_failed_transient'; readonly error: ModelError }
  /** Nothing left to try: the 401 stands as it came. */
  | { readonly outcome: 'recovery_not_run'; readonly reason: RecoveryNotRunReason };

/**
 * What is tried after a 401, one step for each (spec/transport.md 4.6): reload the stored login, then renew it; or ask
 * whoever hands out the token. Made fresh for every model request.
 */
export interface UnauthorizedRecovery {
  readonly mode: RecoveryMode;
  /** The step that `next` would take. */
  readonly phase: RecoveryPhase;
  next(): Promise<RecoveryStep>;
}
