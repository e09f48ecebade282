import { randomBytes } from 'node:crypto';
import { open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { record } from '../../../target/credentials/token.ts';

/** What a refresh brought; only what is there replaces what is stored. */
export interface NewTokens {
  readonly id_token?: string;
  readonly access_token?: string;
  readonly refresh_token?: string;
}

/** A new file is for its owner alone. */
const PRIVATE_MODE = 0o600;
const PERMISSION_BITS = 0o777;

/**
 * Puts new tokens into the credential file, which is at every moment either the old one or the new one, whole: a file
 * beside it is written, flushed and renamed over it. A link is followed, the mode stays, and so do all other keys.
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

async function replaceFile(target: string, text: string, mode: number): Promise<void> {
  const folder = dirname(target);
  const draft = join(folder, `.${basename(target)}.${randomBytes(6).toString('hex')}`);
  try {
    const handle = await open(draft, 'wx', PRIVATE_MODE);
    await filled(handle, text, mode);
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  await flushFolder(folder);
}

async function filled(handle: FileHandle, text: string, mode: number): Promise<void> {
  try {
    await handle.writeFile(text);
    await handle.chmod(mode);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The new name survives a power cut only then. Windows cannot do it, and some file systems refuse. */
async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  if (!handle) return;
  await handle.sync().catch(() => undefined);
  await handle.close();
}
