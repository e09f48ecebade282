import { expect, test } from 'vitest';
import { startFaultServer } from '../../../../fixtures/lab/fault-server.ts';
import type { Step } from '../../../../fixtures/lab/fault-server.ts';
import { contextOf, drain, failureOf, transportTo } from '../../../../fixtures/http-transport.ts';
import { plainRequest } from '../../../../fixtures/model-request.ts';
import { Secret } from '../../../redact/secret.ts';
import type { RecoveryStep, UnauthorizedRecovery } from '../../auth/recovery.ts';
import type { ResolvedProvider } from '../../provider/provider.ts';
import { ModelError, isRetryable } from '../error.ts';
import type { RecoveryPhase } from '../../../telemetry/facts/attempt.ts';

const { signal } = new AbortController();
const unauthorized = (requestId: string): Step => ({
  answer: {
    status: 401,
    headers: {
      'x-request-id': requestId,
      'x-openai-authorization-error': 'expired',
      'x-error-json': Buffer.from('{"error":{"code":"token_expired"}}').toString('base64'),
    },
    body: '{"error":{"message":"Log in again."}}',
  },
});
const fine: Step = { events: [{ type: 'response.completed', response: { id: 'r' } }] };

const renewed: RecoveryStep = { outcome: 'recovery_succeeded', authStateChanged: true };
const unchanged: RecoveryStep = { outcome: 'recovery_succeeded', authStateChanged: false };

/** Takes these steps, one for each 401. */
function recoveryOf(steps: readonly (readonly [RecoveryPhase, RecoveryStep])[]): () => UnauthorizedRecovery {
  return () => {
    let taken = 0;
    return {
      mode: 'managed',
      get phase() {
        return steps[taken]?.[0] ?? 'done';
      },
      next: async () => {
        taken += 1;
        return steps[taken - 1]?.[1] ?? { outcome: 'recovery_not_run', reason: 'recovery_exhausted' };
      },
    };
  };
}

/** A credential that is another one each time. */
function numberedTokens(): () => Partial<ResolvedProvider> {
  let asked = 0;
  return () => {
    asked += 1;
    const headers = { Authorization: new Secret(`Bearer token-${asked}`) };
    return { auth: { mode: 'Chatgpt', usesChatgptBackend: false, headers } };
  };
}

test('each 401 takes one step, the provider is asked again, and facts come in order', async () => {
  await using server = await startFaultServer([unauthorized('one'), unauthorized('two'), fine]);
  await using used = transportTo(server.url('/v1'), {
    provider: {
      recovery: recoveryOf([
        // A reload that changes nothing succeeds all the same (trap 10).
        ['reload', unchanged],
        ['refresh_token', renewed],
      ]),
      resolve: numberedTokens(),
    },
  });
  const { error } = await drain(used.transport.stream(plainRequest(), contextOf(), signal));
  expect(error).toBeUndefined();
  expect(server.requests.map(({ headers }) => headers['authorization'])).toEqual([
    'Bearer token-1',
    'Bearer token-2',
    'Bearer token-3',
  ]);
  const ids = { authorizationError: 'expired', authorizationErrorCode: 'token_expired' };
  expect(used.observer.told).toMatchObject([
    { told: 'attempt', httpStatus: 401, requestId: 'one', retryAfterUnauthorized: false, ...ids },
    {
      told: 'recovery',
      mode: 'managed',
      phase: 'reload',
      outcome: 'recovery_succeeded',
      authStateChanged: false,
      requestId: 'one',
      ...ids,
    },
    {
      told: 'attempt',
      httpStatus: 401,
      requestId: 'two',
      retryAfterUnauthorized: true,
      recovery: { mode: 'managed', phase: 'reload' },
    },
    { told: 'recovery', phase: 'refresh_token', outcome: 'recovery_succeeded', authStateChanged: true },
    {
      told: 'attempt',
      httpStatus: 200,
      success: true,
      retryAfterUnauthorized: true,
      recovery: { mode: 'managed', phase: 'refresh_token' },
    },
  ]);
});

test('when nothing is left the 401 stands, and the turn may try again (trap 9)', async () => {
  await using server = await startFaultServer([unauthorized('one'), unauthorized('two')]);
  await using used = transportTo(server.url('/v1'), {
    provider: { recovery: recoveryOf([['reload', unchanged]]) },
  });
  const { error } = await drain(used.transport.stream(plainRequest(), contextOf(), signal));
  const failure = failureOf(error);
  expect(failure).toMatchObject({
    kind: 'unexpected_status',
    facts: { status: 401, requestId: 'two', authorizationErrorCode: 'token_expired' },
  });
  expect(isRetryable(failure)).toBe(true);
  expect(used.observer.told.at(-1)).toMatchObject({
    told: 'recovery',
    phase: 'done',
    outcome: 'recovery_not_run',
    reason: 'recovery_exhausted',
  });
});

test('every stream has a machine of its own (trap 9)', async () => {
  await using server = await startFaultServer([unauthorized('one'), fine, unauthorized('two'), fine]);
  await using used = transportTo(server.url('/v1'), {
    provider: { recovery: recoveryOf([['reload', unchanged]]) },
  });
  for (let turn = 0; turn < 2; turn += 1) {
    const { error } = await drain(used.transport.stream(plainRequest(), contextOf(), signal));
    expect(error).toBeUndefined();
  }
  server.verify();
});

test.each([
  [
    'recovery_failed_permanent',
    { kind: 'refresh_failed', reason: 'expired', message: 'Log in again.' },
    false,
  ],
  ['recovery_failed_transient', { kind: 'input_output', message: 'No way there.' }, true],
] as const)('%s ends the stream with its own failure (trap 50)', async (outcome, failure, retried) => {
  const error = new ModelError(failure, failure.message);
  await using server = await startFaultServer([unauthorized('one')]);
  await using used = transportTo(server.url('/v1'), {
    provider: { recovery: recoveryOf([['refresh_token', { outcome, error }]]) },
  });
  const ended = await drain(used.transport.stream(plainRequest(), contextOf(), signal));
  expect(ended.error).toBe(error);
  expect(isRetryable(error.failure)).toBe(retried);
  expect(used.observer.told.at(-1)).toMatchObject({ told: 'recovery', outcome });
});

test('a provider that cannot be resolved is told as it tells', async () => {
  const error = new ModelError({ kind: 'credential_variable_missing', variable: 'KEY' }, 'no key');
  await using used = transportTo('http://127.0.0.1:9/v1', {
    provider: {
      resolve: () => {
        throw error;
      },
    },
  });
  expect((await drain(used.transport.stream(plainRequest(), contextOf(), signal))).error).toBe(error);
});
