import { record } from '../../../target/credentials/token.ts';
import type { Login } from '../login/login.ts';

/** A token is renewed this long before its end, so that none ends on its way. */
const RENEW_BEFORE_END_MS = 5 * 60_000;
/** A token that does not say when it ends is renewed at this age. */
const LONGEST_UNREADABLE_AGE_MS = 8 * 86_400_000;

/** Whether a login is renewed before it is used (spec/transport.md 4.5). */
export function isDueForRefresh(login: Login, nowMs: number): boolean {
  if (login.kind !== 'chatgpt') return false;
  if (login.expiresAtMs !== undefined) return login.expiresAtMs <= nowMs + RENEW_BEFORE_END_MS;
  return login.lastRefreshMs !== undefined && login.lastRefreshMs < nowMs - LONGEST_UNREADABLE_AGE_MS;
}

/** Why a refresh did not come about. */
export type RefreshFailure =
  | { readonly kind: 'permanent'; readonly reason: 'expired' | 'exhausted' | 'revoked' | 'other' }
  /** Trying again may help; `problem` holds nothing that a server sent but its status. */
  | { readonly kind: 'transient'; readonly problem: string };

type PermanentReason = Extract<RefreshFailure, { readonly kind: 'permanent' }>['reason'];

const KNOWN_CODES: ReadonlyMap<string, PermanentReason> = new Map([
  ['refresh_token_expired', 'expired'],
  ['refresh_token_reused', 'exhausted'],
  ['refresh_token_invalidated', 'revoked'],
]);

/**
 * What a refusal of the token endpoint means: final where the code is known, whatever the status, and for 401
 * (spec/transport.md 4.5, trap 31).
 * @param json the body; undefined where it is no JSON
 */
export function classifyRefusal(status: number, json: unknown): RefreshFailure {
  const known = KNOWN_CODES.get(codeOf(json)?.toLowerCase() ?? '');
  if (known) return { kind: 'permanent', reason: known };
  if (status === 401) return { kind: 'permanent', reason: 'other' };
  return { kind: 'transient', problem: `the sign-in server answered with HTTP ${status}` };
}

/** `error.code`, or `error` itself, or `code`. */
function codeOf(json: unknown): string | undefined {
  const body = record(json);
  const error = body?.['error'];
  return [record(error)?.['code'], error, body?.['code']].find((code) => typeof code === 'string');
}
