import { ModelError } from '../../model/error.ts';
import type { RefreshFailure } from './decision.ts';

const REASONS = {
  expired: 'its refresh token has expired',
  exhausted: 'its refresh token was used already, perhaps by another program',
  revoked: 'its refresh token was revoked',
  other: 'the sign-in server refuses it',
} as const;

/** A failed refresh as the error that ends the turn, or lets it try again (spec/transport.md 4.6). */
export function errorOfRefresh(failure: RefreshFailure, loginCommand: string): ModelError {
  if (failure.kind === 'permanent') {
    const message = `The login cannot be renewed: ${REASONS[failure.reason]}. Sign in again with \`${loginCommand}\`.`;
    return new ModelError({ kind: 'refresh_failed', reason: failure.reason, message }, message);
  }
  const message = `The login could not be renewed: ${failure.problem}.`;
  return new ModelError({ kind: 'input_output', message }, message);
}

/** Somebody else is signed in now, or nobody: what was begun for one account is not continued for another. */
export function errorOfChangedAccount(loginCommand: string): ModelError {
  const message = `Another account is signed in now, or none. Start again, or sign in with \`${loginCommand}\`.`;
  return new ModelError({ kind: 'refresh_failed', reason: 'other', message }, message);
}
