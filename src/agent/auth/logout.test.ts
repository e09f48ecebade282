import { existsSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { chatgptLogin } from '../../../fixtures/credentials.ts';
import { startFaultServer } from '../../../fixtures/lab/fault-server.ts';
import { client, providerOptions } from '../../../fixtures/model-provider.ts';
import { logout, revocationUrl } from './logout.ts';

const REVOKE = 'CODEX_REVOKE_TOKEN_URL_OVERRIDE';

test('the refresh token is taken back, and the file removed', async () => {
  await using server = await startFaultServer([{ answer: { status: 200 } }]);
  const options = providerOptions({ auth: chatgptLogin(), env: { [REVOKE]: server.url('/oauth/revoke') } });
  expect(await logout({ ...options, client })).toEqual({
    revocation: 'revoked',
    removed: true,
    keyring: undefined,
  });
  expect(JSON.parse(server.requests[0]?.body ?? '')).toEqual({
    token: 'refresh',
    token_type_hint: 'refresh_token',
    client_id: 'app_EMoamEEZ73f0CkXaXp7hrann',
  });
  expect(existsSync(join(options.home, 'auth.json'))).toBe(false);
});

test('the file is removed also where the server refuses, and a link with what it leads to', async () => {
  await using server = await startFaultServer(['reset']);
  const options = providerOptions({ auth: chatgptLogin(), env: { [REVOKE]: server.url() } });
  const [path, real] = [join(options.home, 'auth.json'), join(options.home, 'real.json')];
  renameSync(path, real);
  symlinkSync(real, path);
  expect(await logout({ ...options, client })).toMatchObject({ revocation: 'failed', removed: true });
  expect([existsSync(path), existsSync(real)]).toEqual([false, false]);
});

test.each<[string, object | undefined, boolean]>([
  ['an API key', { OPENAI_API_KEY: 'key' }, true],
  ['nobody signed in', undefined, false],
])('%s needs no server', async (_name, auth, removed) => {
  const options = providerOptions({ ...(auth && { auth }), env: { [REVOKE]: 'http://127.0.0.1:1' } });
  expect(await logout({ ...options, client })).toMatchObject({ revocation: 'not_needed', removed });
});

describe('where a token is taken back', () => {
  const REFRESH = 'CODEX_REFRESH_TOKEN_URL_OVERRIDE';
  test.each([
    [{}, 'https://auth.openai.com/oauth/revoke'],
    [{ [REFRESH]: 'http://127.0.0.1:99/oauth/token?a=1' }, 'http://127.0.0.1:99/oauth/revoke'],
    [{ [REFRESH]: '' }, 'https://auth.openai.com/oauth/revoke'],
    [{ [REVOKE]: 'http://127.0.0.1:98/x', [REFRESH]: 'http://127.0.0.1:99/' }, 'http://127.0.0.1:98/x'],
  ])('%j', (env, url) => expect(revocationUrl(env)).toBe(url));
});
