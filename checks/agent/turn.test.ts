import { existsSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { testContext } from '../../fixtures/context.ts';
import { temporaryHome } from '../../fixtures/home.ts';
import type { CanaryTurn } from '../../src/doctor/canary-turn.ts';
import type { Verdict } from '../../src/doctor/check.ts';
import { completed, created, functionCall, message, startResponsesServer } from '../../src/testing/index.ts';
import type { ServerScript } from '../../src/testing/index.ts';
import check from './turn.ts';

const healthy: CanaryTurn = {
  end: 'completed',
  model: 'gpt-5.5',
  message: '',
  errorKind: undefined,
  hasCalledTool: true,
  hasToldWord: true,
  attempts: [{ kind: 'http', success: true, httpStatus: 200 }],
  hasHeardStream: true,
  firstTokenMs: 200,
  durationMs: 900,
  totalTokens: 321,
  isOnDisk: true,
  isIndexed: true,
};
const failed = ({ status, errorKind = 'other' }: { status?: number; errorKind?: string }): CanaryTurn => ({
  ...healthy,
  end: 'failed',
  message: 'no',
  errorKind,
  attempts: [
    {
      kind: 'http',
      success: false,
      ...(status !== undefined && { httpStatus: status }),
      requestId: 'req_1',
    },
  ],
});
const judge = (turn: CanaryTurn): Verdict => check.judge({ kind: 'taken', turn, timeoutMs: 20_000 });

test('a turn that went through says what it cost', () => {
  const verdict = judge(healthy);
  expect(verdict.issues).toEqual([]);
  expect(verdict.summary).toContain('321 tokens');
  expect(verdict.details).toMatchObject({ transport: 'HTTP', 'tool called': true, 'row in the index': true });
});

test.each<[string, CanaryTurn, string, string | undefined]>([
  ['401', failed({ status: 401 }), 'http_unauthorized', 'auth.live'],
  ['403', failed({ status: 403 }), 'http_forbidden', 'auth.live'],
  ['404', failed({ status: 404 }), 'http_not_found', undefined],
  ['429', failed({ status: 429 }), 'http_rate_limited', undefined],
  ['400', failed({ status: 400 }), 'http_other', undefined],
  ['503', failed({ status: 503 }), 'http_server_error', undefined],
  [
    'a limit told in the stream',
    failed({ errorKind: 'usage_limit_exceeded' }),
    'http_rate_limited',
    undefined,
  ],
  [
    'a stream that broke after a first try was refused',
    { ...failed({}), attempts: [...failed({ status: 401 }).attempts, ...healthy.attempts] },
    'closed',
    'network.provider_reachability',
  ],
  ['no connection', failed({}), 'unreachable', 'network.provider_reachability'],
  ['a page', { ...failed({}), attempts: healthy.attempts, hasHeardStream: false }, 'protocol', undefined],
  ['no request', { ...failed({}), attempts: [] }, 'invalid_value', undefined],
  ['no start', { ...healthy, end: 'not_started', message: '`model`: wrong' }, 'invalid_value', undefined],
  ['no end', { ...healthy, end: 'late' }, 'timeout', undefined],
  [
    'no end of trying to connect',
    { ...failed({}), end: 'late' },
    'unreachable',
    'network.provider_reachability',
  ],
  ['no end of being refused', { ...failed({ status: 503 }), end: 'late' }, 'http_server_error', undefined],
  ['no call', { ...healthy, hasCalledTool: false, hasToldWord: false }, 'mismatch', undefined],
  ['another word', { ...healthy, hasToldWord: false }, 'mismatch', undefined],
  ['half a file', { ...healthy, isOnDisk: false }, 'missing', undefined],
  ['no row', { ...healthy, isIndexed: false }, 'missing', undefined],
])('%s', (_name, turn, failureClass, cause) => {
  const verdict = judge(turn);
  expect(verdict.issues.map((issue) => issue.failure?.class)).toEqual([failureClass]);
  expect(verdict.causedBy).toBe(cause);
  expect(verdict.issues[0]?.remedy).not.toBe('');
});

test('without --deep no token is spent', () =>
  expect(check.judge({ kind: 'not_asked_for' })).toMatchObject({
    kind: 'skipped',
    skippedBecause: '--deep',
  }));

/** Lets the whole check run against a server, with a home that names it. */
async function examine(
  script: ServerScript,
  { deep = true } = {},
): Promise<{ verdict: Verdict; asked: number; folder: string }> {
  await using server = await startResponsesServer(script);
  const home = temporaryHome({
    'config.toml': [
      'model_provider = "local"',
      'model = "gpt-5.5"',
      '[model_providers.local]',
      'name = "Local"',
      `base_url = "${server.baseUrl}"`,
      'env_key = "LOCAL_KEY"',
      'request_max_retries = 0',
      'stream_max_retries = 0',
      '[mcp_servers.broken]',
      'command = "no-such-program"',
      'required = true',
    ].join('\n'),
  });
  const before = readdirSync(home);
  const context = testContext({ home, env: { HOME: home, LOCAL_KEY: 'sk-local' }, deep });
  const verdict = check.judge(await check.probe(context));
  expect(readdirSync(home)).toEqual(before);
  // The model is told where it works.
  const [folder = ''] = /[^"<>\s]*stethos-canary-\w+/.exec(JSON.stringify(server.requests[0]?.body)) ?? [];
  return { verdict, asked: server.requests.length, folder };
}

/** Answers the second request with whatever the tool said. */
const obedient: ServerScript = {
  responses: ({ body }) => {
    const output = /canary-[0-9a-f]{8}/.exec(JSON.stringify(body))?.[0];
    return output === undefined
      ? [functionCall('stethos_canary', {}), completed('r1')]
      : [message(`It says ${output}.`), completed('r2')];
  },
};

test('a turn against a server: request, call, result, answer, file and row, and nothing of it left', async () => {
  const { verdict, asked, folder } = await examine(obedient);
  expect(verdict.issues).toEqual([]);
  expect(verdict.details).toMatchObject({
    'session file': 'complete',
    'row in the index': true,
    requests: 2,
  });
  expect(asked).toBe(2);
  expect(folder).toContain('stethos-canary-');
  expect(existsSync(folder)).toBe(false);
});

test('a refused credential is named as one', async () => {
  const { verdict } = await examine({
    responses: () => ({ status: 401, headers: { 'x-request-id': 'req_9' }, body: '{}' }),
  });
  expect(verdict).toMatchObject({
    causedBy: 'auth.live',
    issues: [{ failure: { class: 'http_unauthorized', httpStatus: 401, requestId: 'req_9' } }],
  });
});

test('a stream that breaks is named as one, and the row of the network knows more', async () => {
  const { verdict } = await examine({ responses: () => [created('r1'), { end: 'drop' }] });
  expect(verdict).toMatchObject({
    causedBy: 'network.provider_reachability',
    issues: [{ failure: { class: 'closed' } }],
  });
});

test('a page in place of a stream is named as one', async () => {
  const { verdict } = await examine({ responses: () => ({ status: 200, body: '<html>Welcome</html>' }) });
  expect(verdict.issues).toMatchObject([{ failure: { class: 'protocol' } }]);
});

test('a provider that is not there is named as one', async () => {
  const { verdict } = await examine({ responses: () => ({ unanswered: 'drop' }) });
  expect(verdict).toMatchObject({
    causedBy: 'network.provider_reachability',
    issues: [{ failure: { class: 'unreachable' } }],
  });
});

test('nobody is asked without --deep', async () => {
  const { verdict, asked } = await examine(obedient, { deep: false });
  expect(verdict.skippedBecause).toBe('--deep');
  expect(asked).toBe(0);
});
