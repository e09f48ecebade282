import type { Files } from '../../../host/files.ts';
import { Secret } from '../../../redact/secret.ts';
import { readCredentialText } from '../../../target/credentials/auth-file.ts';
import type { EffectiveCredential } from '../../../target/credentials/facts.ts';
import { credentialPath, credentialsWith } from '../../../target/credentials/load.ts';
import { readStored } from '../../../target/credentials/stored.ts';
import type { StoredCredential } from '../../../target/credentials/stored.ts';
import { secretsIn } from '../../../target/request/stored-secrets.ts';
import type { StoredSecrets } from '../../../target/request/stored-secrets.ts';
import type { Target } from '../../../target/target.ts';
import type { Login, LoginReading } from './login.ts';

export type LoginSources = Pick<Target, 'config' | 'environment' | 'home' | 'providers'> & {
  readonly files: Files;
};

const API_KEY_VARIABLE = 'CODEX_API_KEY';
/** Begins a personal access token; anything else in `CODEX_ACCESS_TOKEN` is an agent identity. */
const PERSONAL_TOKEN_PREFIX = 'at-';

const NONE: Login = { kind: 'none' };
const KEYRING: Login = {
  kind: 'refused',
  message:
    'The login is kept in the keyring of the operating system, which stethos does not open. Set cli_auth_credentials_store = "file" and sign in again.',
};
const AGENT_IDENTITY: Login = {
  kind: 'refused',
  message:
    'The stored credential is an agent identity, which stethos cannot use. Sign in with ChatGPT, an API key or a personal access token.',
};

/**
 * Reads who is signed in, now: variables first, then the storage (spec/transport.md 4.2). Nothing is asked of a server.
 * A file that cannot be read, or that the agent would refuse, counts as signed out.
 * @param unattended `CODEX_API_KEY` counts, as it does for `exec` and not for interactive sessions
 */
export function readLogin(sources: LoginSources, unattended: boolean): LoginReading {
  const { home, files, environment } = sources;
  const read = readCredentialText(credentialPath(home), files);
  const file = read.kind === 'text' ? readStored(read.text) : read;
  const facts = credentialsWith(file, {
    home,
    files,
    config: sources.config(),
    environment: environment(),
    providers: sources.providers(),
  });
  const credential = unattended ? facts.effective : facts.interactive;
  const stored =
    read.kind === 'text' && file.kind === 'stored'
      ? { credential: file.credential, secrets: secretsIn(read.text) }
      : undefined;
  return { credential, login: loginOf(credential, environment().values, stored) };
}

function loginOf(
  credential: EffectiveCredential,
  env: Readonly<Record<string, string | undefined>>,
  stored: { readonly credential: StoredCredential; readonly secrets: StoredSecrets } | undefined,
): Login {
  switch (credential.kind) {
    case 'environment':
      return loginOfVariable(credential.name, env[credential.name]?.trim() ?? '');
    case 'stored':
      return stored ? loginOfFile(stored.credential, stored.secrets) : NONE;
    case 'keyring':
      return KEYRING;
    case 'provider_variable':
    case 'provider_token':
    case 'provider_command':
    case 'aws':
    case 'not_needed':
    case 'none':
    case 'unknown':
      return NONE;
  }
}

function loginOfVariable(name: string, value: string): Login {
  if (name === API_KEY_VARIABLE) return { kind: 'api_key', token: new Secret(value) };
  return value.startsWith(PERSONAL_TOKEN_PREFIX)
    ? { kind: 'personal_access_token', token: new Secret(value), account: undefined }
    : AGENT_IDENTITY;
}

function loginOfFile(credential: StoredCredential, secrets: StoredSecrets): Login {
  switch (credential.mode) {
    case 'api_key':
      return secrets.apiKey ? { kind: 'api_key', token: secrets.apiKey } : NONE;
    case 'personal_access_token':
      return secrets.personalAccessToken
        ? { kind: 'personal_access_token', token: secrets.personalAccessToken, account: undefined }
        : NONE;
    case 'chatgpt':
    case 'chatgpt_auth_tokens':
      return accountLogin(credential, secrets);
    case 'agent_identity':
      return AGENT_IDENTITY;
    case 'bedrock_api_key':
    case 'bedrock_access_keys':
    case 'headers':
      return NONE;
  }
}

function accountLogin(
  { mode, accessToken: facts, lastRefreshMs, accountId }: StoredCredential,
  { accessToken, refreshToken, accountId: written, isFedramp }: StoredSecrets,
): Login {
  if (!accessToken) return NONE;
  const login = {
    accessToken,
    accountId: written?.reveal() ?? accountId,
    isFedramp,
    expiresAtMs: facts.kind === 'readable' ? facts.expiresAtMs : undefined,
    lastRefreshMs,
  };
  return mode === 'chatgpt'
    ? { kind: 'chatgpt', ...login, refreshToken }
    : { kind: 'chatgpt_tokens', ...login };
}
