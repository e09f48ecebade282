import type { HttpAnswer } from '../../../src/net/outcome.ts';
import { describeAge } from '../../auth/token/time.ts';
import type { SentCredential } from './credential.ts';

/** The status with the provider's own word for it. */
export function measureAnswer({ status, body, authErrorCode, authError }: HttpAnswer): string {
  const code = authErrorCode ?? body.errorCode ?? authError ?? body.errorType;
  const content = body.kind === 'html' ? 'a web page' : body.kind === 'empty' ? 'no content' : undefined;
  return [`HTTP ${status}`, code, content].filter((part) => part !== undefined).join(', ');
}

/** `in 17 seconds`, as `Retry-After` has it. */
export function waitOf({ retryAfterMs }: HttpAnswer): string {
  if (retryAfterMs === undefined) return 'later';
  const seconds = Math.ceil(retryAfterMs / 1000);
  if (seconds <= 0) return 'now';
  return seconds < 120
    ? `in ${seconds} second${seconds === 1 ? '' : 's'}`
    : `in ${describeAge(retryAfterMs)}`;
}

/** How to put another credential in place of the one that was refused. */
export function replacementOf({
  credential,
  loginCommand,
}: {
  readonly credential: SentCredential;
  readonly loginCommand: string;
}): string {
  const isLogin = credential.mode.startsWith('chatgpt') || credential.mode === 'agent_identity';
  return isLogin || credential.source === undefined ? loginCommand : `it stands in ${credential.source}`;
}
