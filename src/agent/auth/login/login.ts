import { Secret } from '../../../redact/secret.ts';
import type { EffectiveCredential } from '../../../target/credentials/facts.ts';
import { readToken } from '../../../target/credentials/token.ts';
import type { NewTokens } from '../refresh/store-tokens.ts';

/** A login with ChatGPT that the agent itself keeps fresh. */
export interface ManagedLogin {
  readonly kind: 'chatgpt';
  readonly accessToken: Secret;
  readonly refreshToken: Secret | undefined;
  /** An identifier, no secret. */
  readonly accountId: string | undefined;
  readonly isFedramp: boolean;
  /** Milliseconds since the epoch; undefined where the token does not say. */
  readonly expiresAtMs: number | undefined;
  readonly lastRefreshMs: number | undefined;
}

/** Whoever the requests are made for. A snapshot: it is replaced, and never changed. */
export type Login =
  /** Nobody: requests go out without a credential. */
  | { readonly kind: 'none' }
  /** There is one that stethos does not handle; `message` says what to do instead. */
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'api_key'; readonly token: Secret }
  | ManagedLogin
  /** Tokens that a host program hands in and renews. */
  | (Omit<ManagedLogin, 'kind' | 'refreshToken'> & { readonly kind: 'chatgpt_tokens' })
  | {
      readonly kind: 'personal_access_token';
      readonly token: Secret;
      /** Looked up before the first request. */
      readonly account: { readonly id: string; readonly isFedramp: boolean } | undefined;
    };

/** One reading of everything that can hold a login. */
export interface LoginReading {
  readonly login: Login;
  /** Told from precedence; decides the default address (spec/transport.md 3.2). */
  readonly credential: EffectiveCredential;
}

/** The account that a renewed or reloaded login must still belong to. */
export function accountOf(login: Login): string | undefined {
  switch (login.kind) {
    case 'chatgpt':
    case 'chatgpt_tokens':
      return login.accountId;
    case 'personal_access_token':
      return login.account?.id;
    case 'api_key':
    case 'none':
    case 'refused':
      return undefined;
  }
}

/** Whether two snapshots hold the same credential, so that a failure of the one is one of the other (trap 32). */
export function isSameLogin(one: Login, other: Login): boolean {
  if (one.kind === 'chatgpt' && other.kind === 'chatgpt')
    return (
      one.accessToken.reveal() === other.accessToken.reveal() &&
      one.refreshToken?.reveal() === other.refreshToken?.reveal()
    );
  if (one.kind === 'chatgpt_tokens' && other.kind === 'chatgpt_tokens')
    return one.accessToken.reveal() === other.accessToken.reveal();
  if (
    (one.kind === 'api_key' && other.kind === 'api_key') ||
    (one.kind === 'personal_access_token' && other.kind === 'personal_access_token')
  )
    return one.token.reveal() === other.token.reveal();
  return one.kind === other.kind;
}

/** A login with what a renewal brought, as it would be read back from its file. */
export function withTokens(login: ManagedLogin, tokens: NewTokens, nowMs: number): ManagedLogin {
  const { access_token: access, refresh_token: refresh } = tokens;
  const facts = readToken(access ?? login.accessToken.reveal());
  return {
    ...login,
    accessToken: access === undefined ? login.accessToken : new Secret(access),
    refreshToken: refresh === undefined ? login.refreshToken : new Secret(refresh),
    expiresAtMs: facts.kind === 'readable' ? facts.expiresAtMs : undefined,
    lastRefreshMs: nowMs,
  };
}
