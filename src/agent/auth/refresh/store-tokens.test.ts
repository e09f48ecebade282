import { spawn } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { chatgptLogin } from '../../../../fixtures/credentials.ts';
import { temporaryHome } from '../../../../fixtures/home.ts';
import { storeTokens } from './store-tokens.ts';

const WHEN = '2026-11-20T12:00:00.000Z';
const login = chatgptLogin();

const homeWith = (file: object): string => temporaryHome({ 'auth.json': JSON.stringify(file) });
const read = (path: string): Record<string, unknown> =>
  JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;

test('only what came is replaced, and every other key stays', async () => {
  const path = join(homeWith({ ...login, added_later: { by: ['another', 'program'] } }), 'auth.json');
  await storeTokens(path, { access_token: 'new' }, WHEN);
  expect(read(path)).toEqual({
    ...login,
    tokens: { ...(login['tokens'] as object), access_token: 'new' },
    last_refresh: WHEN,
    added_later: { by: ['another', 'program'] },
  });
});

test.runIf(process.platform !== 'win32')(
  'the mode of the file stays, and nothing is left beside it',
  async () => {
    const home = homeWith(login);
    const path = join(home, 'auth.json');
    chmodSync(path, 0o640);
    await storeTokens(path, { access_token: 'new' }, WHEN);
    expect(statSync(path).mode & 0o777).toBe(0o640);
    expect(readdirSync(home)).toEqual(['auth.json']);
  },
);

test.runIf(process.platform !== 'win32')('a link stays a link, and its target is replaced', async () => {
  const home = temporaryHome({ 'elsewhere/login.json': JSON.stringify(login) });
  const path = join(home, 'auth.json');
  symlinkSync(join(home, 'elsewhere/login.json'), path);
  await storeTokens(path, { access_token: 'new' }, WHEN);
  expect(lstatSync(path).isSymbolicLink()).toBe(true);
  expect(read(join(home, 'elsewhere/login.json'))).toMatchObject({ tokens: { access_token: 'new' } });
});

test('a file that is gone is not made again, and a failure leaves nothing behind', async () => {
  const home = temporaryHome();
  await expect(storeTokens(join(home, 'auth.json'), { access_token: 'new' }, WHEN)).rejects.toMatchObject({
    code: 'ENOENT',
  });
  expect(readdirSync(home)).toEqual([]);
});

// A process that writes without a pause is killed at some moment of its work, again and again.
test('a process that is killed while it writes leaves the old file or the new one, whole', async () => {
  const home = homeWith(login);
  const path = join(home, 'auth.json');
  const writer = join(home, 'writer.mjs');
  const size = 512 * 1024;
  writeFileSync(
    writer,
    `const { storeTokens } = await import(${JSON.stringify(pathToFileURL(join(import.meta.dirname, 'store-tokens.ts')).href)});
     for (let round = 0; ; round++) {
       await storeTokens(${JSON.stringify(path)}, { access_token: String(round % 10).repeat(${size}) }, ${JSON.stringify(WHEN)});
       if (round === 0) process.stdout.write('writing');
     }`,
  );
  for (let kill = 0; kill < 4; kill++) {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', writer], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const token = String((read(path)['tokens'] as Record<string, unknown>)['access_token']);
    expect(token).toBe(token.charAt(0).repeat(size));
  }
});
