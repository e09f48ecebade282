import { isAbsolute } from 'node:path';
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

/** How to put another credential in place of the one that was refused, as the end of a sentence. */
export function replacementOf({
  credential,
  loginCommand,
}: {
  readonly credential: SentCredential;
  readonly loginCommand: string;
}): string {
  const { mode, source } = credential;
  const isLogin = mode.startsWith('chatgpt') || mode === 'agent_identity';
  if (isLogin || source === undefined) return `run ${loginCommand}`;
  // A stored key is replaced by the agent's own command; a variable is the user's.
  return isAbsolute(source) ? `run ${loginCommand} --with-api-key` : `put another one into ${source}`;
}
