import { Secret } from '../../redact/secret.ts';
import type { Authorization, AuthMode, UnattachedReason } from './authorization.ts';
import { isHeaderText } from './header-text.ts';

interface BearerParts {
  readonly mode: AuthMode;
  readonly source: string;
  readonly token: Secret | undefined;
  readonly companions?: Readonly<Record<string, Secret>>;
}

/** The token goes out as it stands: the agent cuts white space off variables only, and so does whoever calls this. */
export function bearer({ mode, source, token, companions = {} }: BearerParts): Authorization {
  if (token === undefined) return unattached(mode, 'incomplete', source);
  const headers = { Authorization: new Secret(`Bearer ${token.reveal()}`), ...companions };
  // The agent leaves such a header out and asks without a credential, or its WebSocket client fails (codex 0.169).
  return Object.values(headers).every((value) => isHeaderText(value.reveal()))
    ? { kind: 'attached', mode, source, headers }
    : unattached(mode, 'illegal_value', source);
}

export function unattached(
  mode: AuthMode,
  reason: UnattachedReason,
  source?: string,
): Extract<Authorization, { readonly kind: 'unattached' }> {
  return { kind: 'unattached', mode, reason, ...(source !== undefined && { source }) };
}

/** A blank text is no secret: the agent takes it for unset. */
export const secretOf = (text: string | undefined): Secret | undefined =>
  text?.trim() ? new Secret(text) : undefined;
