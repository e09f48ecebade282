import { readlink, realpath } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { makeFolder } from '../../host/make-folder.ts';
import { replaceFile } from '../../host/replace-file.ts';
import type { Secret } from '../../redact/secret.ts';
import { credentialPath } from '../../target/credentials/load.ts';
import { isHeaderText } from '../../target/request/header-text.ts';
import type { Target } from '../../target/target.ts';

export type ApiKeyLogin =
  /** `path` is the file that the key went to. */
  | { readonly kind: 'stored'; readonly path: string }
  /** Nothing was written; the message says why and what to do, and never holds the key. */
  | { readonly kind: 'refused'; readonly message: string };

const PRIVATE_FOLDER = 0o700;

/**
 * Stores an API key as the login of a home, in place of the one that is there: `auth.json` holds one login, and codex 0.169
 * replaces the whole file as well (measured). The file is replaced at once, for its owner alone; a link is followed.
 * @throws what the file system throws
 */
export async function loginWithApiKey(
  key: Secret,
  target: Pick<Target, 'credentials' | 'home'>,
): Promise<ApiKeyLogin> {
  const text = key.reveal().trim();
  const reason = reasonAgainst(text, target);
  if (reason !== undefined) return { kind: 'refused', message: reason };
  const path = await placeOf(credentialPath(target.home));
  makeFolder(dirname(path), PRIVATE_FOLDER);
  const login = { auth_mode: 'apikey', OPENAI_API_KEY: text };
  await replaceFile(path, `${JSON.stringify(login, undefined, 2)}\n`);
  return { kind: 'stored', path };
}

function reasonAgainst(key: string, { credentials }: Pick<Target, 'credentials'>): string | undefined {
  if (key === '') return 'There is no API key.';
  // Anything else is a file or two keys, and would only be refused with the first request.
  if (!isHeaderText(key) || /\s/.test(key))
    return 'That is no API key: a key is one word of plain characters.';
  const { storage, restriction } = credentials();
  if (restriction.method === 'chatgpt')
    return 'forced_login_method = "chatgpt" keeps API keys out. Remove it from the configuration, or sign in with ChatGPT.';
  if (storage === 'keyring')
    return 'The configuration keeps logins in the keyring of the operating system, which stethos does not open. Set cli_auth_credentials_store = "file" first.';
  if (storage === 'ephemeral')
    return 'The configuration keeps no login (cli_auth_credentials_store = "ephemeral"). Set CODEX_API_KEY for each run instead.';
  return undefined;
}

/** Where a link leads, also when nothing stands there yet. */
async function placeOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const link = await readlink(path).catch(() => undefined);
    return link === undefined ? path : resolve(dirname(path), link);
  }
}
