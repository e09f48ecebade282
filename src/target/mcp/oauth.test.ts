import { expect, test } from 'vitest';
import { temporaryHome } from '../../../fixtures/home.ts';
import { files } from '../../host/files.ts';
import { PROFILES } from '../profile.ts';
import { storedToken } from './oauth.ts';
import type { StoredToken } from './oauth.ts';
import type { OauthStore } from './facts.ts';

const NOW_MS = 1_800_000_000_000;
/** As codex 0.169 names the entry of this server. */
const SERVER = { name: 'tok', url: 'http://127.0.0.1:38413/mcp' };
const KEY = 'tok|c758388b7a8fd1ef';

interface Given {
  readonly store?: OauthStore;
  readonly server?: typeof SERVER;
}

function stored(content: unknown, { store = 'auto', server = SERVER }: Given = {}): StoredToken {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  const path = temporaryHome({ '.credentials.json': text });
  const home = { profile: PROFILES.codex, path, source: 'default' };
  return storedToken(server, { store, home, files, nowMs: NOW_MS });
}

const entry = (more: object = {}): object => ({
  [KEY]: {
    server_name: 'tok',
    server_url: SERVER.url,
    client_id: 'id',
    access_token: 'hush',
    scopes: [],
    ...more,
  },
});

test.each<[string, unknown, StoredToken['kind']]>([
  ['valid', entry({ expires_at: NOW_MS + 1 }), 'usable'],
  ['without an end', entry(), 'usable'],
  ['expired', entry({ expires_at: NOW_MS, refresh_token: 'r' }), 'expired'],
  ['blank', entry({ access_token: '' }), 'none'],
  ['of another server', { 'tok|0000000000000000': {} }, 'none'],
  ['in a file that is none', 'not JSON', 'none'],
  ['in a list', [], 'none'],
  ['null', { [KEY]: null }, 'none'],
])('a login that is %s', (_name, content, kind) => {
  expect(stored(content).kind).toBe(kind);
});

test('the token itself, and whether it can be renewed', () => {
  const usable = stored(entry());
  expect(usable.kind === 'usable' && usable.token.reveal()).toBe('hush');
  expect(stored(entry({ expires_at: 1, refresh_token: 'r' }))).toMatchObject({ canBeRenewed: true });
  expect(stored(entry({ expires_at: 1 }))).toMatchObject({ canBeRenewed: false });
});

test('the file counts unless the keyring alone does, and for the same name and URL', () => {
  expect(stored(entry(), { store: 'file' }).kind).toBe('usable');
  expect(stored(entry(), { store: 'keyring' }).kind).toBe('none');
  expect(stored(entry(), { server: { ...SERVER, name: 'other' } }).kind).toBe('none');
  expect(stored(entry(), { server: { ...SERVER, url: `${SERVER.url}/` } }).kind).toBe('none');
});
