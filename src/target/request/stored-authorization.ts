import type { Files } from '../../host/files.ts';
import { Secret } from '../../redact/secret.ts';
import type { CredentialFacts } from '../credentials/facts.ts';
import type { StoredMode } from '../credentials/stored-mode.ts';
import type { StoredCredential } from '../credentials/stored.ts';
import type { Authorization } from './authorization.ts';
import { bearer, unattached } from './bearer.ts';
import { readStoredSecrets } from './stored-secrets.ts';
import type { StoredSecrets } from './stored-secrets.ts';

/** The stored login as a request carries it. */
export function storedAuthorization(
  { file, path: source }: CredentialFacts,
  mode: StoredMode,
  { files, nowMs }: { readonly files: Files; readonly nowMs: number },
): Authorization {
  switch (mode) {
    case 'api_key':
      return bearer({ mode, source, token: readStoredSecrets(source, files).apiKey });
    case 'personal_access_token':
      return bearer({ mode, source, token: readStoredSecrets(source, files).personalAccessToken });
    case 'chatgpt':
      // One that cannot be renewed goes out as it is, and the server has its word.
      if (file.kind === 'stored' && willBeRenewed(file.credential, nowMs))
        return unattached(mode, 'expired', source);
      return accountBearer(mode, source, readStoredSecrets(source, files));
    case 'chatgpt_auth_tokens':
      return accountBearer(mode, source, readStoredSecrets(source, files));
    case 'agent_identity':
      return unattached(mode, 'agent_identity', source);
    // A credential for Amazon, and the active provider is another one: `auth.credentials` reports it.
    case 'bedrock_api_key':
    case 'bedrock_access_keys':
    case 'headers':
      return unattached(mode, 'none', source);
  }
}

function accountBearer(mode: StoredMode, source: string, secrets: StoredSecrets): Authorization {
  return bearer({
    mode,
    source,
    token: secrets.accessToken,
    companions: {
      ...(secrets.accountId && { 'ChatGPT-Account-ID': secrets.accountId }),
      ...(secrets.isFedramp && { 'X-OpenAI-Fedramp': new Secret('true') }),
    },
  });
}

/** The agent renews before it asks; a token without a readable end is taken as it is. */
function willBeRenewed({ accessToken, hasRefreshToken }: StoredCredential, nowMs: number): boolean {
  if (accessToken.kind !== 'readable' || !hasRefreshToken) return false;
  return accessToken.expiresAtMs !== undefined && accessToken.expiresAtMs <= nowMs;
}

/** Why no login is sent although the provider wants one. */
export function missingAuthorization({ file, path, storage }: CredentialFacts): Authorization {
  const isRead = storage === 'file' || storage === 'auto';
  return isRead && file.kind === 'stored' && file.credential.missing.length > 0
    ? unattached(file.credential.mode, 'incomplete', path)
    : unattached('none', 'none');
}
