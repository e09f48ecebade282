import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { chatgptLogin } from '../../../fixtures/credentials.ts';
import { temporaryHome } from '../../../fixtures/home.ts';
import { startFaultServer } from '../../../fixtures/lab/fault-server.ts';
import { stethos } from '../../../fixtures/run.ts';
import type { Finished, RunOptions } from '../../../fixtures/run.ts';

/* `stethos login` and `stethos logout` as processes. */

const KEY = 'sk-one-two-three';

const run = (home: string, args: readonly string[], options: RunOptions = {}): Promise<Finished> =>
  stethos([...args, '--home', home], {
    ...options,
    env: { HOME: home, PATH: '/usr/bin:/bin', ...options.env },
  });

test('a key comes from standard input, and nobody hears it', async () => {
  const home = join(temporaryHome(), 'new');
  const done = await run(home, ['login', '--with-api-key'], { input: `${KEY}\n` });
  expect(done).toMatchObject({ exitCode: 0, stderr: '' });
  expect(done.stdout).toContain(join(home, 'auth.json'));
  expect(done.stdout).not.toContain(KEY);
  expect(JSON.parse(readFileSync(join(home, 'auth.json'), 'utf8'))).toEqual({
    auth_mode: 'apikey',
    OPENAI_API_KEY: KEY,
  });
  expect(statSync(join(home, 'auth.json')).mode & 0o777).toBe(0o600);
  expect(await run(home, ['login', 'status'])).toEqual({
    exitCode: 0,
    signal: null,
    stdout: `Signed in: stored API key, in ${join(home, 'auth.json')}.\n`,
    stderr: '',
  });
});

test('a variable that goes before the key is told of', async () => {
  const { stdout } = await run(temporaryHome(), ['login', '--with-api-key'], {
    input: KEY,
    env: { CODEX_API_KEY: 'sk-other' },
  });
  expect(stdout).toContain('CODEX_API_KEY is set, and goes before it.');
  expect(stdout).not.toContain('sk-');
});

test.each<[string, string, RegExp]>([
  ['nothing', '', /no API key/],
  ['two lines', `${KEY}\n${KEY}`, /no API key/],
  ['a file', KEY.repeat(10_000), /larger than 64\.0 KB/],
])('%s is no key: exit code 1, and nothing is written', async (_name, input, words) => {
  const home = temporaryHome();
  const { exitCode, stdout, stderr } = await run(home, ['login', '--with-api-key'], { input });
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  expect(stderr).toMatch(words);
  expect(stderr).not.toContain(KEY);
  expect(existsSync(join(home, 'auth.json'))).toBe(false);
});

test.each([
  ['a configuration that is no TOML', 'model = ', /config\.toml:1/],
  ['another store', 'cli_auth_credentials_store = "keyring"', /cli_auth_credentials_store = "file"/],
])('%s keeps a key out', async (_name, config, words) => {
  const home = temporaryHome({ 'config.toml': config });
  const { exitCode, stderr } = await run(home, ['login', '--with-api-key'], { input: KEY });
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(words);
  expect(existsSync(join(home, 'auth.json'))).toBe(false);
});

test('a file that cannot be replaced is named', async () => {
  const home = temporaryHome();
  mkdirSync(join(home, 'auth.json'));
  const { exitCode, stderr } = await run(home, ['login', '--with-api-key'], { input: KEY });
  expect(exitCode).toBe(1);
  expect(stderr).toContain(`${join(home, 'auth.json')} cannot be written (`);
});

test.each<[readonly string[], string]>([
  [['login'], 'stethos login --with-api-key'],
  [['login', KEY], 'from standard input only'],
  [['login', '--with-api-key', KEY], 'from standard input only'],
  [['login', '--with-api-kye'], 'Did you mean --with-api-key?'],
  [['login', 'status', 'now'], 'no word but status'],
  [['logout', 'now'], 'options only'],
])('%j ends with 2', async (args, words) => {
  const { exitCode, stdout, stderr } = await run(temporaryHome(), args);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain(words);
  expect(stderr).not.toContain(KEY);
});

test('logout takes the tokens back and removes the file', async () => {
  await using server = await startFaultServer([{ answer: { status: 200 } }]);
  const home = temporaryHome({ 'auth.json': JSON.stringify(chatgptLogin()) });
  const env = { CODEX_REVOKE_TOKEN_URL_OVERRIDE: server.url('/oauth/revoke') };
  expect(await run(home, ['logout'], { env })).toMatchObject({
    exitCode: 0,
    stdout: `Signed out: ${join(home, 'auth.json')} is removed.\n`,
    stderr: '',
  });
  expect(server.requests.map(({ method, url }) => `${method} ${url}`)).toEqual(['POST /oauth/revoke']);
  expect(existsSync(join(home, 'auth.json'))).toBe(false);
  expect(await run(home, ['logout'], { env })).toMatchObject({
    exitCode: 0,
    stdout: 'Nobody was signed in.\n',
  });
});

test('logout removes the file also where the server does not take the tokens back', async () => {
  await using server = await startFaultServer(['reset']);
  const home = temporaryHome();
  writeFileSync(join(home, 'auth.json'), JSON.stringify(chatgptLogin()));
  const { exitCode, stdout } = await run(home, ['logout'], {
    env: { CODEX_REVOKE_TOKEN_URL_OVERRIDE: server.url('/oauth/revoke') },
  });
  expect(exitCode).toBe(0);
  expect(stdout).toContain('did not take the tokens back');
  expect(stdout).not.toContain('refresh');
  expect(existsSync(join(home, 'auth.json'))).toBe(false);
});
