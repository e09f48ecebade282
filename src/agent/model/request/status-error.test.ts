import { expect, test } from 'vitest';
import { isRetryable } from '../error.ts';
import type { ModelFailure } from '../error.ts';
import { answerIds, upstreamRequestIdOf } from './answer-ids.ts';
import { errorOfStatus } from './status-error.ts';
import type { ErrorAnswer } from './status-error.ts';

const NOW_MS = Date.UTC(2026, 0, 1);
const URL = 'https://api.test/v1/responses';

const answer = (
  status: number,
  body: object | string = '',
  headers: ErrorAnswer['headers'] = {},
): ErrorAnswer => ({
  status,
  headers,
  body: typeof body === 'string' ? body : JSON.stringify(body),
  url: URL,
});
const coded = (code: string, message?: string): object => ({ error: { code, message } });
const unexpected = (status: number, body = ''): ModelFailure => ({
  kind: 'unexpected_status',
  facts: { status, body, url: URL },
});
const FINAL = false;
const RETRIED = true;

test.each<[string, ErrorAnswer, Partial<ModelFailure>, boolean]>([
  ['503 overloaded', answer(503, coded('server_is_overloaded')), { kind: 'server_overloaded' }, FINAL],
  ['503 slow down', answer(503, coded('slow_down')), { kind: 'server_overloaded' }, FINAL],
  ['503 otherwise', answer(503), unexpected(503), RETRIED],
  [
    '400 cyber policy',
    answer(400, coded('cyber_policy', 'No.')),
    { kind: 'cyber_policy', message: 'No.' },
    FINAL,
  ],
  [
    '400 invalid image',
    answer(400, 'The image data you provided does not represent a valid image. Check it.'),
    { kind: 'invalid_image' },
    FINAL,
  ],
  ['400 otherwise', answer(400, '{"detail":1}'), { kind: 'invalid_request', message: '{"detail":1}' }, FINAL],
  [
    '400 with words of the provider',
    answer(400, coded('unsupported_value', 'No such effort.')),
    { kind: 'invalid_request', message: 'No such effort.' },
    FINAL,
  ],
  [
    '400 of a prompt that is too long',
    answer(400, coded('context_length_exceeded')),
    { kind: 'context_window_exceeded' },
    FINAL,
  ],
  [
    '404 of a model',
    answer(404, coded('model_not_found', 'No such model.')),
    { kind: 'invalid_request', message: 'No such model.' },
    FINAL,
  ],
  ['429 of an empty account', answer(429, coded('insufficient_quota')), { kind: 'quota_exceeded' }, FINAL],
  ['500', answer(500, 'oops'), { kind: 'internal_server_error' }, RETRIED],
  [
    '429 not included',
    answer(429, { error: { type: 'usage_not_included' } }),
    { kind: 'usage_not_included' },
    FINAL,
  ],
  ['429 otherwise', answer(429), { kind: 'retry_limit', status: 429 }, FINAL],
  [
    '429 with ids',
    answer(429, '', { 'x-oai-request-id': 'r', 'cf-ray': 'c' }),
    { kind: 'retry_limit', status: 429, requestId: 'r' },
    FINAL,
  ],
  [
    '429 with a ray alone',
    answer(429, '', { 'cf-ray': 'c' }),
    { kind: 'retry_limit', status: 429, requestId: 'c' },
    FINAL,
  ],
  ['401 stays retryable (trap 9)', answer(401, 'who?'), unexpected(401, 'who?'), RETRIED],
  ['404', answer(404), unexpected(404), RETRIED],
  ['302', answer(302), unexpected(302), RETRIED],
])('%s', (_name, given, failure, retried) => {
  const error = errorOfStatus(given, NOW_MS);
  expect(error.failure).toEqual(failure);
  expect(isRetryable(error.failure)).toBe(retried);
});

test('a usage limit tells of the limit that is active (trap 47)', () => {
  const body = { error: { type: 'usage_limit_reached', plan_type: 'plus', resets_at: 1_767_225_600 } };
  const { failure } = errorOfStatus(
    answer(429, body, {
      'x-codex-active-limit': 'codex_other',
      'x-codex-other-primary-used-percent': '100',
      'x-codex-promo-message': 'Come back.',
      'x-codex-rate-limit-reached-type': 'workspace_member_usage_limit_reached',
    }),
    NOW_MS,
  );
  expect(failure).toMatchObject({
    kind: 'usage_limit_reached',
    planType: 'plus',
    resetsAt: 1_767_225_600,
    promoMessage: 'Come back.',
    reachedType: 'workspace_member_usage_limit_reached',
    rateLimits: { limit_id: 'codex_other', primary: { used_percent: 100 } },
  });
});

test('a whole error frame is read like a body (trap 14)', () => {
  const frame = { type: 'error', status: 429, error: { type: 'usage_limit_reached' } };
  expect(errorOfStatus(answer(429, frame), NOW_MS).failure.kind).toBe('usage_limit_reached');
});

test('what is shown of an unexpected answer', () => {
  const headers = {
    'x-request-id': 'req-1',
    'cf-ray': 'ray-1',
    'x-openai-authorization-error': 'missing',
    'x-error-json': Buffer.from('{"error":{"code":"token_expired"}}').toString('base64'),
  };
  expect(errorOfStatus(answer(401, { error: { message: ' Log in. ' } }, headers), NOW_MS).message).toBe(
    `unexpected status 401: Log in., url: ${URL}, cf-ray: ray-1, request id: req-1, authorization error: missing, authorization error code: token_expired`,
  );
  expect(errorOfStatus(answer(404), NOW_MS).message).toBe(
    `unexpected status 404: no reason given, url: ${URL}`,
  );
});

test('a region that is not served is explained', () => {
  const page = '<html><title>Attention Required! | Cloudflare</title>Sorry, you have been blocked</html>';
  const { message } = errorOfStatus(answer(403, page), NOW_MS);
  expect(message).toMatch(/regions/);
  expect(message).not.toMatch(/html/);
});

test('words and marks are found however far behind they stand', () => {
  const far = 'x'.repeat(5_000);
  const blocked = `<title>Cloudflare</title><!-- ${far} --><h1>Sorry, you have been blocked</h1>`;
  expect(errorOfStatus(answer(403, blocked), NOW_MS).message).toMatch(/regions/);
  const said = answer(404, { detail: far, error: { message: 'No such model.' } });
  expect(errorOfStatus(said, NOW_MS).message).toMatch(/^unexpected status 404: No such model\./);
});

test('a body is cut at 1,000 bytes and never inside of a character', () => {
  const { failure } = errorOfStatus(answer(502, 'é'.repeat(600) + '🦊'), NOW_MS);
  expect(failure).toMatchObject({ facts: { body: 'é'.repeat(500) } });
  const odd = errorOfStatus(answer(502, `x${'é'.repeat(600)}`), NOW_MS);
  expect(odd.failure).toMatchObject({ facts: { body: `x${'é'.repeat(499)}` } });
});

test.each([
  ['x-request-id', { 'x-request-id': 'a', 'x-oai-request-id': 'b' }, { requestId: 'a' }],
  ['x-oai-request-id', { 'x-oai-request-id': 'b' }, { requestId: 'b' }],
  ['the kind of base64 for URLs', { 'x-error-json': 'eyJlcnJvciI6eyJjb2RlIjoi_-8ifX0=' }, {}],
  ['no JSON', { 'x-error-json': Buffer.from('nothing!').toString('base64'), 'cf-ray': 'c' }, { cfRay: 'c' }],
  ['a code that is no text', { 'x-error-json': Buffer.from('{"error":{"code":7}}').toString('base64') }, {}],
])('ids of an error answer: %s (trap 38)', (_name, headers, ids) => {
  expect(answerIds(headers)).toEqual(ids);
});

test('upstream a successful answer is known by one name only (trap 6)', () => {
  expect(upstreamRequestIdOf({ 'x-request-id': 'a' })).toBe('a');
  expect(upstreamRequestIdOf({ 'x-oai-request-id': 'b' })).toBeNull();
});
