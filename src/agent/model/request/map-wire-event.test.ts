import { describe, expect, test } from 'vitest';
import { createHiding } from '../../../redact/hide.ts';
import type { JsonObject, JsonValue } from '../../../host/json.ts';
import { isRetryable } from '../error.ts';
import type { ModelError } from '../error.ts';
import type { ModelEvent } from '../event.ts';
import { mapWireEvent } from './map-wire-event.ts';
import type { WireState } from './map-wire-event.ts';

const hide = createHiding(['a-made-up-key']);
const HTTP: WireState = { transport: 'http', upstreamRequestId: 'req-1', serverModel: undefined, hide };
const WEBSOCKET: WireState = {
  transport: 'websocket',
  upstreamRequestId: null,
  serverModel: undefined,
  hide,
};

function map(
  event: JsonValue,
  state: WireState = { ...HTTP },
): { readonly events: ModelEvent[]; readonly error: ModelError | undefined } {
  const events: ModelEvent[] = [];
  const error = mapWireEvent(event, state, { events, nowMs: () => 0 });
  return { events, error };
}

const MESSAGE = { type: 'message', id: 'm', role: 'assistant', content: [], status: 'in_progress' };

test.each<[JsonObject, ModelEvent]>([
  [{ type: 'response.created', response: {} }, { type: 'created' }],
  [
    { type: 'response.output_item.added', item: MESSAGE },
    { type: 'item_added', item: MESSAGE as never },
  ],
  [
    { type: 'response.output_item.done', item: MESSAGE },
    { type: 'item_done', item: MESSAGE as never },
  ],
  [
    { type: 'response.output_text.delta', delta: 'a' },
    { type: 'text_delta', delta: 'a' },
  ],
  [
    { type: 'response.custom_tool_call_input.delta', item_id: 'i', delta: 'a' },
    { type: 'tool_input_delta', itemId: 'i', callId: undefined, delta: 'a' },
  ],
  [
    { type: 'response.custom_tool_call_input.delta', call_id: 'c', delta: 'a' },
    { type: 'tool_input_delta', itemId: 'c', callId: 'c', delta: 'a' },
  ],
  [
    { type: 'response.reasoning_summary_text.delta', summary_index: 0, delta: 'a' },
    { type: 'reasoning_summary_delta', delta: 'a', summaryIndex: 0 },
  ],
  [
    { type: 'response.reasoning_summary_part.added', summary_index: 1 },
    { type: 'reasoning_summary_part', summaryIndex: 1 },
  ],
  [
    { type: 'response.reasoning_text.delta', content_index: 0, delta: 'a' },
    { type: 'reasoning_delta', delta: 'a', contentIndex: 0 },
  ],
  [
    {
      type: 'response.metadata',
      metadata: {
        openai_verification_recommendation: ['trusted_access_for_cyber', 'x', 'trusted_access_for_cyber'],
      },
    },
    { type: 'model_verifications', verifications: ['trusted_access_for_cyber'] },
  ],
  [
    { type: 'response.metadata', metadata: { openai_chatgpt_moderation_metadata: { a: 1 } } },
    { type: 'turn_moderation', metadata: { a: 1 } },
  ],
])('$type', (wire, event) => {
  expect(map(wire)).toEqual({ events: [event], error: undefined });
});

test.each<[string, JsonValue]>([
  ['created without a response', { type: 'response.created' }],
  ['an item of an unknown type', { type: 'response.output_item.done', item: { type: 'new' } }],
  [
    'an item that lacks parts',
    { type: 'response.output_item.done', item: { type: 'function_call', name: 'f' } },
  ],
  ['no item', { type: 'response.output_item.added' }],
  ['a delta without text', { type: 'response.output_text.delta' }],
  ['tool input without an id', { type: 'response.custom_tool_call_input.delta', delta: 'a' }],
  ['a summary without index', { type: 'response.reasoning_summary_text.delta', delta: 'a' }],
  ['a part without index', { type: 'response.reasoning_summary_part.added' }],
  ['reasoning without index', { type: 'response.reasoning_text.delta', delta: 'a' }],
  ['completed without a response', { type: 'response.completed' }],
  ['metadata that nobody knows', { type: 'response.metadata', metadata: { a: 1 } }],
  ['rate limits over HTTP', { type: 'codex.rate_limits', rate_limits: {} }],
  ['an error without a status (trap 12)', { type: 'error', error: { code: 'x' } }],
  ['a type that nobody knows', { type: 'response.new' }],
  ['the model of a response', { type: 'response.in_progress', response: { model: 'other' } }],
  ['no object', ['response.created']],
  ['nothing', null],
])('ignored: %s', (_name, wire) => {
  expect(map(wire)).toEqual({ events: [], error: undefined });
});

describe('the end', () => {
  const usage = {
    input_tokens: 3,
    input_tokens_details: { cached_tokens: 2 },
    output_tokens: 5,
    output_tokens_details: { reasoning_tokens: 1 },
    total_tokens: 8,
  };

  test('brings ids, usage and whether the turn ends', () => {
    const response = { id: 'resp-1', usage, end_turn: false };
    expect(map({ type: 'response.completed', response }).events).toEqual([
      {
        type: 'completed',
        responseId: 'resp-1',
        upstreamRequestId: 'req-1',
        usage: {
          input_tokens: 3,
          cached_input_tokens: 2,
          output_tokens: 5,
          reasoning_output_tokens: 1,
          total_tokens: 8,
        },
        endTurn: false,
      },
    ]);
  });

  test('may say nothing but its id', () => {
    expect(map({ type: 'response.completed', response: { id: 'resp-1' } }, { ...WEBSOCKET }).events).toEqual([
      {
        type: 'completed',
        responseId: 'resp-1',
        upstreamRequestId: null,
        usage: undefined,
        endTurn: undefined,
      },
    ]);
  });

  test.each([
    ['without an id', {}],
    ['whose usage is none', { id: 'r', usage: { input_tokens: 'many' } }],
  ])('%s cannot be read', (_name, response) => {
    const { events, error } = map({ type: 'response.completed', response });
    expect(events).toEqual([]);
    expect(error?.failure.kind).toBe('stream');
  });
});

describe('response.failed', () => {
  const RETRIED = true;
  const FINAL = false;
  test.each<[string, JsonObject, object, boolean]>([
    ['context', { code: 'context_length_exceeded' }, { kind: 'context_window_exceeded' }, FINAL],
    ['quota', { code: 'insufficient_quota' }, { kind: 'quota_exceeded' }, FINAL],
    ['plan', { code: 'usage_not_included' }, { kind: 'usage_not_included' }, FINAL],
    ['policy', { code: 'cyber_policy', message: 'No.' }, { kind: 'cyber_policy', message: 'No.' }, FINAL],
    [
      'policy without words',
      { code: 'cyber_policy', message: ' ' },
      { message: expect.stringMatching(/refuses/) },
      FINAL,
    ],
    [
      'prompt',
      { code: 'invalid_prompt', message: 'Bad.' },
      { kind: 'invalid_request', message: 'Bad.' },
      FINAL,
    ],
    [
      'prompt without words',
      { code: 'invalid_prompt' },
      { message: expect.stringMatching(/invalid/) },
      FINAL,
    ],
    ['overload', { code: 'server_is_overloaded' }, { kind: 'server_overloaded' }, FINAL],
    ['slow down', { code: 'slow_down' }, { kind: 'server_overloaded' }, FINAL],
    [
      'a rate limit with a delay',
      { code: 'rate_limit_exceeded', message: 'Please try again in 1.5s.' },
      { kind: 'stream', delayMs: 1_500 },
      RETRIED,
    ],
    [
      'a delay of another code',
      { code: 'other', message: 'Please try again in 1.5s.' },
      { kind: 'stream', message: 'Please try again in 1.5s.' },
      RETRIED,
    ],
    ['no code', { message: 'Oops.' }, { kind: 'stream', message: 'Oops.' }, RETRIED],
  ])('%s', (_name, error, failure, retried) => {
    const mapped = map({ type: 'response.failed', response: { id: 'r', error } });
    expect(mapped.events).toEqual([]);
    expect(mapped.error?.failure).toMatchObject(failure);
    expect(mapped.error && isRetryable(mapped.error.failure)).toBe(retried);
  });

  test('a delay is taken from a rate limit alone', () => {
    const error = { code: 'other', message: 'Please try again in 1.5s.' };
    expect(map({ type: 'response.failed', response: { error } }).error?.failure).not.toHaveProperty(
      'delayMs',
    );
  });

  test('without an error object', () => {
    expect(map({ type: 'response.failed' }).error?.failure.kind).toBe('stream');
  });

  test.each([
    [{ incomplete_details: { reason: 'max_output_tokens' } }, /max_output_tokens/],
    [{}, /unknown/],
  ])('response.incomplete %j', (response, words) => {
    expect(map({ type: 'response.incomplete', response }).error?.message).toMatch(words);
  });
});

const of = (headers: JsonValue): JsonObject => ({ type: 'response.in_progress', headers });

describe('which model answers', () => {
  test.each<[string, JsonObject, string]>([
    ['of the event', of({ 'OpenAI-Model': 'a' }), 'a'],
    ['by its other name', of({ 'x-openai-model': 'a' }), 'a'],
    ['in a list', of({ 'openai-model': ['a', 'b'] }), 'a'],
    [
      'of the response, which wins',
      { type: 'x', headers: { 'openai-model': 'b' }, response: { headers: { 'openai-model': 'a' } } },
      'a',
    ],
  ])('headers %s', (_name, wire, model) => {
    expect(map(wire).events).toEqual([{ type: 'server_model', model }]);
  });

  test('is told when it changes', () => {
    const state = { ...HTTP, serverModel: 'a' };
    expect(map(of({ 'openai-model': 'a' }), state).events).toEqual([]);
    expect(map(of({ 'openai-model': 'b' }), state).events).toHaveLength(1);
    expect(map(of({ 'openai-model': 'b' }), state).events).toEqual([]);
  });

  test('comes before what the event itself means', () => {
    const wire = { type: 'response.output_text.delta', delta: 'x', headers: { 'openai-model': 'a' } };
    expect(map(wire).events.map(({ type }) => type)).toEqual(['server_model', 'text_delta']);
  });
});

test('rate limits come over a WebSocket', () => {
  const frame = { type: 'codex.rate_limits', plan_type: 'pro' };
  expect(map(frame, { ...WEBSOCKET }).events).toMatchObject([
    { type: 'rate_limits', snapshot: { limit_id: 'codex', plan_type: 'pro' } },
  ]);
});

test('the older name of a compaction is understood', () => {
  const item = { type: 'compaction_summary', encrypted_content: 'x' };
  expect(map({ type: 'response.output_item.done', item }).events).toEqual([
    { type: 'item_done', item: { type: 'compaction', encrypted_content: 'x' } },
  ]);
});
