import { expect, test } from 'vitest';
import type { RolloutLine } from '../../../store/rollouts/line.ts';
import type { EventMsg } from '../../protocol/event.ts';
import { turnId } from '../../protocol/ids.ts';
import { NO_USAGE } from '../../protocol/usage.ts';
import { diskLine } from './disk-line.ts';

const THREAD = '019aaaaa-0000-7000-8000-000000000001';
const turn_id = turnId('turn');
const event = (msg: EventMsg): RolloutLine => ({ type: 'event_msg', payload: { ...msg } });
const written = (msg: EventMsg): unknown => diskLine(event(msg), THREAD)?.payload;

test.each([
  'message',
  'reasoning',
  'local_shell_call',
  'function_call',
  'function_call_output',
  'custom_tool_call',
  'custom_tool_call_output',
  'tool_search_call',
  'tool_search_output',
  'web_search_call',
  'image_generation_call',
  'compaction',
  'context_compaction',
])('an item is kept as it is: %s', (type) => {
  const line: RolloutLine = { type: 'response_item', payload: { type, further: { key: 1 } } };
  expect(diskLine(line, THREAD)).toBe(line);
});

test.each(['compaction_trigger', 'ghost_snapshot', 'novelty'])('an item is dropped: %s', (type) => {
  expect(diskLine({ type: 'response_item', payload: { type } }, THREAD)).toBeUndefined();
});

test.each<EventMsg>([
  { type: 'agent_message', message: 'x', phase: null },
  { type: 'agent_reasoning', text: 'x' },
  { type: 'agent_reasoning_raw_content', text: 'x' },
  {
    type: 'token_count',
    info: { total_token_usage: NO_USAGE, last_token_usage: NO_USAGE, model_context_window: 7 },
    rate_limits: null,
  },
  { type: 'context_compacted' },
  { type: 'thread_rolled_back', num_turns: 1 },
  { type: 'turn_aborted', turn_id, reason: 'interrupted', completed_at: 1, duration_ms: 2 },
  {
    type: 'task_started',
    turn_id,
    started_at: 1,
    model_context_window: null,
    collaboration_mode_kind: 'default',
  },
  { type: 'web_search_end', call_id: 'c', query: 'q', action: { type: 'search' } },
])('an event is kept as it is: $type', (msg) => expect(written(msg)).toEqual(msg));

test.each<[string, EventMsg, object]>([
  [
    'a prompt has its text elements',
    { type: 'user_message', message: 'x', images: [], local_images: [] },
    { text_elements: [] },
  ],
  [
    'changes are keyed by their files',
    {
      type: 'patch_apply_end',
      call_id: 'c',
      turn_id,
      stdout: '',
      stderr: '',
      success: true,
      status: 'completed',
      changes: [
        { path: '/a', kind: 'add', diff: 'text' },
        { path: '/b', kind: 'update', diff: '@@', movedTo: '/c' },
        { path: '/d', kind: 'delete', diff: 'gone' },
        { path: '/e', kind: 'update', diff: '@@' },
      ],
    },
    {
      changes: {
        '/a': { type: 'add', content: 'text' },
        '/b': { type: 'update', unified_diff: '@@', move_path: '/c' },
        '/d': { type: 'delete', content: 'gone' },
        '/e': { type: 'update', unified_diff: '@@', move_path: null },
      },
    },
  ],
  [
    'a duration has seconds and nanoseconds',
    {
      type: 'mcp_tool_call_end',
      call_id: 'c',
      invocation: { server: 's', tool: 't', arguments: null },
      duration_ms: 1_234.5,
      result: { Err: 'x' },
    },
    { duration: { secs: 1, nanos: 234_500_000 } },
  ],
  [
    'a picture has a result',
    { type: 'image_generation_end', call_id: 'c', status: 'completed' },
    { result: '' },
  ],
  [
    'a plan names its thread',
    { type: 'item_completed', turn_id, item: { type: 'Plan', id: 'p', text: 'x' } },
    { thread_id: THREAD },
  ],
])('an event in the shape that the real agent reads: %s', (_name, msg, expected) =>
  expect(written(msg)).toMatchObject(expected),
);

test('the error of a turn stays with the live events', () => {
  const end: EventMsg = {
    type: 'task_complete',
    turn_id,
    last_agent_message: null,
    started_at: 1,
    completed_at: 2,
    duration_ms: 3,
    time_to_first_token_ms: null,
  };
  expect(written({ ...end, error: { kind: 'other' } })).toEqual(end);
});

test.each<EventMsg>([
  { type: 'agent_message_content_delta', item_id: 'i', delta: 'x' },
  { type: 'item_started', turn_id, item: { type: 'Plan', id: 'p', text: '' } },
  { type: 'item_completed', turn_id, item: { type: 'AgentMessage', id: 'm', text: 'x' } },
  { type: 'exec_command_begin', call_id: 'c', turn_id, command: [], cwd: '/', source: 'agent' },
  { type: 'exec_approval_request', call_id: 'c', turn_id, command: [], cwd: '/', available_decisions: [] },
  { type: 'web_search_begin', call_id: 'c' },
  { type: 'warning', message: 'x' },
  { type: 'stream_error', message: 'x', info: { kind: 'other' } },
  { type: 'error', message: 'x', info: { kind: 'other' } },
  { type: 'shutdown_complete' },
])('an event is live only: $type', (msg) => expect(written(msg)).toBeUndefined());
