import { join } from 'node:path';
import type { Files } from '../../host/files.ts';
import { Secret } from '../../redact/secret.ts';
import type { Home } from '../home.ts';
import type { OauthStore } from './facts.ts';

/** What a login to a server left in the file that the agent keeps such logins in. */
export type StoredToken =
  | { readonly kind: 'usable'; readonly token: Secret }
  /** The agent would have to renew it first; we never do. */
  | { readonly kind: 'expired'; readonly canBeRenewed: boolean }
  | { readonly kind: 'none' };

/** A login is a few kilobytes; nobody has a thousand. */
const MAX_FILE_BYTES = 1024 * 1024;
/** The agent names an entry by the server's name and the beginning of a digest. */
const DIGEST_LENGTH = 16;

/**
 * The OAuth token of a server, as codex 0.169 keeps it in `.credentials.json`: by name and URL, whatever its other
 * headers. With `auto` the keyring goes before the file and is not opened; after a login the agent keeps one of the two.
 * @param nowMs wall time, milliseconds since the epoch
 */
export function storedToken(
  server: { readonly name: string; readonly url: string },
  { store, home, files, nowMs }: { store: OauthStore; home: Home; files: Files; nowMs: number },
): StoredToken {
  if (store === 'keyring') return { kind: 'none' };
  const read = files.readText(join(home.path, '.credentials.json'), { maxBytes: MAX_FILE_BYTES });
  const entry = read.kind === 'read' ? entryOf(read.text, keyOf(server)) : undefined;
  if (!entry) return { kind: 'none' };
  return entry.expiresAtMs !== undefined && entry.expiresAtMs <= nowMs
    ? { kind: 'expired', canBeRenewed: entry.canBeRenewed }
    : { kind: 'usable', token: entry.token };
}

function keyOf({ name, url }: { readonly name: string; readonly url: string }): string {
  const { createHash } = process.getBuiltinModule('node:crypto');
  const subject = JSON.stringify({ type: 'http', url, headers: {} });
  return `${name}|${createHash('sha256').update(subject).digest('hex').slice(0, DIGEST_LENGTH)}`;
}

interface Entry {
  readonly token: Secret;
  readonly expiresAtMs: number | undefined;
  readonly canBeRenewed: boolean;
}

/** Undefined where the file is none of the agent's, or has no such entry. */
function entryOf(text: string, key: string): Entry | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  const entry = memberOf(parsed, key);
  const token = memberOf(entry, 'access_token');
  if (typeof token !== 'string' || token === '') return undefined;
  const expiresAt = memberOf(entry, 'expires_at');
  const refreshToken = memberOf(entry, 'refresh_token');
  return {
    token: new Secret(token),
    expiresAtMs: typeof expiresAt === 'number' ? expiresAt : undefined,
    canBeRenewed: typeof refreshToken === 'string' && refreshToken !== '',
  };
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;
}
