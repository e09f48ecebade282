import { expect, test } from 'vitest';
import type { EventMsg } from '../../agent/protocol/event.ts';
import { threadId, turnId } from '../../agent/protocol/ids.ts';
import { NO_USAGE } from '../../agent/protocol/usage.ts';
import { createThreadEvents } from './thread-events.ts';

const TURN = turnId('turn-1');

const started: EventMsg = {
  type: 'task_started',
  turn_id: TURN,
  started_at: 0,
  model_context_window: null,
  collaboration_mode_kind: 'default',
};
const completed: EventMsg = {
  type: 'task_complete',
  turn_id: TURN,
  last_agent_message: 'well',
  started_at: 0,
  completed_at: 1,
  duration_ms: 1_000,
  time_to_first_token_ms: null,
};
const failed: EventMsg = { ...completed, error: { kind: 'other' } };
const message = (text: string): EventMsg => ({
  type: 'item_completed',
  turn_id: TURN,
  item: { type: 'AgentMessage', id: 'msg', text },
});
const commandBegin: EventMsg = {
  type: 'exec_command_begin',
  call_id: 'call-1',
  turn_id: TURN,
  command: ['/bin/bash', '-lc', "echo 'hi'"],
  cwd: '/work',
  source: 'unified_exec_startup',
};
const commandEnd: EventMsg = {
  ...commandBegin,
  type: 'exec_command_end',
  aggregated_output: 'hi\n',
  exit_code: 0,
  duration_ms: 3,
  status: 'completed',
};
const plan = (status: 'pending' | 'completed'): EventMsg => ({
  type: 'plan_update',
  plan: [{ step: 'listen', status }],
});

const linesOf = (...msgs: readonly EventMsg[]): unknown[] => {
  const events = createThreadEvents();
  return msgs.flatMap(events.accept);
};

test('13: one message', () =>
  expect(
    linesOf(
      {
        type: 'session_configured',
        session_id: 'x' as never,
        thread_id: threadId('thread-1'),
        model: 'm',
        model_provider_id: 'p',
        approval_policy: 'never',
        sandbox_policy: {},
        cwd: '/',
      },
      started,
      message('well'),
      completed,
    ),
  ).toEqual([
    { type: 'thread.started', thread_id: 'thread-1' },
    { type: 'turn.started' },
    { type: 'item.completed', item: { id: 'item_0', type: 'agent_message', text: 'well' } },
    {
      type: 'turn.completed',
      usage: { input_tokens: 0, cached_input_tokens: 0, output_tokens: 0, reasoning_output_tokens: 0 },
    },
  ]));

test('14: what was started keeps its id', () =>
  expect(linesOf(commandBegin, commandEnd, message('done'))).toEqual([
    {
      type: 'item.started',
      item: {
        id: 'item_0',
        type: 'command_execution',
        command: String.raw`/bin/bash -lc 'echo '\''hi'\'''`,
        aggregated_output: '',
        exit_code: null,
        status: 'in_progress',
      },
    },
    {
      type: 'item.completed',
      item: expect.objectContaining({
        id: 'item_0',
        aggregated_output: 'hi\n',
        exit_code: 0,
        status: 'completed',
      }),
    },
    { type: 'item.completed', item: { id: 'item_1', type: 'agent_message', text: 'done' } },
  ]));

test('15: one list of things to do, completed before the turn', () => {
  const lines = linesOf(plan('pending'), plan('completed'), completed) as { type: string; item?: object }[];
  expect(lines.map(({ type }) => type)).toEqual([
    'item.started',
    'item.updated',
    'item.completed',
    'turn.completed',
  ]);
  expect(new Set(lines.flatMap(({ item }) => (item ? [(item as { id: string }).id] : [])))).toEqual(
    new Set(['item_0']),
  );
  expect(lines[2]?.item).toMatchObject({ items: [{ text: 'listen', completed: true }] });
});

test('16: a turn that failed says the last error', () =>
  expect(
    linesOf(
      { type: 'stream_error', message: 'again', info: { kind: 'internal_server_error' }, details: '500' },
      { type: 'error', message: 'the provider answers 500', info: { kind: 'internal_server_error' } },
      failed,
    ),
  ).toEqual([
    { type: 'error', message: 'again (500)' },
    { type: 'error', message: 'the provider answers 500' },
    { type: 'turn.failed', error: { message: 'the provider answers 500' } },
  ]));

test.each([
  [['', ' \n'], 0],
  [['I listen', 'closely'], 1],
])('17: a reasoning summary %j gives %d items', (summary, count) =>
  expect(
    linesOf({
      type: 'item_completed',
      turn_id: TURN,
      item: { type: 'Reasoning', id: 'r', summary, rawContent: [] },
    }),
  ).toHaveLength(count),
);

test('what is open when the turn ends is closed first, and an interrupted turn has no line of its own', () => {
  const events = createThreadEvents();
  const aborted: EventMsg = {
    type: 'turn_aborted',
    turn_id: TURN,
    reason: 'interrupted',
    completed_at: 1,
    duration_ms: 1,
  };
  expect([commandBegin, plan('pending'), aborted].flatMap(events.accept)).toMatchObject([
    { type: 'item.started' },
    { type: 'item.started' },
    { type: 'item.completed', item: { type: 'command_execution', status: 'failed' } },
    { type: 'item.completed', item: { type: 'todo_list' } },
  ]);
  expect(events.end).toEqual({ kind: 'interrupted' });
});

test('nothing comes behind the end of the turn', () => {
  const events = createThreadEvents();
  for (const msg of [started, commandBegin, completed]) events.accept(msg);
  expect(events.accept(commandEnd)).toEqual([]);
});

test('the usage is the running total of the thread', () => {
  const usage = { ...NO_USAGE, input_tokens: 10, output_tokens: 4, total_tokens: 14 };
  const info = { total_token_usage: usage, last_token_usage: NO_USAGE, model_context_window: null };
  expect(linesOf({ type: 'token_count', info, rate_limits: null }, completed).at(-1)).toEqual({
    type: 'turn.completed',
    usage: { input_tokens: 10, cached_input_tokens: 0, output_tokens: 4, reasoning_output_tokens: 0 },
  });
});

test.each<[string, EventMsg, object]>([
  [
    'a declined command has no exit code',
    { ...commandEnd, status: 'declined', exit_code: -1 },
    { type: 'command_execution', status: 'declined', exit_code: null },
  ],
  [
    'a declined patch shows as failed',
    {
      type: 'patch_apply_end',
      call_id: 'p',
      turn_id: TURN,
      stdout: '',
      stderr: '',
      success: false,
      status: 'declined',
      changes: [{ path: '/work/a', kind: 'add', diff: 'text' }],
    },
    { type: 'file_change', status: 'failed', changes: [{ path: '/work/a', kind: 'add' }] },
  ],
  [
    'an MCP tool that says that it failed',
    {
      type: 'mcp_tool_call_end',
      call_id: 'm',
      invocation: { server: 's', tool: 't', arguments: {} },
      duration_ms: 1,
      result: { Ok: { content: [], structuredContent: null, isError: true } },
    },
    {
      type: 'mcp_tool_call',
      status: 'failed',
      error: null,
      result: { content: [], structured_content: null },
    },
  ],
  [
    'an MCP tool that could not be called',
    {
      type: 'mcp_tool_call_end',
      call_id: 'm',
      invocation: { server: 's', tool: 't', arguments: {} },
      duration_ms: 1,
      result: { Err: 'gone' },
    },
    { type: 'mcp_tool_call', status: 'failed', error: { message: 'gone' }, result: null },
  ],
  ['a warning', { type: 'warning', message: 'careful' }, { type: 'error', message: 'careful' }],
])('%s', (_name, msg, item) => expect(linesOf(msg)).toMatchObject([{ type: 'item.completed', item }]));
