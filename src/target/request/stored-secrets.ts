import type { Files } from '../../host/files.ts';
import { Secret } from '../../redact/secret.ts';
import { readCredentialText } from '../credentials/auth-file.ts';
import { claimsOf, issuerClaims, record } from '../credentials/token.ts';

/** What a stored credential puts into the headers of a request; the only reader of `auth.json` that keeps a secret. */
export interface StoredSecrets {
  readonly apiKey?: Secret;
  readonly accessToken?: Secret;
  readonly refreshToken?: Secret;
  readonly accountId?: Secret;
  /** The account belongs to the United States government's cloud, which is told from a claim of the id token. */
  readonly isFedramp: boolean;
  readonly personalAccessToken?: Secret;
  readonly bedrockApiKey?: Secret;
  readonly bedrockAccessKeyId?: Secret;
  readonly bedrockSecretAccessKey?: Secret;
}

/** Reads the secrets of a file that was judged already; of one that changed for the worse since, nothing is taken. */
export function readStoredSecrets(path: string, files: Files): StoredSecrets {
  const read = readCredentialText(path, files);
  return read.kind === 'text' ? secretsIn(read.text) : { isFedramp: false };
}

/** The secrets of the text of a credential file. */
export function secretsIn(text: string): StoredSecrets {
  const file = record(parsed(text));
  const keys = record(file?.['bedrock_access_keys']);
  const tokens = record(file?.['tokens']);
  return {
    ...secretAt('apiKey', file?.['OPENAI_API_KEY']),
    ...secretAt('accessToken', tokens?.['access_token']),
    ...secretAt('refreshToken', tokens?.['refresh_token']),
    ...secretAt('accountId', tokens?.['account_id']),
    isFedramp: isFedramp(tokens?.['id_token']),
    ...secretAt('personalAccessToken', file?.['personal_access_token']),
    ...secretAt('bedrockApiKey', record(file?.['bedrock_api_key'])?.['api_key']),
    ...secretAt('bedrockAccessKeyId', keys?.['access_key_id']),
    ...secretAt('bedrockSecretAccessKey', keys?.['secret_access_key']),
  };
}

function secretAt<Name extends string>(name: Name, value: unknown): Partial<Record<Name, Secret>> {
  return typeof value === 'string' && value.trim() !== ''
    ? ({ [name]: new Secret(value) } as Record<Name, Secret>)
    : {};
}

function isFedramp(idToken: unknown): boolean {
  const claims = typeof idToken === 'string' ? claimsOf(idToken) : undefined;
  return claims !== undefined && issuerClaims(claims)['chatgpt_account_is_fedramp'] === true;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
