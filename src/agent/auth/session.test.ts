import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { chatgptLogin, NOW_MS, tokenOf } from '../../../fixtures/credentials.ts';
import { temporaryHome } from '../../../fixtures/home.ts';
import { closedPort, startFaultServer } from '../../../fixtures/lab/fault-server.ts';
import type { FaultServer, Script, Step } from '../../../fixtures/lab/fault-server.ts';
import { everyForm, providerFrom, revealed } from '../../../fixtures/model-provider.ts';
import type { ModelProvider } from '../provider/provider.ts';
import type { RecoveryStep, UnauthorizedRecovery } from './recovery.ts';

const DAY_MS = 86_400_000;
const RENEWED = tokenOf({ exp: (NOW_MS + 10 * DAY_MS) / 1000, renewed: true });
const expired = chatgptLogin({ expiresAtMs: NOW_MS - 1000 });
const healthy = chatgptLogin();
const accessTokenOf = (login: Record<string, unknown>): string =>
  (login['tokens'] as Record<string, string>)['access_token'] ?? '';

const json = (status: number, body: object): Step => ({
  answer: { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
});
/** Late enough for whoever asks at the same time. */
const slowJson = (body: object): Step => ({
  answer: { status: 200, body: JSON.stringify(body), delayMs: 30 },
});
const renewal = json(200, { access_token: RENEWED, refresh_token: 'refresh-2' });

interface Place {
  readonly home: string;
  readonly provider: ModelProvider;
  readonly server: FaultServer;
  /** What is stored at the moment. */
  stored(): Record<string, unknown>;
  store(login: object): void;
}

async function place(login: object, script: Script): Promise<Place> {
  const server = await startFaultServer(script);
  onTestFinished(() => server[Symbol.asyncDispose]());
  const home = temporaryHome({ 'auth.json': JSON.stringify(login) });
  const path = join(home, 'auth.json');
  return {
    home,
    server,
    provider: providerFrom({
      home,
      env: { CODEX_REFRESH_TOKEN_URL_OVERRIDE: server.url('/oauth/token?a=1') },
    }),
    stored: () => JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>,
    store: (next) => writeFileSync(path, JSON.stringify(next)),
  };
}

async function authorization({ provider }: Pick<Place, 'provider'>): Promise<string | undefined> {
  return revealed((await provider.resolve()).auth.headers)['authorization'];
}

const words = (step: RecoveryStep): string => {
  switch (step.outcome) {
    case 'recovery_succeeded':
      return `succeeded, changed: ${step.authStateChanged}`;
    case 'recovery_not_run':
      return `not run: ${step.reason}`;
    case 'recovery_failed_permanent':
    case 'recovery_failed_transient':
      return `${step.outcome}: ${step.error.failure.kind}`;
  }
};

describe('a login that is about to end', () => {
  test('is renewed before it is used, and the new one is stored', async () => {
    const there = await place({ ...expired, kept: 'as it was' }, [renewal]);
    expect(await authorization(there)).toBe(`Bearer ${RENEWED}`);
    expect(there.stored()).toEqual({
      ...expired,
      tokens: { ...(expired['tokens'] as object), access_token: RENEWED, refresh_token: 'refresh-2' },
      last_refresh: new Date(NOW_MS).toISOString(),
      kept: 'as it was',
    });
    const [request] = there.server.requests;
    expect(request?.url).toBe('/oauth/token?a=1');
    expect(JSON.parse(request?.body ?? '')).toEqual({
      client_id: 'app_EMoamEEZ73f0CkXaXp7hrann',
      grant_type: 'refresh_token',
      refresh_token: 'refresh',
    });
    expect(request?.headers).toMatchObject({ originator: 'stethos', 'user-agent': 'stethos/1.2.3' });
  });

  test('is renewed once for all who ask at the same time', async () => {
    const there = await place(expired, [slowJson({ access_token: RENEWED })]);
    const all = await Promise.all(Array.from({ length: 8 }, () => authorization(there)));
    expect(new Set(all)).toEqual(new Set([`Bearer ${RENEWED}`]));
    expect(there.server.requests).toHaveLength(1);
  });

  test('is used as it is when it cannot be renewed', async () => {
    const there = await place(expired, [json(503, {})]);
    expect(await authorization(there)).toBe(`Bearer ${accessTokenOf(expired)}`);
    expect(there.stored()).toEqual(expired);
  });

  test('that another process renewed is taken from the disk without a request', async () => {
    const there = await place(expired, []);
    const first = there.provider.recovery();
    there.store(healthy);
    expect(await authorization(there)).toBe(`Bearer ${accessTokenOf(healthy)}`);
    expect(first.phase).toBe('reload');
  });

  test('whose token another process spent a moment before is taken from the disk', async () => {
    const there: Place = await place(expired, () => {
      there.store(healthy);
      return json(400, { error: { code: 'refresh_token_reused' } });
    });
    expect(await authorization(there)).toBe(`Bearer ${accessTokenOf(healthy)}`);
  });

  test('two processes that renew it at once both end with what the faster one got', async () => {
    const home = temporaryHome({ 'auth.json': JSON.stringify(expired) });
    const stored = (): string => readFileSync(join(home, 'auth.json'), 'utf8');
    let asked = 0;
    const server = createServer((_request, response) => {
      asked += 1;
      if (asked === 1) {
        response.end(JSON.stringify({ access_token: RENEWED }));
        return;
      }
      // The token was spent: said when the faster process has written what it got for it.
      void vi
        .waitUntil(() => stored().includes(RENEWED), { timeout: 10_000 })
        .then(() => response.writeHead(400).end(JSON.stringify({ error: 'refresh_token_reused' })));
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const env = { CODEX_REFRESH_TOKEN_URL_OVERRIDE: `http://127.0.0.1:${port}/oauth/token` };
    const processes = [providerFrom({ home, env }), providerFrom({ home, env })];
    const all = await Promise.all(processes.map((provider) => authorization({ provider })));
    expect(all).toEqual([`Bearer ${RENEWED}`, `Bearer ${RENEWED}`]);
    expect(asked).toBe(2);
  });

  test('is not written over another account, nor after a logout', async () => {
    const other = chatgptLogin({ accountId: 'account-2' });
    const there: Place = await place(expired, () => {
      there.store(other);
      return renewal;
    });
    await there.provider.resolve();
    expect(there.stored()).toEqual(other);
    const gone: Place = await place(expired, () => {
      rmSync(join(gone.home, 'auth.json'));
      return renewal;
    });
    await gone.provider.resolve();
    expect(() => gone.stored()).toThrow('ENOENT');
  });
});

// spec/transport.md 4.6.
describe('after a 401', () => {
  const renewing = { 'POST /oauth/token': renewal };

  test('reload first, which succeeds even if nothing changed; then renew; then nothing (trap 10)', async () => {
    const there = await place(healthy, renewing);
    await there.provider.resolve();
    const recovery = there.provider.recovery();
    expect(recovery).toMatchObject({ mode: 'managed', phase: 'reload' });
    expect(words(await recovery.next())).toBe('succeeded, changed: false');
    expect(there.server.requests).toHaveLength(0);
    expect(recovery.phase).toBe('refresh_token');
    expect(words(await recovery.next())).toBe('succeeded, changed: true');
    expect(await authorization(there)).toBe(`Bearer ${RENEWED}`);
    expect(recovery.phase).toBe('done');
    expect(words(await recovery.next())).toBe('not run: recovery_exhausted');
    expect(there.server.requests).toHaveLength(1);
  });

  test('a login that changed on disk is taken', async () => {
    const there = await place(expired, renewing);
    const recovery = there.provider.recovery();
    there.store(healthy);
    expect(words(await recovery.next())).toBe('succeeded, changed: true');
    expect(await authorization(there)).toBe(`Bearer ${accessTokenOf(healthy)}`);
  });

  test('another account on disk ends it for good', async () => {
    const there = await place(healthy, renewing);
    const recovery = there.provider.recovery();
    there.store(chatgptLogin({ accountId: 'account-2' }));
    expect(words(await recovery.next())).toBe('recovery_failed_permanent: refresh_failed');
    expect(recovery.phase).toBe('done');
    expect(words(await recovery.next())).toBe('not run: recovery_exhausted');
  });

  test('a final refusal is remembered for this login, and forgotten with a new one (trap 32)', async () => {
    const there = await place(healthy, [
      json(400, { error: { code: 'refresh_token_invalidated' } }),
      renewal,
    ]);
    const machine = async (): Promise<[UnauthorizedRecovery, RecoveryStep]> => {
      const recovery = there.provider.recovery();
      await recovery.next();
      return [recovery, await recovery.next()];
    };
    const [first, step] = await machine();
    expect(step).toMatchObject({
      outcome: 'recovery_failed_permanent',
      error: { failure: { kind: 'refresh_failed', reason: 'revoked' } },
    });
    expect(first.phase).toBe('refresh_token');
    expect(words((await machine())[1])).toBe('recovery_failed_permanent: refresh_failed');
    expect(there.server.requests).toHaveLength(1);
    there.store({ ...healthy, tokens: { ...(healthy['tokens'] as object), refresh_token: 'new-login' } });
    expect(words((await machine())[1])).toBe('succeeded, changed: true');
    expect(there.server.requests).toHaveLength(2);
  });

  test.each<[string, Step]>([
    ['a server error', json(500, {})],
    ['an unknown code', json(400, { error: 'slow_down' })],
    ['no JSON', { answer: { status: 200, body: '<html>' } }],
    ['an answer without tokens', json(200, {})],
    ['a redirect', { answer: { status: 307, headers: { location: 'http://127.0.0.1:1/' } } }],
    ['a reset', 'reset'],
  ])('%s may be tried again', async (_name, step) => {
    const there = await place(healthy, { 'POST /oauth/token': step });
    const recovery = there.provider.recovery();
    await recovery.next();
    const failed = await recovery.next();
    expect(words(failed)).toBe('recovery_failed_transient: input_output');
    expect(recovery.phase).toBe('refresh_token');
    expect(everyForm(failed)).not.toContain('refresh"');
    expect(there.stored()).toEqual(healthy);
  });

  test('a set but empty override is used as it stands (trap 30)', async () => {
    const provider = providerFrom({ auth: healthy, env: { CODEX_REFRESH_TOKEN_URL_OVERRIDE: '' } });
    const recovery = provider.recovery();
    await recovery.next();
    expect(words(await recovery.next())).toBe('recovery_failed_transient: input_output');
  });

  test('a sign-in server that is not there may be tried again, and its address is not told', async () => {
    const port = await closedPort();
    const provider = providerFrom({
      auth: healthy,
      env: { CODEX_REFRESH_TOKEN_URL_OVERRIDE: `http://127.0.0.1:${port}/hush` },
    });
    const recovery = provider.recovery();
    await recovery.next();
    const step = await recovery.next();
    expect(words(step)).toBe('recovery_failed_transient: input_output');
    expect(everyForm(step)).not.toContain('hush');
  });

  test('no two requests renew the login at the same time', async () => {
    const there = await place(healthy, { 'POST /oauth/token': slowJson({ access_token: RENEWED }) });
    const machines = Array.from({ length: 4 }, () => there.provider.recovery());
    for (const machine of machines) await machine.next();
    const steps = await Promise.all(machines.map((machine) => machine.next()));
    expect(steps.map(words)).toEqual(machines.map(() => 'succeeded, changed: true'));
    expect(there.server.requests).toHaveLength(1);
  });
});

test.each<[string, object | undefined, string]>([
  ['an API key', { OPENAI_API_KEY: 'key' }, 'not run: not_chatgpt_auth'],
  ['nobody signed in', undefined, 'not run: not_chatgpt_auth'],
  ['tokens of a host program', { ...healthy, auth_mode: 'chatgptAuthTokens' }, 'not run: no_external_auth'],
])('a 401 of %s is left as it came', async (_name, auth, expected) => {
  const provider = providerFrom({ ...(auth && { auth }) });
  expect(words(await provider.recovery().next())).toBe(expected);
});
