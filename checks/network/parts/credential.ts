import type { Authorization } from '../../../src/target/request/authorization.ts';

/** What a request carried, without its secrets. */
export type SentCredential =
  | Omit<Extract<Authorization, { readonly kind: 'attached' }>, 'headers'>
  | Extract<Authorization, { readonly kind: 'unattached' }>;

/**
 * A request without a credential may be turned away where the agent itself would attach one, or where another check tells
 * that it cannot. Where the provider should want none, nobody gets further than we did.
 */
export const isLoginExpected = (credential: SentCredential): boolean =>
  credential.kind === 'unattached' && credential.reason !== 'not_needed';

export function sentCredential(authorization: Authorization): SentCredential {
  if (authorization.kind === 'unattached') return authorization;
  const { kind, mode, source } = authorization;
  return { kind, mode, source };
}
