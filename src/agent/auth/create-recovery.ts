import { ModelError } from '../model/error.ts';
import type { CommandToken } from './command-token.ts';
import { accountOf } from './login/login.ts';
import type { RecoveryStep, UnauthorizedRecovery } from './recovery.ts';
import { phaseAfter, reasonNotToRun, startOf } from './recovery-table.ts';
import type { RecoverySubject } from './recovery-table.ts';
import { errorOfChangedAccount } from './refresh/words.ts';
import type { LoginSession } from './session.ts';

/** The machine for a login (spec/transport.md 4.6). The account is the one of this moment. */
export function recoverLogin(session: LoginSession, loginCommand: string): UnauthorizedRecovery {
  const { login } = session.cached();
  const accountId = accountOf(login);
  return machine({ kind: 'login', login: login.kind }, async (phase) => {
    if (phase === 'refresh_token') {
      await session.refresh();
      return { hasChanged: true };
    }
    const outcome = session.reload(accountId);
    if (outcome === 'other_account') throw errorOfChangedAccount(loginCommand);
    return { hasChanged: outcome === 'changed' };
  });
}

/** The machine for a command that prints tokens: it is run once more. */
export const recoverCommand = (command: CommandToken): UnauthorizedRecovery =>
  machine({ kind: 'command' }, async () => {
    await command.renew();
    return { hasChanged: true };
  });

/** A machine that has nothing to try. */
export const recoverNothing = (subject: RecoverySubject): UnauthorizedRecovery =>
  machine(subject, async () => ({ hasChanged: false }));

/** @param run throws a `ModelError`, and nothing else */
function machine(
  subject: RecoverySubject,
  run: (phase: string) => Promise<{ readonly hasChanged: boolean }>,
): UnauthorizedRecovery {
  let { phase } = startOf(subject);
  return {
    mode: startOf(subject).mode,
    get phase() {
      return phase;
    },
    next: async (): Promise<RecoveryStep> => {
      const reason = reasonNotToRun(subject, phase);
      if (reason) return { outcome: 'recovery_not_run', reason };
      const running = phase;
      try {
        const { hasChanged } = await run(running);
        phase = phaseAfter(running, 'done');
        return { outcome: 'recovery_succeeded', authStateChanged: hasChanged };
      } catch (error) {
        if (!(error instanceof ModelError)) throw error;
        const isPermanent = error.failure.kind === 'refresh_failed';
        phase = phaseAfter(running, isPermanent && running === 'reload' ? 'other_account' : 'failed');
        return isPermanent
          ? { outcome: 'recovery_failed_permanent', error }
          : { outcome: 'recovery_failed_transient', error };
      }
    },
  };
}
