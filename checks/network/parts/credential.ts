import type { Authorization } from '../../../src/target/request/authorization.ts';

/** What a request carried, without its secrets. */
export type SentCredential =
  | Omit<Extract<Authorization, { readonly kind: 'attached' }>, 'headers'>
  | Extract<Authorization, { readonly kind: 'unattached' }>;

export function sentCredential(authorization: Authorization): SentCredential {
  if (authorization.kind === 'unattached') return authorization;
  const { kind, mode, source } = authorization;
  return { kind, mode, source };
}
