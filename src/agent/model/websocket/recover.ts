import type { UnauthorizedRecovery } from '../../auth/recovery.ts';
import type { AnswerIds, AttemptFacts, ModelObserver } from '../observer.ts';

/** The step after which a request is tried again. */
export type RecoveredBy = NonNullable<AttemptFacts['recovery']>;

/**
 * One step of the recovery after a 401 (spec/transport.md 4.6), told to the observer whatever comes of it.
 * @returns the step that makes another try worth while; undefined when nothing is left to try
 * @throws ModelError of a step that failed
 */
export async function recoverFrom401(
  recovery: UnauthorizedRecovery,
  { observer, ids }: { readonly observer: ModelObserver; readonly ids: AnswerIds },
): Promise<RecoveredBy | undefined> {
  const { mode, phase } = recovery;
  const step = await recovery.next();
  observer.recovery({
    ...ids,
    mode,
    phase,
    outcome: step.outcome,
    ...(step.outcome === 'recovery_not_run' && { reason: step.reason }),
    ...(step.outcome === 'recovery_succeeded' && { authStateChanged: step.authStateChanged }),
  });
  switch (step.outcome) {
    case 'recovery_succeeded':
      return { mode, phase };
    case 'recovery_not_run':
      return undefined;
    case 'recovery_failed_permanent':
    case 'recovery_failed_transient':
      throw step.error;
  }
}
