import { expect, it } from 'vitest';
import { createLogger } from '../../store/logs/create-logger.ts';
import type { LogRow } from '../../store/logs/row.ts';
import { bare } from '../../store/logs/logger.ts';
import type { Logger } from '../../store/logs/logger.ts';
import { logDatabase } from '../../../fixtures/log-rows.ts';
import { threadFixture, tool, call } from '../../../fixtures/thread.ts';
import { createAuthFacts } from '../../telemetry/auth-facts.ts';
import { FEEDBACK_TAGS, readFeedbackTags } from '../../store/logs/feedback-tags.ts';
import { turnId } from '../protocol/ids.ts';
import { modelLog } from './model-log.ts';
import { threadLog } from './thread-log.ts';

/** A logger whose rows stay in memory. */
function rowsOf(): {
  readonly logger: Logger;
  readonly rows: readonly LogRow[];
  readonly lines: () => Promise<readonly string[]>;
} {
  const rows: LogRow[] = [];
  const logger = createLogger({
    store: {
      insert: (more) => {
        rows.push(...more);
        return { kind: 'inserted' };
      },
      close: () => undefined,
    },
    clock: { now: () => 0, elapsed: () => 0 },
    processId: 1,
    processUuid: 'u',
  });
  return {
    logger,
    rows,
    lines: async () => {
      await logger.flush();
      return rows.flatMap(({ level, target, feedback_log_body: body }) =>
        target === FEEDBACK_TAGS ? [] : [`${level} ${body}`],
      );
    },
  };
}

const TAGS = { authMode: 'Chatgpt', features: ['memories', 'unified_exec'] };

const NO_KEYS = {
  openaiApiKeyPresent: false,
  codexApiKeyPresent: false,
  codexApiKeyEnabled: false,
  providerKeyName: undefined,
  providerKeyPresent: undefined,
  refreshTokenUrlOverridePresent: false,
};
const ATTEMPT = {
  kind: 'http',
  endpoint: '/responses',
  attempt: 0,
  durationMs: 12.4,
  success: false,
  httpStatus: 503,
  error: 'http 503',
  authHeaderAttached: true,
  retryAfterUnauthorized: false,
} as const;

it('tells requests by the names of telemetry', async () => {
  const { logger, lines } = rowsOf();
  const heard: unknown[] = [];
  const log = modelLog(logger, {
    authFacts: createAuthFacts(NO_KEYS),
    next: { attempt: (facts) => heard.push(facts), recovery: (facts) => heard.push(facts) },
  });
  log.attempt(ATTEMPT, { turnId: 't' });
  log.attempt({ ...ATTEMPT, success: true, httpStatus: 200 });
  log.recovery({ mode: 'managed', phase: 'reload', outcome: 'recovery_succeeded', authStateChanged: true });
  log.fallback?.();
  expect(await lines()).toEqual([
    expect.stringMatching(
      /^WARN turn\{turn\.id=t\}: model request kind=http endpoint="\/responses" attempt=0 duration_ms=12 http\.response\.status_code=503 error\.message="http 503"$/,
    ),
    expect.stringMatching(/^INFO model request /),
    'INFO recovery from a 401 auth.mode="managed" auth.step="reload" auth.outcome="recovery_succeeded" auth.state_changed=true',
    'WARN WebSockets were given up for HTTP',
  ]);
  expect(heard).toHaveLength(3);
});

it('tells how turns ended and what went wrong, and repeats nobody', async () => {
  const { logger, lines } = rowsOf();
  const log = threadLog(logger.span('session'), TAGS);
  const fixture = threadFixture({
    responses: [
      { output: [call('c1', 'fail'), 'a word of the model'] },
      { fails: { kind: 'invalid_request', message: 'a word of the server' } },
      { output: ['done'] },
    ],
    tools: [tool('fail', async () => ({ content: 'a word of the tool', success: false }))],
    world: { onEvent: (event) => log.event(event), onTurnEnd: (report) => log.turnEnd(report) },
    config: { warnings: [{ kind: 'warning', message: 'a setting is odd' }] },
  });
  await fixture.say('a word of the user');
  await fixture.say('again');
  const told = await lines();
  expect(told).toEqual([
    'WARN session: a setting is odd',
    expect.stringMatching(
      /^WARN session:turn\{turn\.id=\S+\}: turn ended end=failed cause="invalid_request" total_ms=\d+/,
    ),
    expect.stringMatching(/^WARN session:turn\{turn\.id=\S+\}: an error was told error=other$/),
    expect.stringMatching(
      /^INFO session:turn\{turn\.id=\S+\}: turn ended end=completed total_ms=\d+ .*requests=1 retries=0/,
    ),
  ]);
  expect(told.join('\n')).not.toContain('a word of');
});

it('keeps what feedback will say of the thread: a 401, its recovery, and what came of it', async () => {
  const { logger, rows, lines } = rowsOf();
  const session = logger.span('session', { thread_id: bare('t') });
  const log = modelLog(session, {
    authFacts: createAuthFacts(NO_KEYS),
    next: { attempt: () => undefined, recovery: () => undefined },
  });
  const turns = threadLog(session, TAGS);
  log.attempt({ ...ATTEMPT, httpStatus: 401, requestId: 'r1', authorizationErrorCode: 'token "x"' });
  log.recovery({
    mode: 'managed',
    phase: 'reload',
    outcome: 'recovery_succeeded',
    requestId: 'r1',
    authorizationErrorCode: 'token "x"',
  });
  log.attempt({
    ...ATTEMPT,
    success: true,
    httpStatus: 200,
    retryAfterUnauthorized: true,
    recovery: { mode: 'managed', phase: 'reload' },
    upstreamRequestId: 'r2',
  });
  turns.answered({ id: turnId('u') }, 'resp_1');
  await lines();
  expect(readFeedbackTags(logDatabase(rows), ['t'])).toMatchObject({
    auth_request_id: '',
    auth_401_request_id: 'r1',
    auth_401_error_code: 'token "x"',
    auth_recovery_outcome: 'recovery_succeeded',
    auth_recovery_followup_success: 'true',
    auth_recovery_followup_status: '200',
    last_model_request_id: 'r2',
    last_model_response_id: 'resp_1',
  });
});
