import { expect, test } from 'vitest';
import { API_KEY, plainRequest } from '../../../../fixtures/model-request.ts';
import { eventsOf, threadAt, user } from '../../../../fixtures/model-thread.ts';
import type { ThreadOptions } from '../../../../fixtures/model-thread.ts';
import { Secret } from '../../../redact/secret.ts';
import { completed, created, startResponsesServer } from '../../../testing/index.ts';
import type { Step } from '../../../testing/index.ts';
import type { RecoveryStep, UnauthorizedRecovery } from '../../auth/recovery.ts';
import { ModelError } from '../error.ts';

const OK: Step = [created('r'), completed('r')];
const request = plainRequest({ input: [user('one')] });

/** A login that is renewed by steps; each takes the next token. */
function login(
  steps: readonly RecoveryStep[],
): Required<Pick<ThreadOptions, 'provider'>> & { readonly machines: () => number } {
  let token = 0;
  let machines = 0;
  const recovery = (): UnauthorizedRecovery => {
    machines += 1;
    let at = 0;
    return {
      mode: 'managed',
      get phase() {
        return (['reload', 'refresh_token'] as const)[at] ?? 'done';
      },
      next: async () => {
        const step = steps[at] ?? { outcome: 'recovery_not_run', reason: 'recovery_exhausted' };
        at += 1;
        if (step.outcome === 'recovery_succeeded' && step.authStateChanged) token += 1;
        return step;
      },
    };
  };
  return {
    machines: () => machines,
    provider: {
      recovery,
      resolve: () => ({
        auth: {
          mode: 'Chatgpt',
          usesChatgptBackend: true,
          headers: { Authorization: new Secret(`Bearer token-number-${token}`) },
        },
      }),
    },
  };
}

const succeeded = (authStateChanged: boolean): RecoveryStep => ({
  outcome: 'recovery_succeeded',
  authStateChanged,
});
const [UNCHANGED, CHANGED] = [succeeded(false), succeeded(true)];
const UNAUTHORIZED = {
  status: 401,
  headers: { 'x-request-id': 'req_1' },
  body: { error: { message: 'who is Bearer token-number-0?' } },
};

test('401 in answer to an upgrade: reload, renew, and the upgrade again (4.6)', async () => {
  await using server = await startResponsesServer({
    upgrades: [UNAUTHORIZED, UNAUTHORIZED],
    responses: [OK],
  });
  const { client, observer } = threadAt(server.baseUrl, login([UNCHANGED, CHANGED]));
  await eventsOf(client.startTurn(), request);
  expect(server.upgrades.map(({ headers }) => headers.authorization)).toEqual([
    'Bearer token-number-0',
    'Bearer token-number-0',
    'Bearer token-number-1',
  ]);
  const connect = {
    told: 'attempt',
    kind: 'websocket_connect',
    authMode: 'Chatgpt',
    authHeaderAttached: true,
  };
  const reloaded = { mode: 'managed', phase: 'reload' };
  const refreshed = { mode: 'managed', phase: 'refresh_token' };
  const refused = { ...connect, success: false, httpStatus: 401, error: 'http 401', requestId: 'req_1' };
  const recovered = { told: 'recovery', outcome: 'recovery_succeeded', requestId: 'req_1' };
  expect(observer.told).toMatchObject([
    { ...refused, attempt: 0, retryAfterUnauthorized: false },
    { ...recovered, ...reloaded, authStateChanged: false },
    { ...refused, attempt: 1, retryAfterUnauthorized: true, recovery: reloaded },
    { ...recovered, ...refreshed, authStateChanged: true },
    { ...connect, attempt: 2, success: true, retryAfterUnauthorized: true, recovery: refreshed },
    // What the connection was opened with goes with every request on it (trap 20).
    { told: 'attempt', kind: 'websocket_request', retryAfterUnauthorized: true, recovery: refreshed },
  ]);
  // A success says nothing of a status (trap 46).
  expect(observer.told[4]).not.toHaveProperty('httpStatus');
  expect(JSON.stringify(observer.told)).not.toContain('token-number');
  client.close();
});

test('a recovery with nothing left leaves the 401 as it came, retryable, each time with a new machine (trap 9)', async () => {
  await using server = await startResponsesServer({
    upgrades: Array.from({ length: 6 }, () => UNAUTHORIZED),
  });
  const { machines, provider } = login([UNCHANGED, CHANGED]);
  const { client, observer } = threadAt(server.baseUrl, { provider });
  const turn = client.startTurn();
  for (const expected of [1, 2]) {
    await expect(eventsOf(turn, request)).rejects.toMatchObject({
      failure: {
        kind: 'unexpected_status',
        facts: { status: 401, requestId: 'req_1' },
      },
    });
    expect(machines()).toBe(expected);
    expect(server.upgrades).toHaveLength(expected * 3);
  }
  expect(observer.told.at(-1)).toMatchObject({
    outcome: 'recovery_not_run',
    reason: 'recovery_exhausted',
    phase: 'done',
  });
});

test.each([
  [
    'recovery_failed_permanent',
    new ModelError({ kind: 'refresh_failed', reason: 'revoked', message: 'gone' }, 'gone'),
  ],
  ['recovery_failed_transient', new ModelError({ kind: 'input_output', message: 'later' }, 'later')],
] as const)('a step that ends as %s ends the request with its error (trap 50)', async (outcome, error) => {
  await using server = await startResponsesServer({ upgrades: [UNAUTHORIZED] });
  const { client, observer } = threadAt(server.baseUrl, login([{ outcome, error }]));
  await expect(eventsOf(client.startTurn(), request)).rejects.toBe(error);
  expect(observer.told.at(-1)).toMatchObject({ outcome, phase: 'reload' });
});

test('a credential that a server repeats is told nowhere', async () => {
  const echo = { status: 418, body: { error: { message: `What is ${API_KEY}?` } } };
  await using server = await startResponsesServer({ upgrades: [echo], responses: [echo] });
  const { client, observer } = threadAt(server.baseUrl);
  const errors: (readonly [Error, string])[] = [];
  for (const _ of ['upgrade', 'frame'])
    await eventsOf(client.startTurn(), request).catch((error: Error) => errors.push([error, error.message]));
  const failure = { failure: { facts: { status: 418 } } };
  expect(errors.map(([error]) => error)).toMatchObject([failure, failure]);
  expect(JSON.stringify([errors, observer.told])).not.toContain(API_KEY);
});
