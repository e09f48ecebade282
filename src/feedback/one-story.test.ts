import { describe, expect, test } from 'vitest';
import { createCanaries } from '../../fixtures/canaries.ts';
import type { Step } from '../../fixtures/lab/script.ts';
import {
  knownOf,
  plantLogin,
  renewedToken,
  tagsOfRecords,
  tellStory,
  withoutAnswer,
} from '../../fixtures/told-story.ts';
import type { ToldStory } from '../../fixtures/told-story.ts';
import { leaksOf } from '../../fixtures/watched-agent.ts';
import { completed, created, message } from '../testing/responses/events.ts';
import type { Refusal, ServerScript } from '../testing/responses/script.ts';

/* What happened is told once: a turn with a 401 says the same in OTLP, in the report that arrives and in the reduced trace. */

const base64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64');

/** Tells itself from every other. */
const refusal = (number: number, body: string): Refusal => ({
  status: 401,
  headers: {
    'x-request-id': `req_401_${number}`,
    'cf-ray': `9a1b2c3d4e5f678${number}-FRA`,
    'x-openai-authorization-error': `unknown_session_${number}`,
    'x-error-json': base64({ error: { code: `token_expired_${number}` } }),
  },
  body: { error: { message: body } },
});

const answer = {
  headers: { 'x-request-id': 'req_answer' },
  actions: [created('resp_1'), message('You are known.'), completed('resp_1')],
};

const json = (status: number, body: object): Step => ({
  answer: { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
});

const evidence = (number: number) => ({
  auth_401_request_id: `req_401_${number}`,
  auth_401_cf_ray: `9a1b2c3d4e5f678${number}-FRA`,
  auth_401_error: `unknown_session_${number}`,
  auth_401_error_code: `token_expired_${number}`,
});
/** Of the latest attempt, where that was the one that was refused. */
const asLatest = (number: number): Record<string, string> =>
  Object.fromEntries(
    Object.entries(evidence(number)).map(([name, value]) => [name.replace('_401', ''), value]),
  );

const COMMON = {
  endpoint: '/responses',
  auth_header_attached: 'true',
  auth_header_name: 'authorization',
  auth_mode: 'Chatgpt',
  auth_retry_after_unauthorized: 'true',
  auth_recovery_mode: 'managed',
  auth_env_openai_api_key_present: 'false',
  auth_env_codex_api_key_present: 'false',
  auth_env_codex_api_key_enabled: 'true',
  auth_env_refresh_token_url_override_present: 'true',
};

/** Log records alone may name a person (spec/observability.md 4.3). */
const ALLOWED = ['e-mail: otlp logs'];

/** The same in every sink, and this. */
function expectToldAlike(told: ToldStory, facts: Readonly<Record<string, string>>): void {
  const { tags, trace, collector, feedback } = told;
  expect(feedback).toMatchObject({ exitCode: 0, stderr: '' });
  const [turn] = Object.values(trace.codex_turns);
  const [span] = collector.spans().filter(({ name }) => name === 'session_task.turn');
  const alike = {
    report: knownOf(tags),
    trace: knownOf(turn?.auth_facts ?? {}),
    span: knownOf(span?.attributes ?? {}),
    records: tagsOfRecords(told),
  };
  expect(alike).toEqual({ report: facts, trace: facts, span: facts, records: withoutAnswer(facts) });
}

/** One row for each wire. A WebSocket is opened before the turn, with a recovery of its own; what is refused for good goes by HTTP. */
const WIRES = [
  { wire: 'http', upgrades: [], untilPermanent: 2, untilExhausted: 3 },
  { wire: 'websocket', upgrades: [1, 2, 3, 4, 5, 6], untilPermanent: 4, untilExhausted: 9 },
] as const;

describe.each(WIRES)('over $wire', ({ wire, upgrades, untilPermanent, untilExhausted }) => {
  const canaries = createCanaries();
  const refused = (number: number): Refusal => refusal(number, canaries.plant(`body ${number}`));
  const renewal = (): Step =>
    json(200, {
      access_token: renewedToken(canaries),
      refresh_token: canaries.plant('renewed refresh token'),
    });
  /** Whatever is asked, over either wire. */
  const alwaysRefused = (): ServerScript => {
    let number: number = upgrades.length;
    return { upgrades: upgrades.map(refused), responses: () => refused((number += 1)) };
  };
  const tell = (script: ServerScript, signIn: Step): Promise<ToldStory> =>
    tellStory({ wire, script, signIn: () => signIn, canaries });

  test('401, refresh, success: the evidence stays, the rest is of the success', async () => {
    const script =
      wire === 'http'
        ? { responses: [refused(1), refused(2), answer] }
        : { upgrades: [refused(1), refused(2)], responses: [answer] };
    const told = await tell(script, renewal());
    expect(told.events.at(-1)).toMatchObject({ type: 'task_complete', last_agent_message: 'You are known.' });
    expectToldAlike(told, {
      ...COMMON,
      auth_recovery_phase: 'refresh_token',
      auth_recovery_outcome: 'recovery_succeeded',
      auth_recovery_followup_success: 'true',
      // An open WebSocket has no status, and its answers have no id of a request (trap 46).
      ...(wire === 'http'
        ? { auth_recovery_followup_status: '200', last_model_request_id: 'req_answer' }
        : { auth_connection_reused: 'true', last_model_request_id: 'req_401_2' }),
      last_model_response_id: 'resp_1',
      ...evidence(2),
    });
    expect(told.tags).toMatchObject({
      model: 'gpt-5.3-codex',
      approval_policy: 'never',
      sandbox_policy: 'read-only',
      effort: 'medium',
      features: 'memories',
    });
    expect(leaksOf(told.said, canaries)).toEqual(ALLOWED);
  });

  test('401, refused refresh: a permanent failure', async () => {
    const words = canaries.plant('words of the sign-in server');
    const told = await tell(
      alwaysRefused(),
      json(401, { error: { code: 'refresh_token_reused', message: words } }),
    );
    expect(told.events.at(-1)).toMatchObject({ type: 'task_complete', last_agent_message: null });
    expectToldAlike(told, {
      ...COMMON,
      auth_recovery_phase: 'refresh_token',
      auth_recovery_outcome: 'recovery_failed_permanent',
      auth_recovery_followup_success: 'false',
      auth_recovery_followup_status: '401',
      ...(wire === 'websocket' && { auth_connection_reused: 'false' }),
      last_model_request_id: `req_401_${untilPermanent}`,
      ...asLatest(untilPermanent),
      ...evidence(untilPermanent),
    });
    expect(leaksOf(told.said, canaries)).toEqual(ALLOWED);
  });

  test('401, reload, 401, refresh, 401: nothing is left to try', async () => {
    const told = await tell(alwaysRefused(), renewal());
    expectToldAlike(told, {
      ...COMMON,
      auth_recovery_phase: 'done',
      auth_recovery_outcome: 'recovery_not_run',
      auth_recovery_followup_success: 'false',
      auth_recovery_followup_status: '401',
      last_model_request_id: `req_401_${untilExhausted}`,
      ...asLatest(untilExhausted),
      ...evidence(untilExhausted),
    });
    expect(leaksOf(told.said, canaries)).toEqual(ALLOWED);
  });

  test('a server that repeats the token wherever it can', async () => {
    const login = plantLogin(canaries);
    const { accessToken } = login;
    const echo: Refusal = {
      status: 401,
      headers: {
        'x-request-id': accessToken,
        'cf-ray': `ray ${accessToken}`,
        'x-openai-authorization-error': `Bearer ${accessToken}`,
        'x-error-json': base64({ error: { code: accessToken } }),
      },
      body: { error: { message: accessToken } },
    };
    const told = await tellStory({
      wire,
      login,
      script: { upgrades: upgrades.map(() => echo), responses: () => echo },
      signIn: () => json(400, { error: { code: 'refresh_token_expired', message: login.refreshToken } }),
      canaries,
    });
    expect(told.tags).toMatchObject({ auth_recovery_outcome: 'recovery_failed_permanent' });
    expect(leaksOf(told.said, canaries)).toEqual(ALLOWED);
  });
});
