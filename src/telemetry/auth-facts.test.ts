import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { createAuthFacts } from './auth-facts.ts';
import type { AttemptFacts, AuthEnvironmentFacts, RecoveryFacts } from './facts/attempt.ts';

/* The table of spec/transport.md 5.1. */

const NO_KEYS: AuthEnvironmentFacts = {
  openaiApiKeyPresent: false,
  codexApiKeyPresent: false,
  codexApiKeyEnabled: false,
  providerKeyName: undefined,
  providerKeyPresent: undefined,
  refreshTokenUrlOverridePresent: false,
};

const attempt = (facts: Partial<AttemptFacts> = {}): AttemptFacts => ({
  kind: 'http',
  endpoint: '/responses',
  attempt: 0,
  durationMs: 1,
  success: true,
  httpStatus: 200,
  authHeaderAttached: true,
  authHeaderName: 'authorization',
  authMode: 'Chatgpt',
  retryAfterUnauthorized: false,
  ...facts,
});
const unauthorized = attempt({
  success: false,
  httpStatus: 401,
  error: 'http 401',
  requestId: 'req-401',
  cfRay: 'ray-401',
  authorizationError: 'missing_authorization_header',
  authorizationErrorCode: 'token_expired',
});
const recovery = (facts: Partial<RecoveryFacts> = {}): RecoveryFacts => ({
  mode: 'managed',
  phase: 'refresh_token',
  outcome: 'recovery_succeeded',
  authStateChanged: true,
  requestId: 'req-401',
  cfRay: 'ray-401',
  authorizationError: 'missing_authorization_header',
  authorizationErrorCode: 'token_expired',
  ...facts,
});
const followUp = attempt({
  retryAfterUnauthorized: true,
  recovery: { mode: 'managed', phase: 'refresh_token' },
});

/** Tags of an attempt that nothing is known of but that it was made, in the order of the table. */
const PLAIN: Readonly<Record<string, string>> = {
  endpoint: '/responses',
  auth_header_attached: 'true',
  auth_header_name: 'authorization',
  auth_mode: 'Chatgpt',
  auth_retry_after_unauthorized: 'false',
  auth_recovery_mode: '',
  auth_recovery_phase: '',
  auth_connection_reused: '',
  auth_request_id: '',
  auth_cf_ray: '',
  auth_error: '',
  auth_error_code: '',
  auth_recovery_followup_success: '',
  auth_recovery_followup_status: '',
  auth_env_openai_api_key_present: 'false',
  auth_env_codex_api_key_present: 'false',
  auth_env_codex_api_key_enabled: 'false',
  auth_env_provider_key_name: '',
  auth_env_provider_key_present: '',
  auth_env_refresh_token_url_override_present: 'false',
};

describe('every attempt writes its whole group', () => {
  test('an answer that was no error', () => {
    expect(createAuthFacts(NO_KEYS).attempt(attempt())).toEqual(PLAIN);
  });

  const rows: readonly (readonly [string, Partial<AttemptFacts>, Readonly<Record<string, string>>])[] = [
    [
      'nothing is attached',
      { authHeaderAttached: false, authHeaderName: undefined, authMode: undefined } as object,
      { auth_header_attached: 'false', auth_header_name: '', auth_mode: '' },
    ],
    ['the mode is a key', { authMode: 'ApiKey' }, { auth_mode: 'ApiKey' }],
    ['another endpoint', { endpoint: '/responses/compact' }, { endpoint: '/responses/compact' }],
    [
      'the list of models knows of no recovery',
      { endpoint: '/models' },
      { endpoint: '/models', auth_retry_after_unauthorized: '' },
    ],
    [
      'a WebSocket is opened',
      { kind: 'websocket_connect', connectionReused: false },
      { auth_connection_reused: 'false' },
    ],
    [
      'a WebSocket is used again',
      { kind: 'websocket_request', connectionReused: true },
      { auth_connection_reused: 'true' },
    ],
    [
      'an error answer with its ids',
      { success: false, httpStatus: 401, requestId: 'r', cfRay: 'c', authorizationError: 'e' },
      { auth_request_id: 'r', auth_cf_ray: 'c', auth_error: 'e', last_model_request_id: 'r' },
    ],
    [
      'an error code that stands in a header',
      { success: false, httpStatus: 401, authorizationErrorCode: 'token_expired' },
      { auth_error_code: 'token_expired' },
    ],
    ['the id of a good answer is no evidence', { upstreamRequestId: 'r' }, { last_model_request_id: 'r' }],
    [
      'the list of models is no answer of the model',
      { endpoint: '/models', upstreamRequestId: 'r' },
      { endpoint: '/models', auth_retry_after_unauthorized: '' },
    ],
    [
      'a follow-up over HTTP has its status (trap 46)',
      { retryAfterUnauthorized: true, recovery: { mode: 'managed', phase: 'reload' } },
      {
        auth_retry_after_unauthorized: 'true',
        auth_recovery_mode: 'managed',
        auth_recovery_phase: 'reload',
        auth_recovery_followup_success: 'true',
        auth_recovery_followup_status: '200',
      },
    ],
    [
      'a follow-up that failed again',
      {
        success: false,
        httpStatus: 401,
        retryAfterUnauthorized: true,
        recovery: { mode: 'external', phase: 'external_refresh' },
      },
      {
        auth_retry_after_unauthorized: 'true',
        auth_recovery_mode: 'external',
        auth_recovery_phase: 'external_refresh',
        auth_recovery_followup_success: 'false',
        auth_recovery_followup_status: '401',
      },
    ],
    [
      'a WebSocket that opens as a follow-up has none (trap 46)',
      {
        kind: 'websocket_connect',
        httpStatus: undefined,
        connectionReused: false,
        retryAfterUnauthorized: true,
        recovery: { mode: 'managed', phase: 'reload' },
      } as object,
      {
        auth_connection_reused: 'false',
        auth_retry_after_unauthorized: 'true',
        auth_recovery_mode: 'managed',
        auth_recovery_phase: 'reload',
        auth_recovery_followup_success: 'true',
        auth_recovery_followup_status: '',
      },
    ],
  ];
  test.each(rows)('%s', (_name, facts, differs) => {
    expect(createAuthFacts(NO_KEYS).attempt(attempt(facts))).toEqual({ ...PLAIN, ...differs });
  });

  test('which credential variables are set, and never a name of one (trap 37)', () => {
    const all = {
      openaiApiKeyPresent: true,
      codexApiKeyPresent: true,
      codexApiKeyEnabled: true,
      providerKeyName: 'configured',
      providerKeyPresent: false,
      refreshTokenUrlOverridePresent: true,
    } as const;
    expect(createAuthFacts(all).attempt(attempt())).toMatchObject({
      auth_env_openai_api_key_present: 'true',
      auth_env_codex_api_key_present: 'true',
      auth_env_codex_api_key_enabled: 'true',
      auth_env_provider_key_name: 'configured',
      auth_env_provider_key_present: 'false',
      auth_env_refresh_token_url_override_present: 'true',
    });
  });
});

describe('every handled 401 writes its evidence', () => {
  test('what was tried, and the ids of the answer', () => {
    expect(createAuthFacts(NO_KEYS).recovery(recovery())).toEqual({
      auth_recovery_mode: 'managed',
      auth_recovery_phase: 'refresh_token',
      auth_recovery_outcome: 'recovery_succeeded',
      auth_401_request_id: 'req-401',
      auth_401_cf_ray: 'ray-401',
      auth_401_error: 'missing_authorization_header',
      auth_401_error_code: 'token_expired',
    });
  });

  test('the next 401 clears what it does not know (trap 35)', () => {
    const facts = createAuthFacts(NO_KEYS);
    facts.recovery(recovery());
    facts.recovery({ mode: 'none', phase: 'none', outcome: 'recovery_not_run' });
    expect(facts.tags()).toEqual({
      auth_recovery_mode: 'none',
      auth_recovery_phase: 'none',
      auth_recovery_outcome: 'recovery_not_run',
      auth_401_request_id: '',
      auth_401_cf_ray: '',
      auth_401_error: '',
      auth_401_error_code: '',
    });
  });
});

test('401, recovery, success: the evidence outlives the retry, the ids of the attempt do not (trap 36)', () => {
  const facts = createAuthFacts(NO_KEYS);
  expect(facts.attempt(unauthorized)).toMatchObject({
    auth_request_id: 'req-401',
    auth_error_code: 'token_expired',
  });
  facts.recovery(recovery());
  facts.attempt(followUp);
  expect(facts.tags()).toMatchObject({
    auth_request_id: '',
    auth_error_code: '',
    auth_recovery_followup_success: 'true',
    auth_recovery_followup_status: '200',
    auth_recovery_outcome: 'recovery_succeeded',
    auth_401_request_id: 'req-401',
    auth_401_error_code: 'token_expired',
  });
  facts.attempt(attempt());
  expect(facts.tags()).toMatchObject({
    auth_recovery_mode: '',
    auth_recovery_phase: '',
    auth_recovery_followup_success: '',
    auth_recovery_followup_status: '',
    auth_recovery_outcome: 'recovery_succeeded',
    auth_401_request_id: 'req-401',
  });
});

test('ids of answers stay until the next ones', () => {
  const facts = createAuthFacts(NO_KEYS);
  expect(facts.response({ upstreamRequestId: 'req-1', responseId: 'resp-1' })).toEqual({
    last_model_request_id: 'req-1',
    last_model_response_id: 'resp-1',
  });
  facts.response({ upstreamRequestId: 'req-2', responseId: null });
  expect(facts.tags()).toEqual({ last_model_request_id: 'req-2', last_model_response_id: 'resp-1' });
});

const text = fc.string({ maxLength: 8 });
const maybe = <Value>(of: fc.Arbitrary<Value>) => fc.option(of, { nil: undefined });
const answerIds = {
  requestId: maybe(text),
  cfRay: maybe(text),
  authorizationError: maybe(text),
  authorizationErrorCode: maybe(text),
};
const ERROR_TEXT = 'what a transport said with a \u0001 token in it';
const mode = fc.constantFrom('managed', 'external', 'none');
const phase = fc.constantFrom('reload', 'refresh_token', 'external_refresh', 'done', 'none');
const attempts = fc.record({
  kind: fc.constantFrom('http', 'websocket_connect', 'websocket_request'),
  endpoint: fc.constantFrom('/responses', '/responses/compact', '/models'),
  attempt: fc.nat(),
  durationMs: fc.nat(),
  httpStatus: maybe(fc.integer({ min: 100, max: 599 })),
  error: fc.constant(ERROR_TEXT),
  success: fc.boolean(),
  authHeaderAttached: fc.boolean(),
  authHeaderName: maybe(fc.constant('authorization')),
  authMode: maybe(fc.constantFrom('ApiKey', 'Chatgpt')),
  retryAfterUnauthorized: fc.boolean(),
  recovery: maybe(fc.record({ mode, phase })),
  connectionReused: maybe(fc.boolean()),
  upstreamRequestId: maybe(text),
  ...answerIds,
}) as fc.Arbitrary<AttemptFacts>;
const recoveries = fc.record({
  mode,
  phase,
  outcome: fc.constantFrom(
    'recovery_succeeded',
    'recovery_failed_permanent',
    'recovery_failed_transient',
    'recovery_not_run',
  ),
  authStateChanged: maybe(fc.boolean()),
  ...answerIds,
}) as fc.Arbitrary<RecoveryFacts>;
const steps = fc.array(
  fc.oneof(
    attempts.map((facts) => ({ type: 'attempt', facts }) as const),
    recoveries.map((facts) => ({ type: 'recovery', facts }) as const),
  ),
  { maxLength: 12 },
);

it('after whatever happened, `auth_401_*` is the latest 401 and the rest the latest step; no error text is in it', () => {
  fc.assert(
    fc.property(steps, (story) => {
      const facts = createAuthFacts(NO_KEYS);
      for (const step of story)
        if (step.type === 'attempt') facts.attempt(step.facts);
        else facts.recovery(step.facts);
      const tags = facts.tags();
      const latest401 = story.findLast(({ type }) => type === 'recovery')?.facts;
      const latestAttempt = story.findLast(({ type }) => type === 'attempt')?.facts;
      expect([
        tags['auth_401_request_id'],
        tags['auth_401_cf_ray'],
        tags['auth_401_error'],
        tags['auth_401_error_code'],
      ]).toEqual(expectedIds(latest401));
      expect([
        tags['auth_request_id'],
        tags['auth_cf_ray'],
        tags['auth_error'],
        tags['auth_error_code'],
      ]).toEqual(expectedIds(latestAttempt));
      expect(Object.values(tags)).not.toContain(ERROR_TEXT);
    }),
  );
});

const expectedIds = (facts: AttemptFacts | RecoveryFacts | undefined): (string | undefined)[] =>
  [facts?.requestId, facts?.cfRay, facts?.authorizationError, facts?.authorizationErrorCode].map((id) =>
    facts ? (id ?? '') : undefined,
  );
