import { chmodSync, lstatSync, mkdirSync, readFileSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { chatgptLogin } from '../../../fixtures/credentials.ts';
import { providerOptions } from '../../../fixtures/model-provider.ts';
import { Secret } from '../../redact/secret.ts';
import { loginWithApiKey } from './login-with-api-key.ts';

const KEY = 'sk-one-two';
const STORED = { auth_mode: 'apikey', OPENAI_API_KEY: KEY };

const login = (given: Parameters<typeof providerOptions>[0], key = KEY) => {
  const { home, target } = providerOptions(given);
  return { home, done: loginWithApiKey(new Secret(key), target) };
};
const stored = (home: string): unknown => JSON.parse(readFileSync(join(home, 'auth.json'), 'utf8'));

test('a key becomes the login of a home, for its owner alone', async () => {
  const { home, done } = login({}, `  ${KEY}\n`);
  expect(await done).toEqual({ kind: 'stored', path: join(home, 'auth.json') });
  expect(stored(home)).toEqual(STORED);
  expect(statSync(join(home, 'auth.json')).mode & 0o777).toBe(0o600);
  expect(readdirSync(home).toSorted()).toEqual(['auth.json', 'config.toml']);
});

test('the login before it is gone, and so are permissions that were too wide', async () => {
  const { home, target } = providerOptions({ auth: chatgptLogin() });
  chmodSync(join(home, 'auth.json'), 0o644);
  await loginWithApiKey(new Secret(KEY), target);
  expect(stored(home)).toEqual(STORED);
  expect(statSync(join(home, 'auth.json')).mode & 0o777).toBe(0o600);
});

test('a home that is not there yet is made', async () => {
  const { home } = providerOptions({});
  const below = join(home, 'deep/home');
  expect(await login({ home: below }).done).toMatchObject({ kind: 'stored' });
  expect(stored(below)).toEqual(STORED);
  expect(statSync(below).mode & 0o777).toBe(0o700);
});

test.each(['there', 'not there yet'])('a link is followed to what is %s', async (state) => {
  const { home, target } = providerOptions(state === 'there' ? { auth: {} } : {});
  mkdirSync(join(home, 'elsewhere'));
  const path = join(home, 'linked/auth.json');
  mkdirSync(join(home, 'linked'));
  symlinkSync(state === 'there' ? '../auth.json' : '../elsewhere/key.json', path);
  const real = join(home, state === 'there' ? 'auth.json' : 'elsewhere/key.json');
  const linked = { ...target, home: { ...target.home, path: join(home, 'linked') } };
  expect(await loginWithApiKey(new Secret(KEY), linked)).toEqual({ kind: 'stored', path: real });
  expect(lstatSync(path).isSymbolicLink()).toBe(true);
  expect(JSON.parse(readFileSync(real, 'utf8'))).toEqual(STORED);
});

test.each([
  ['', 'no API key'],
  [' \n', 'no API key'],
  ['one\ntwo', 'one word'],
  ['one two', 'one word'],
  ['schlüssel', 'one word'],
  ['one\u0000', 'one word'],
])('%j is no key', async (key, words) => {
  const { home, done } = login({}, key);
  expect(await done).toMatchObject({ kind: 'refused', message: expect.stringContaining(words) as string });
  expect(readdirSync(home)).toEqual(['config.toml']);
});

test.each([
  ['forced_login_method = "chatgpt"', 'forced_login_method'],
  ['cli_auth_credentials_store = "keyring"', 'cli_auth_credentials_store = "file"'],
  ['cli_auth_credentials_store = "ephemeral"', 'CODEX_API_KEY'],
])('%s keeps keys out of the file', async (config, words) => {
  const { home, done } = login({ config });
  expect(await done).toMatchObject({ kind: 'refused', message: expect.stringContaining(words) as string });
  expect(readdirSync(home)).toEqual(['config.toml']);
});

test('a folder in the place of the file is told, and stays', async () => {
  const { home, target } = providerOptions({});
  mkdirSync(join(home, 'auth.json'));
  await expect(loginWithApiKey(new Secret(KEY), target)).rejects.toThrow(/EISDIR|EEXIST|EPERM/);
  expect(readdirSync(home).toSorted()).toEqual(['auth.json', 'config.toml']);
});
