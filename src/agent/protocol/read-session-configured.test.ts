import { expect, test } from 'vitest';
import { threadFixture } from '../../../fixtures/thread.ts';
import type { JsonValue } from '../../host/json.ts';
import { readSessionConfigured } from './read-session-configured.ts';

const ID = '019b0000-0000-7000-8000-000000000001';
const TYPE = 'session_configured';

test('3: an old session_configured with only a session id loads, and that is the id of its thread', () => {
  expect(readSessionConfigured({ type: TYPE, session_id: ID })).toEqual({
    type: TYPE,
    session_id: ID,
    thread_id: ID,
  });
});

test('what a thread says of itself now is read as it was written', async () => {
  const fixture = threadFixture();
  const event = await fixture.until('session_configured');
  expect(readSessionConfigured(JSON.parse(JSON.stringify(event)) as JsonValue)).toEqual(event);
});

test.each<[string, JsonValue, JsonValue]>([
  ['the policy of old', {}, { type: 'read-only' }],
  ['the profile before the policy', { permission_profile: { type: 'disabled' } }, { type: 'disabled' }],
  ['the policy, where the profile is null', { permission_profile: null }, { type: 'read-only' }],
])('reads %s', (_what, more, expected) => {
  const event = { type: TYPE, session_id: ID, sandbox_policy: { type: 'read-only' }, ...(more as object) };
  expect(readSessionConfigured(event)).toMatchObject({ sandbox_policy: expected });
});

test.each<[string, JsonValue]>([
  ['another event', { type: 'warning', session_id: ID }],
  ['an event without an id', { type: TYPE, thread_id: ID }],
  ['an id that is no text', { type: TYPE, session_id: 1 }],
  ['a list', []],
  ['nothing', null],
])('%s is no session_configured', (_what, value) => {
  expect(readSessionConfigured(value)).toBeUndefined();
});
