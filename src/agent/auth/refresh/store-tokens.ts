import { readFile, realpath, stat } from 'node:fs/promises';
import { replaceFile } from '../../../host/replace-file.ts';
import { record } from '../../../target/credentials/token.ts';

/** What a refresh brought; only what is there replaces what is stored. */
export interface NewTokens {
  readonly id_token?: string;
  readonly access_token?: string;
  readonly refresh_token?: string;
}

const PERMISSION_BITS = 0o777;

/**
 * Puts new tokens into the credential file, at once or not at all. A link is followed, the mode stays, and so do all other
 * keys.
 * @param lastRefresh RFC 3339
 * @throws what the file system throws
 */
export async function storeTokens(path: string, tokens: NewTokens, lastRefresh: string): Promise<void> {
  const target = await realpath(path);
  const [text, { mode }] = await Promise.all([readFile(target, 'utf8'), stat(target)]);
  const file = record(JSON.parse(text)) ?? {};
  const next = { ...file, tokens: { ...record(file['tokens']), ...tokens }, last_refresh: lastRefresh };
  await replaceFile(target, `${JSON.stringify(next, undefined, 2)}\n`, mode & PERMISSION_BITS);
}
