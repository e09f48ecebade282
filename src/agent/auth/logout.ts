import { rm } from 'node:fs/promises';
import type { Files } from '../../host/files.ts';
import type { Network } from '../../net/network.ts';
import { readCredentialText } from '../../target/credentials/auth-file.ts';
import type { CredentialFacts } from '../../target/credentials/facts.ts';
import { credentialPath } from '../../target/credentials/load.ts';
import type { Environment } from '../../target/home.ts';
import { REFRESH_VARIABLE } from '../../target/provider/endpoints.ts';
import { secretsIn } from '../../target/request/stored-secrets.ts';
import type { Target } from '../../target/target.ts';
import { ask, introduction } from './ask.ts';
import type { ClientSoftware } from './ask.ts';
import { CLIENT_ID } from './refresh/token-endpoint.ts';

const REVOKE_URL = 'https://auth.openai.com/oauth/revoke';
const REVOKE_VARIABLE = 'CODEX_REVOKE_TOKEN_URL_OVERRIDE';
const REVOKE_TIMEOUT_MS = 10_000;
/** Nothing of the answer is used. */
const MAX_ANSWER_BYTES = 64 * 1024;

export interface LogoutOutcome {
  /** `not_needed`: nothing was stored that the server could take back. */
  readonly revocation: 'revoked' | 'failed' | 'not_needed';
  /** There was a file, and it is gone. */
  readonly removed: boolean;
  /** A login in the keyring of the operating system stays where it is. */
  readonly keyring: CredentialFacts['keyring'];
}

export interface LogoutOptions {
  readonly target: Pick<Target, 'credentials' | 'environment' | 'home'>;
  readonly files: Files;
  readonly network: Network;
  readonly client: ClientSoftware;
}

/**
 * Signs out: takes the tokens back at the server as far as it lets us, and removes the credential file in any case
 * (spec/transport.md 4.5).
 * @throws what the file system throws when the file cannot be removed
 */
export async function logout(options: LogoutOptions): Promise<LogoutOutcome> {
  const { target, files } = options;
  const path = credentialPath(target.home);
  const read = readCredentialText(path, files);
  const secrets = read.kind === 'text' ? secretsIn(read.text) : undefined;
  const token = secrets?.refreshToken ?? secrets?.accessToken;
  const revocation = token
    ? await revoke(token.reveal(), secrets?.refreshToken ? 'refresh_token' : 'access_token', options)
    : 'not_needed';
  // Of a link, what it leads to holds the tokens.
  const linked = files.realpath(path);
  if (linked !== undefined) await rm(linked, { force: true });
  await rm(path, { force: true });
  return { revocation, removed: read.kind !== 'missing', keyring: target.credentials().keyring };
}

async function revoke(
  token: string,
  hint: 'refresh_token' | 'access_token',
  { target, network, client }: LogoutOptions,
): Promise<'revoked' | 'failed'> {
  try {
    const { status } = await ask(network, {
      url: revocationUrl(target.environment().values),
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...introduction(client),
      },
      body: JSON.stringify({
        token,
        token_type_hint: hint,
        ...(hint === 'refresh_token' && { client_id: CLIENT_ID }),
      }),
      timeoutMs: REVOKE_TIMEOUT_MS,
      maxBytes: MAX_ANSWER_BYTES,
    });
    return status >= 200 && status < 300 ? 'revoked' : 'failed';
  } catch {
    return 'failed';
  }
}

/** Its own variable, else beside where tokens are renewed, so that a test server hears of both. */
export function revocationUrl(env: Environment): string {
  const own = env[REVOKE_VARIABLE];
  if (own !== undefined) return own;
  const url = URL.parse(env[REFRESH_VARIABLE] ?? '');
  if (!url) return REVOKE_URL;
  url.pathname = '/oauth/revoke';
  url.search = '';
  return url.href;
}
