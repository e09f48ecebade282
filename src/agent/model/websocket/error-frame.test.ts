import { expect, test } from 'vitest';
import type { JsonObject } from '../../../host/json.ts';
import { errorOfFrame } from './error-frame.ts';

const failureOf = (frame: JsonObject) =>
  errorOfFrame(frame, { frame: JSON.stringify(frame), url: 'ws://provider/responses', nowMs: 0 })?.failure;

const error = { code: 'c', message: 'm' };

test.each<[string, JsonObject]>([
  ['no status (trap 12)', { type: 'error', error }],
  ['a status of success', { type: 'error', status: 200, error }],
  ['a status that is text', { type: 'error', status: '500', error }],
])('a frame means nothing: %s', (_title, frame) => {
  expect(failureOf(frame)).toBeUndefined();
});

test.each<[string, JsonObject, object]>([
  ['500', { type: 'error', status: 500, error }, { kind: 'internal_server_error' }],
  ['the other spelling of it', { type: 'error', status_code: 500, error }, { kind: 'internal_server_error' }],
  [
    'an hour is over, whatever the status (trap 13)',
    {
      type: 'error',
      status: 400,
      error: { code: 'websocket_connection_limit_reached', message: 'Connection limit reached.' },
    },
    { kind: 'stream', message: 'Connection limit reached.' },
  ],
  [
    'an hour is over, without words or status',
    { type: 'error', error: { code: 'websocket_connection_limit_reached' } },
    { kind: 'stream' },
  ],
  [
    '401 is no reason to log in again (trap 11)',
    { type: 'error', status: 401, error, headers: { 'X-Request-Id': 'req_1' } },
    { kind: 'unexpected_status', facts: { status: 401, requestId: 'req_1', url: 'ws://provider/responses' } },
  ],
  [
    '426 is no reason to fall back (trap 11)',
    { type: 'error', status: 426, error },
    { kind: 'unexpected_status', facts: { status: 426 } },
  ],
  [
    'a rule against attacks',
    { type: 'error', status: 400, error: { code: 'cyber_policy', message: 'No.' } },
    { kind: 'cyber_policy', message: 'No.' },
  ],
  ['overload', { type: 'error', status: 503, error: { code: 'slow_down' } }, { kind: 'server_overloaded' }],
  [
    'too many requests',
    { type: 'error', status: 429, error, headers: { 'cf-ray': 'ray' } },
    { kind: 'retry_limit', status: 429, requestId: 'ray' },
  ],
])('%s', (_title, frame, expected) => {
  expect(failureOf(frame)).toMatchObject(expected);
});

test('a usage limit is read from the whole frame, with limits from headers of any type (traps 14, 47)', () => {
  const frame = {
    type: 'error',
    status: 429,
    error: { type: 'usage_limit_reached', plan_type: 'pro', resets_at: 1_700_000_000 },
    headers: {
      'X-Codex-Primary-Used-Percent': 100,
      'x-codex-primary-window-minutes': '15',
      'x-codex-credits-has-credits': true,
      'x-codex-credits-unlimited': 'false',
      'x-odd': ['left out'],
    },
  };
  expect(failureOf(frame)).toMatchObject({
    kind: 'usage_limit_reached',
    planType: 'pro',
    resetsAt: 1_700_000_000,
    rateLimits: {
      limit_id: 'codex',
      primary: { used_percent: 100, window_minutes: 15 },
      credits: { has_credits: true, unlimited: false },
    },
  });
});
