import type { AuthMode, Authorization, UnattachedReason } from '../../../src/target/request/authorization.ts';

/** What a request carried, without its secrets. */
export type SentCredential =
  | { readonly kind: 'attached'; readonly mode: AuthMode; readonly source: string }
  | {
      readonly kind: 'unattached';
      readonly mode: AuthMode;
      readonly source?: string;
      readonly reason: UnattachedReason;
      /** How a command failed; nothing that it printed. */
      readonly problem?: string;
    };

export function sentCredential(authorization: Authorization): SentCredential {
  if (authorization.kind === 'unattached') return authorization;
  const { kind, mode, source } = authorization;
  return { kind, mode, source };
}
