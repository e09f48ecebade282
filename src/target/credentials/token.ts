import { Secret } from '../../redact/secret.ts';

/** What a token says about itself. Claims are read, the signature is not checked, and the token is not kept. */
export type TokenFacts =
  | { readonly kind: 'absent' }
  /** Not a JSON web token, or one whose claims cannot be read: its expiry is known to the issuer only. */
  | { readonly kind: 'opaque' }
  | {
      readonly kind: 'readable';
      /** Milliseconds since the epoch. */
      readonly expiresAtMs: number | undefined;
      readonly issuedAtMs: number | undefined;
      readonly planType: string | undefined;
      readonly hasAccountId: boolean;
    };

/** No real claim set is larger; a larger one is not decoded. */
const MAX_TOKEN_LENGTH = 64 * 1024;
/** Where the issuer puts its own claims. */
const ISSUER_CLAIMS = 'https://api.openai.com/auth';
const PROFILE_CLAIMS = 'https://api.openai.com/profile';

/** The claims of a JSON web token, or undefined when it is none. */
export function claimsOf(token: string): Readonly<Record<string, unknown>> | undefined {
  const [head, payload, signature, ...rest] = token.split('.', 5);
  if (!head || !payload || !signature || rest.length > 0 || token.length > MAX_TOKEN_LENGTH) return undefined;
  if (!/^[A-Za-z0-9_-]+=*$/.test(payload)) return undefined;
  try {
    return record(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
  } catch {
    return undefined;
  }
}

export function readToken(token: string | undefined): TokenFacts {
  if (token === undefined || token.trim() === '') return { kind: 'absent' };
  const claims = claimsOf(token);
  if (!claims) return { kind: 'opaque' };
  const own = issuerClaims(claims);
  return {
    kind: 'readable',
    expiresAtMs: seconds(claims['exp']),
    issuedAtMs: seconds(claims['iat']),
    planType: text(own['chatgpt_plan_type'] ?? claims['plan_type']),
    hasAccountId: accountIdOf(claims) !== undefined,
  };
}

export function accountIdOf(claims: Readonly<Record<string, unknown>>): string | undefined {
  return text(issuerClaims(claims)['chatgpt_account_id'] ?? claims['account_id']);
}

export function userIdOf(claims: Readonly<Record<string, unknown>>): string | undefined {
  const own = issuerClaims(claims);
  return text(own['chatgpt_user_id'] ?? own['user_id']);
}

export function emailOf(claims: Readonly<Record<string, unknown>>): Secret | undefined {
  const email = text(claims['email'] ?? record(claims[PROFILE_CLAIMS])?.['email']);
  return email === undefined ? undefined : new Secret(email);
}

/** The claims that the issuer keeps in a table of its own. */
export const issuerClaims = (claims: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  record(claims[ISSUER_CLAIMS]) ?? {};

/** A plain object, or undefined for everything else that JSON can hold. */
export function record(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** A claim in seconds as milliseconds; a number that is no point in time of the calendar counts as not stated. */
function seconds(value: unknown): number | undefined {
  if (typeof value !== 'number') return undefined;
  const milliseconds = value * 1000;
  return Number.isNaN(new Date(milliseconds).getTime()) ? undefined : milliseconds;
}
