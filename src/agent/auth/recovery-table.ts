import type { RecoveryNotRunReason, RecoveryPhase } from '../../telemetry/facts/attempt.ts';
import type { Login } from './login/login.ts';

/** Who renews what the requests carry: the login of a person, or a command that prints tokens. */
export type RecoverySubject =
  | { readonly kind: 'login'; readonly login: Login['kind'] }
  | { readonly kind: 'command' }
  /** Nobody: the provider signs its requests by itself. */
  | { readonly kind: 'nobody' };

export interface RecoveryPosition {
  readonly mode: 'managed' | 'external' | 'none';
  readonly phase: RecoveryPhase;
}

/** Where a machine stands when it is made (spec/transport.md 4.6, first table). */
export function startOf(subject: RecoverySubject): RecoveryPosition {
  if (subject.kind === 'nobody') return { mode: 'none', phase: 'none' };
  const isExternal = subject.kind === 'command' || subject.login === 'chatgpt_tokens';
  return isExternal ? { mode: 'external', phase: 'external_refresh' } : { mode: 'managed', phase: 'reload' };
}

/** Why the next step is not run; undefined where it is. */
export function reasonNotToRun(
  subject: RecoverySubject,
  phase: RecoveryPhase,
): RecoveryNotRunReason | undefined {
  const exhausted = phase === 'done' ? 'recovery_exhausted' : undefined;
  if (subject.kind === 'nobody') return 'auth_manager_missing';
  if (subject.kind === 'command') return exhausted;
  switch (subject.login) {
    case 'chatgpt':
      return exhausted;
    case 'chatgpt_tokens':
      // No host program hands in new ones here.
      return exhausted ?? 'no_external_auth';
    case 'personal_access_token':
      return 'not_refreshable_auth';
    case 'api_key':
    case 'none':
    case 'refused':
      return 'not_chatgpt_auth';
  }
}

/** What running a step came to. */
export type StepResult = 'done' | 'other_account' | 'failed';

/** The step that follows (spec/transport.md 4.6, second table); a step that failed is tried again at the next 401. */
export function phaseAfter(phase: RecoveryPhase, result: StepResult): RecoveryPhase {
  if (result === 'failed') return phase;
  // Even if nothing changed (trap 10).
  return phase === 'reload' && result === 'done' ? 'refresh_token' : 'done';
}
