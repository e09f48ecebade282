import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { chatgptLogin, NOW_MS, tokenOf } from '../../../fixtures/credentials.ts';
import { temporaryHome } from '../../../fixtures/home.ts';
import { startFaultServer } from '../../../fixtures/lab/fault-server.ts';
import type { Step } from '../../../fixtures/lab/fault-server.ts';
import { everyForm, providerFrom, revealed } from '../../../fixtures/model-provider.ts';
import { files } from '../../host/files.ts';
import type { ModelProvider } from '../provider/provider.ts';

const DAY_MS = 86_400_000;
const RENEWED = tokenOf({ exp: (NOW_MS + 10 * DAY_MS) / 1000 });
const LATER = tokenOf({ exp: (NOW_MS + 20 * DAY_MS) / 1000 });
const expired = chatgptLogin({ expiresAtMs: NOW_MS - 1000 });
const healthy = chatgptLogin();
const HEALTHY_TOKEN = (healthy['tokens'] as Record<string, string>)['access_token'];

const tokens = (body: object): Step => ({ answer: { status: 200, body: JSON.stringify(body) } });

const authorization = async (provider: ModelProvider): Promise<string | undefined> =>
  revealed((await provider.resolve()).auth.headers)['authorization'];

// The old token is spent by then: without the new one, this process would be signed out too.
test('a renewed login that cannot be stored is used all the same, until another one is stored', async () => {
  const server = await startFaultServer([
    tokens({ access_token: RENEWED, refresh_token: 'refresh-2' }),
    tokens({ access_token: LATER }),
  ]);
  onTestFinished(() => server[Symbol.asyncDispose]());
  const home = temporaryHome({
    'auth.json': JSON.stringify(expired),
    'read.json': JSON.stringify(expired),
  });
  const inPlace = join(home, 'auth.json');
  const isRead = join(home, 'read.json');
  const provider = providerFrom(
    { home, env: { CODEX_REFRESH_TOKEN_URL_OVERRIDE: server.url('/oauth/token') } },
    {
      files: {
        ...files,
        readBytes: (path, limits) => files.readBytes(path === inPlace ? isRead : path, limits),
      },
    },
  );
  // What is read stands elsewhere, so that nothing can be written to its place.
  rmSync(inPlace);
  const recovery = provider.recovery();
  expect(await recovery.next()).toMatchObject({ outcome: 'recovery_succeeded', authStateChanged: false });
  const failedStep = await recovery.next();
  expect(failedStep).toMatchObject({
    outcome: 'recovery_failed_transient',
    error: { failure: { kind: 'input_output' } },
  });
  expect(everyForm(failedStep)).toMatch(/could not be written/);
  expect(await authorization(provider)).toBe(`Bearer ${RENEWED}`);

  const next = provider.recovery();
  expect(await next.next()).toMatchObject({ authStateChanged: false });
  await next.next();
  expect(
    server.requests.map(({ body }) => (JSON.parse(body) as { refresh_token: string }).refresh_token),
  ).toEqual(['refresh', 'refresh-2']);
  expect(await authorization(provider)).toBe(`Bearer ${LATER}`);

  writeFileSync(isRead, JSON.stringify(healthy));
  expect(await provider.recovery().next()).toMatchObject({ authStateChanged: true });
  expect(await authorization(provider)).toBe(`Bearer ${HEALTHY_TOKEN}`);
});
