import { expect, it } from 'vitest';
import { createLogger } from '../../store/logs/create-logger.ts';
import type { LogRow } from '../../store/logs/row.ts';
import type { Logger } from '../../store/logs/logger.ts';
import { threadFixture, tool, call } from '../../../fixtures/thread.ts';
import type { ModelObserver } from '../model/observer.ts';
import { observersAsOne } from '../model/observers.ts';
import { modelLog } from './model-log.ts';
import { threadLog } from './thread-log.ts';

/** A logger whose rows stay in memory. */
function rowsOf(): { readonly logger: Logger; readonly lines: () => Promise<readonly string[]> } {
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
    lines: async () => {
      await logger.flush();
      return rows.map(({ level, feedback_log_body: body }) => `${level} ${body}`);
    },
  };
}

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
  const log = modelLog(logger);
  log.attempt(ATTEMPT);
  log.attempt({ ...ATTEMPT, success: true, httpStatus: 200 });
  log.recovery({ mode: 'managed', phase: 'reload', outcome: 'recovery_succeeded', authStateChanged: true });
  log.fallback?.();
  expect(await lines()).toEqual([
    expect.stringMatching(
      /^WARN model request kind=http endpoint="\/responses" attempt=0 duration_ms=12 http\.response\.status_code=503 error\.message="http 503" auth\.header_attached=true/,
    ),
    expect.stringMatching(/^INFO model request /),
    'INFO recovery from a 401 auth.mode="managed" auth.step="reload" auth.outcome="recovery_succeeded" auth.state_changed=true',
    'WARN WebSockets were given up for HTTP',
  ]);
});

it('tells how turns ended and what went wrong, and repeats nobody', async () => {
  const { logger, lines } = rowsOf();
  const log = threadLog(logger.span('session'));
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

it('tells everybody, also where one of them fails', () => {
  const heard: unknown[] = [];
  const errors: unknown[] = [];
  const fault = new Error('broken');
  const broken: ModelObserver = {
    attempt: () => {
      throw fault;
    },
    recovery: () => undefined,
  };
  const well: ModelObserver = { attempt: (facts) => heard.push(facts), recovery: () => undefined };
  const all = observersAsOne([broken, well], (error) => errors.push(error));
  all.attempt(ATTEMPT);
  all.fallback?.();
  expect(heard).toEqual([ATTEMPT]);
  expect(errors).toEqual([fault]);
});

it('asks for the events of streams only where somebody hears them', () => {
  const heard: unknown[] = [];
  const plain: ModelObserver = { attempt: () => undefined, recovery: () => undefined };
  expect(observersAsOne([plain, plain], () => undefined)).not.toHaveProperty('streamEvent');
  const all = observersAsOne(
    [plain, { ...plain, streamEvent: (facts) => heard.push(facts) }],
    () => undefined,
  );
  const facts = { transport: 'http', kind: 'response.created', durationMs: 1 } as const;
  all.streamEvent?.(facts);
  expect(heard).toEqual([facts]);
});
