import type { UnauthorizedRecovery } from '../auth/recovery.ts';
import type { AskedFor, ModelObserver } from './observer.ts';
import type { AttemptFacts, RecoveryFacts } from '../../telemetry/facts/attempt.ts';
import { answerIds } from './request/answer-ids.ts';
import type { ModelError } from './error.ts';
import type { ErrorAnswer } from './request/status-error.ts';

/** An answer 401, and the failure that it stands for where nothing can be tried. */
export interface Unauthorized {
  readonly answer: Pick<ErrorAnswer, 'headers'>;
  readonly error: ModelError;
}

/**
 * Takes one step after a 401 (spec/transport.md 4.6) and tells the observer what it came to. For HTTP answers and refused
 * WebSocket upgrades alike.
 * @returns what the next attempt follows
 * @throws ModelError of the step that failed, or the 401 itself when there is no step left
 */
export async function recoverOnce(
  recovery: UnauthorizedRecovery,
  { answer, error }: Unauthorized,
  { observer, scope }: { readonly observer: Pick<ModelObserver, 'recovery'>; readonly scope: AskedFor },
): Promise<NonNullable<AttemptFacts['recovery']>> {
  const { mode, phase } = recovery;
  const step = await recovery.next();
  const facts: RecoveryFacts = {
    ...answerIds(answer.headers),
    mode,
    phase,
    outcome: step.outcome,
    ...(step.outcome === 'recovery_not_run' && { reason: step.reason }),
    ...(step.outcome === 'recovery_succeeded' && { authStateChanged: step.authStateChanged }),
  };
  observer.recovery(facts, scope);
  switch (step.outcome) {
    case 'recovery_succeeded':
      return { mode, phase };
    case 'recovery_not_run':
      throw error;
    case 'recovery_failed_permanent':
    case 'recovery_failed_transient':
      throw step.error;
  }
}
