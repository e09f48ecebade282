import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  answer,
  ask,
  assistant,
  endTool,
  endTurn,
  functionCall,
  IN_TURN,
  runTool,
  startChild,
  startTool,
  startTurn,
  stopTool,
  T1,
  T2,
  traceBundle,
  user,
} from '../../../fixtures/trace-bundle.ts';
import type { BundleBuilder } from '../../../fixtures/trace-bundle.ts';
import type { JsonValue } from '../../host/json.ts';
import { reduceTrace } from '../reduce-trace.ts';
import { normaliseItem } from './normalise-item.ts';

/* What events become (spec/observability.md 5; the same on codex 0.169). */

const reduced = async (build: (b: BundleBuilder) => void) => (await reduceTrace(traceBundle(build))).trace;
const items = (numbers: readonly number[]) => numbers.map((n) => `conversation_item:${n}`);

test('a whole request keeps items of the same content, each once and in any order; the base is the latest request', async () => {
  const trace = await reduced((b) => {
    ask(b, 'i1', [user('a'), user('b'), user('b')]);
    ask(b, 'i2', [user('b'), user('a'), user('c')]);
    ask(b, 'i3', [user('a'), user('b'), user('b')]);
  });
  const requests = Object.values(trace.inference_calls).map((call) => call.request_item_ids);
  expect(requests).toEqual([items([1, 2, 3]), items([2, 1, 4]), items([1, 2, 5])]);
  expect(trace.threads[T1]?.conversation_item_ids).toEqual(items([1, 2, 3, 4, 5]));
});

test('another id of the API is another item; an id that comes later names the one that is there', async () => {
  const trace = await reduced((b) => {
    b.event({ type: 'history_item_accepted', item_id: 'm1' }, IN_TURN);
    ask(b, 'i1', [user('a')]);
    ask(b, 'i2', [user('a', 'm1')]);
    ask(b, 'i3', [user('a', 'm2')]);
  });
  expect(trace.conversation_items['conversation_item:1']).toMatchObject({
    responses_item_id: 'm1',
    accepted_seq: 4,
  });
  expect(trace.inference_calls['i3']?.request_item_ids).toEqual(items([2]));
});

const thought = (sealed: string, text?: string) => ({
  type: 'reasoning',
  summary: text === undefined ? [] : [{ type: 'summary_text', text }],
  encrypted_content: sealed,
});

test('thoughts are the same when their encrypted content is', async () => {
  const trace = await reduced((b) => {
    ask(b, 'i1', [thought('s')]);
    ask(b, 'i2', [thought('s', 'more')]);
    ask(b, 'i3', [thought('t', 'more')]);
  });
  expect(trace.inference_calls['i2']?.request_item_ids).toEqual(items([1]));
  expect(trace.inference_calls['i3']?.request_item_ids).toEqual(items([2]));
  expect(trace.conversation_items['conversation_item:1']?.body.parts).toHaveLength(2);
});

const long = (end: string) => functionCall('k', JSON.stringify({ text: 'é'.repeat(200) + end }));

test('JSON counts by its first 240 bytes', async () => {
  const trace = await reduced((b) => {
    ask(b, 'i1', [long('1')]);
    ask(b, 'i2', [long('2')]);
  });
  expect(trace.inference_calls['i2']?.request_item_ids).toEqual(items([1]));
  const [part] = trace.conversation_items['conversation_item:1']?.body.parts ?? [];
  expect(part?.type === 'json' && Buffer.byteLength(part.summary)).toBe(242);
});

test('a retry of an increment finds what the first attempt added', async () => {
  const trace = await reduced((b) => {
    ask(b, 'i1', [user('a')]);
    answer(b, 'i1', 'r1', [assistant('b')]);
    for (const id of ['i2', 'i3']) ask(b, id, [user('c')], { request: { previous_response_id: 'r1' } });
  });
  expect(trace.inference_calls['i3']?.request_item_ids).toEqual(items([1, 2, 3]));
});

test.each<[JsonValue, object]>([
  [
    { type: 'message', role: 'assistant', phase: 'final_answer', content: [] },
    { channel: 'final', kind: 'message' },
  ],
  [
    { type: 'message', role: 'user', content: 'plain' },
    { body: { parts: [{ type: 'payload_ref', label: 'content', raw_payload_id: 'p' }] } },
  ],
  [
    { type: 'web_search_call', id: 'w' },
    { kind: 'function_call', call_id: null, responses_item_id: 'w' },
  ],
  [
    { type: 'tool_search_output', call_id: 'k', tools: [] },
    { kind: 'function_call_output', role: 'tool' },
  ],
  [
    { type: 'custom_tool_call', call_id: 'k', name: 'exec', input: 'js' },
    { body: { parts: [{ type: 'code', language: 'javascript', source: 'js' }] } },
  ],
  [
    { type: 'function_call', call_id: 'k', name: 'n', arguments: 'no json' },
    { body: { parts: [{ type: 'text', text: 'no json' }] } },
  ],
  [
    { type: 'function_call_output', call_id: 'k', output: '{"a":1}' },
    { body: { parts: [{ type: 'text', text: '{"a":1}' }] } },
  ],
  [
    { type: 'compaction', encrypted_content: 'e' },
    { channel: 'summary', body: { parts: [{ type: 'encoded', label: 'encrypted_content', value: 'e' }] } },
  ],
  [
    { type: 'agent_message', author: 'a', recipient: 'b', content: [] },
    { channel: 'analysis', agent_message: { author: 'a', recipient: 'b' } },
  ],
])('item %j', (item, expected) => expect(normaliseItem(item, 'p')).toMatchObject(expected));

const image = (part: JsonValue) =>
  normaliseItem({ type: 'message', role: 'user', content: [part] }, 'p')?.body.parts[0];

test('an image counts by its bytes, whatever the order of its members', () => {
  expect(image({ type: 'input_image', image_url: 'data:x' })).toEqual({
    type: 'payload_ref',
    label: 'input_image',
    raw_payload_id: 'p',
    // As codex 0.169 has it [V].
    content_sha256: 'f6bf2271979e4b0b2ea7d2c1a48d93c5390dbe7e43e98df1207acba2de8b14f3',
  });
  expect(image({ image_url: 'data:x', type: 'input_image' })).toEqual(
    image({ type: 'input_image', image_url: 'data:x' }),
  );
});

test('a compaction leaves a marker, makes new items of what is kept, and is what the next request is compared with', async () => {
  const trace = await reduced((b) => {
    ask(b, 'i1', [user('a')]);
    const asked = { compaction_id: 'c', compaction_request_id: 'q' };
    b.event(
      {
        type: 'compaction_request_started',
        ...asked,
        thread_id: T1,
        codex_turn_id: 'u1',
        model: 'm',
        provider_name: 'p',
        request_payload: b.payload('compaction_request', {}),
      },
      IN_TURN,
    );
    b.event({ type: 'compaction_request_failed', ...asked, error: 'e' }, IN_TURN);
    b.event(
      {
        type: 'compaction_installed',
        compaction_id: 'c',
        checkpoint_payload: b.payload('compaction_checkpoint', {
          input_history: [user('a')],
          replacement_history: [user('a'), user('note')],
        }),
      },
      IN_TURN,
    );
    ask(b, 'i2', [user('a'), user('note'), user('b')]);
  });
  expect(trace.compactions['c']).toMatchObject({
    request_ids: ['q'],
    input_item_ids: items([1]),
    marker_item_id: 'conversation_item:2',
    replacement_item_ids: items([3, 4]),
  });
  expect(trace.compaction_requests['q']?.execution.status).toBe('failed');
  expect(trace.inference_calls['i2']?.request_item_ids).toEqual(items([3, 4, 5]));
});

test('a command and what is typed into it share a terminal', async () => {
  const trace = await reduced((b) => {
    startTool(b, 'a', 'exec_command');
    runTool(b, 'a', 'exec_command', { process_id: '7', command: ['cat', 'x'], cwd: '/w' });
    startTool(b, 'w', 'write_stdin', {
      invocation_payload: b.payload('tool_invocation', {
        payload: { type: 'function', arguments: '{"session_id":9,"chars":"hi"}' },
      }),
    });
    b.event({ type: 'stdin_target_resolved', tool_call_id: 'w', exec_tool_call_id: 'a' }, IN_TURN);
    endTool(b, 'w', { type: 'direct_response', response_item: { output: [{ text: 'A' }, { text: 'B' }] } });
    stopTool(b, 'a', { process_id: '7', exit_code: 3, aggregated_output: 'all' });
  });
  expect(Object.values(trace.terminal_sessions)).toMatchObject([
    {
      terminal_id: 'terminal_session:terminal_operation:1',
      operation_ids: ['terminal_operation:1', 'terminal_operation:2'],
    },
  ]);
  expect(trace.terminal_operations['terminal_operation:1']).toMatchObject({
    request: { display_command: 'cat x', cwd: '/w' },
    result: { exit_code: 3, stdout: 'all' },
  });
  expect(trace.terminal_operations['terminal_operation:2']).toMatchObject({
    request: { stdin: 'hi' },
    result: { stdout: 'A\nB', formatted_output: 'A\nB' },
    execution: { status: 'completed' },
  });
  expect(trace.tool_calls['w']?.summary).toEqual({ type: 'terminal', operation_id: 'terminal_operation:2' });
});

const letter = (text: string) => ({
  type: 'agent_message',
  author: '/root',
  recipient: '/root/kid',
  content: [{ type: 'input_text', text }],
});

test.each([
  ['its message', letter('go'), { type: 'conversation_item', item_id: 'conversation_item:1' }],
  ['another message', letter('else'), { type: 'thread', thread_id: T2 }],
])('a spawn leads to %s or to the thread', async (_name, message, target) => {
  const trace = await reduced((b) => {
    startTool(b, 's', 'spawn_agent');
    runTool(b, 's', 'spawn_agent', { call_id: 's' });
    startChild(b);
    stopTool(b, 's', { call_id: 's', new_thread_id: T2, prompt: 'go' });
    startTurn(b, 'u2', T2);
    ask(b, 'i', [message], { thread: T2, turn: 'u2' });
  });
  expect(trace.interaction_edges).toMatchObject({
    [`edge:spawn:${T1}:${T2}`]: { kind: 'spawn_agent', target },
  });
  expect(trace.threads[T2]?.origin).toMatchObject({
    type: 'spawned',
    parent_thread_id: T1,
    agent_role: 'worker',
  });
});

test.each([
  ['send_message', letter('go'), ['edge:tool:t']],
  ['send_message', letter('else'), []],
  ['close_agent', letter('else'), ['edge:tool:t']],
])('%s: a message that never came is no edge, a closing is one', async (kind, message, expected) => {
  const trace = await reduced((b) => {
    startChild(b);
    startTool(b, 't', kind);
    runTool(b, 't', kind, { call_id: 't', receiver_thread_id: T2, prompt: 'go' });
    startTurn(b, 'u2', T2);
    ask(b, 'i', [message], { thread: T2, turn: 'u2' });
  });
  expect(Object.keys(trace.interaction_edges)).toEqual(expected);
});

test('closing a thread that nobody knows is no edge', async () => {
  const trace = await reduced((b) => {
    startTool(b, 't', 'close_agent');
    runTool(b, 't', 'close_agent', { call_id: 't', receiver_thread_id: T2 });
  });
  expect(trace.interaction_edges).toEqual({});
});

/** A step of a turn, and how it is written. */
type Step = 'ask' | 'answer' | 'fail' | 'tool' | 'end tool' | 'turn';
const steps = fc.array(fc.constantFrom<Step>('ask', 'answer', 'fail', 'tool', 'end tool', 'turn'), {
  maxLength: 25,
});

test('whatever a turn does in order, it reduces; every event counts once, and a gap is found', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (sequence) => {
      const counts = { inferences: 0, tools: 0, turns: 1 };
      const build = (b: BundleBuilder): void => {
        const history: object[] = [];
        let asking: string | undefined;
        let calling: string | undefined;
        Object.assign(counts, { inferences: 0, tools: 0, turns: 1 });
        const turn = (): string => `u${counts.turns}`;
        for (const step of sequence) {
          const scope = { thread: T1, turn: turn() };
          if (step === 'ask') {
            asking = `i${(counts.inferences += 1)}`;
            history.push(user(asking));
            ask(b, asking, history, { turn: turn() });
          } else if (step === 'answer' && asking !== undefined) {
            answer(b, asking, `r-${asking}`, [assistant(asking)], scope);
            history.push(assistant(asking));
            asking = undefined;
          } else if (step === 'fail' && asking !== undefined) {
            b.event({ type: 'inference_failed', inference_call_id: asking, error: 'e' }, scope);
            asking = undefined;
          } else if (step === 'tool') {
            calling = `t${(counts.tools += 1)}`;
            startTool(b, calling, 'web', {}, scope);
          } else if (step === 'end tool' && calling !== undefined) endTool(b, calling);
          else if (step === 'turn') {
            endTurn(b, 'completed', turn());
            counts.turns += 1;
            startTurn(b, turn());
          }
        }
      };
      const trace = await reduced(build);
      expect(
        [trace.inference_calls, trace.tool_calls, trace.codex_turns].map((map) => Object.keys(map).length),
      ).toEqual([counts.inferences, counts.tools, counts.turns]);
      const broken = traceBundle((b) => {
        build(b);
        b.line(
          '{"schema_version":2,"seq":99999,"wall_time_unix_ms":1,"rollout_id":"x","payload":{"type":"recording_completed"}}',
        );
      });
      await expect(reduceTrace(broken)).rejects.toMatchObject({ kind: 'out_of_order' });
    }),
    { numRuns: 25 },
  );
});
