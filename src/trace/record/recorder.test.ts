import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryHome } from '../../../fixtures/home.ts';
import {
  answered,
  asked,
  attempt,
  assistantMessage,
  callScope,
  refreshedConversation,
  ROOT_THREAD,
  threadEnded,
  threadStarted,
  TURN,
  turnEnded,
  turnStarted,
  userMessage,
} from '../../../fixtures/trace-facts.ts';
import type { AgentFact } from '../../telemetry/facts/fact.ts';
import type { EventPayload } from '../event/event.ts';
import { reduceTrace } from '../reduce-trace.ts';
import { createTraceRecorder } from './recorder.ts';

const CHILD = '019a0000-0000-7000-8000-000000000002';

function recorder(limits = {}) {
  const root = join(temporaryHome(), 'traces');
  const warnings: string[] = [];
  let count = 0;
  const made = createTraceRecorder({
    root,
    clock: { now: () => 1_000, elapsed: () => 0 },
    ids: { random: () => `id-${(count += 1)}` },
    onWarning: (message) => void warnings.push(message),
    limits,
  });
  return { root, warnings, recorder: made };
}

function record(facts: readonly AgentFact[]) {
  const { root, warnings, recorder: made } = recorder();
  for (const fact of facts) made.observe(fact);
  const bundles = readdirSync(root).map((name) => join(root, name));
  return { bundles, bundle: bundles[0] ?? '', warnings, lost: made.lost() };
}

const reduced = async (facts: readonly AgentFact[]) => (await reduceTrace(record(facts).bundle)).trace;
const eventsOf = (bundle: string): readonly EventPayload[] =>
  readFileSync(join(bundle, 'trace.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { payload: EventPayload }).payload);
const inTurn = (...facts: readonly AgentFact[]): readonly AgentFact[] => [
  threadStarted(),
  turnStarted(),
  ...facts,
  turnEnded(),
  threadEnded(),
];

test('a 401, a refresh and a success: each attempt is a call, and shows what was known of authentication', async () => {
  const trace = await reduced(refreshedConversation());
  expect(trace).toMatchObject({ status: 'completed', recording_complete: true });
  const [first, second, third] = Object.values(trace.inference_calls);
  expect(first).toMatchObject({
    execution: { status: 'failed' },
    response_id: null,
    upstream_request_id: 'req-401',
    raw_response_payload_id: null,
    auth_facts: { auth_401_request_id: 'req-401', auth_recovery_outcome: 'recovery_succeeded' },
  });
  expect(second).toMatchObject({
    execution: { status: 'completed' },
    response_id: 'resp-i2',
    upstream_request_id: 'req-i2',
    tool_call_ids_started_by_response: ['c1'],
    auth_facts: { auth_401_request_id: 'req-401', auth_retry_after_unauthorized: 'true' },
  });
  expect(third?.request_item_ids).toHaveLength(3);
  expect(trace.codex_turns[TURN]?.auth_facts).toEqual({
    ...second?.auth_facts,
    last_model_request_id: 'req-i3',
    last_model_response_id: 'resp-i3',
  });
  expect(trace.terminal_operations['terminal_operation:1']).toMatchObject({
    result: { exit_code: 0, stdout: 'a.txt' },
  });
});

test('a request that no thread asked for is the latest attempt of each; its answer is none of the model', async () => {
  const told = attempt('none', { endpoint: '/models', upstreamRequestId: 'req-models' });
  if (told.type !== 'attempt') throw new TypeError('no attempt');
  const trace = await reduced(
    inTurn(asked('i1', []), answered('i1'), { type: 'attempt', atMs: 1, facts: told.facts }),
  );
  expect(trace.codex_turns[TURN]?.auth_facts).toMatchObject({
    endpoint: '/models',
    last_model_request_id: 'req-i1',
  });
});

test('it asks that every attempt carries the id of its inference', () =>
  expect(recorder().recorder.namesInferences).toBe(true));

test('a prewarm is not recorded; of two ends the first is; a partial answer has no response id', async () => {
  const { bundle } = record(
    inTurn(
      asked('warm', [], { purpose: 'prewarm' }),
      answered('warm'),
      asked('i1', [userMessage('a')]),
      answered('i1', { status: 'cancelled', error: 'interrupted', items: [assistantMessage('half')] }),
      answered('i1'),
      asked('i2', [userMessage('a')]),
      answered('i2', { status: 'failed', error: 'http 500', items: [] }),
    ),
  );
  const ends = eventsOf(bundle).filter(({ type }) => /^inference_(completed|failed|cancelled)$/.test(type));
  expect(ends).toMatchObject([
    {
      type: 'inference_cancelled',
      inference_call_id: 'i1',
      reason: 'interrupted',
      upstream_request_id: 'req-i1',
    },
    { type: 'inference_failed', inference_call_id: 'i2', error: 'http 500', partial_response_payload: null },
  ]);
  const { trace } = await reduceTrace(bundle);
  expect(trace.inference_calls['i1']).toMatchObject({
    response_id: null,
    response_item_ids: ['conversation_item:2'],
  });
});

const event = (name: string): AgentFact => ({
  type: 'protocol_event',
  atMs: 1,
  threadId: ROOT_THREAD,
  name,
  event: () => ({ type: name }),
});

test('only the listed events of the protocol, under the names of the trace', () => {
  const names = [
    'session_configured',
    'task_started',
    'task_complete',
    'turn_aborted',
    'thread_rolled_back',
    'error',
    'warning',
    'shutdown_complete',
    'token_count',
    'agent_message',
    'stream_error',
  ];
  const { bundle } = record([threadStarted(), ...names.map(event)]);
  const kept = eventsOf(bundle).flatMap((one) =>
    one.type === 'protocol_event_observed' ? one.event_type : [],
  );
  expect(kept).toEqual([
    'session_configured',
    'turn_started',
    'turn_complete',
    'turn_aborted',
    'thread_rolled_back',
    'error',
    'warning',
    'shutdown_complete',
  ]);
});

test('an error keeps its class; its words may be those of a server, and are left out', () => {
  const told = { type: 'error', message: 'unexpected status 401: who are you?', info: { kind: 'other' } };
  const { bundle } = record([threadStarted(), { ...event('error'), event: () => told } as AgentFact]);
  const payloads = readdirSync(join(bundle, 'payloads')).map((name) =>
    readFileSync(join(bundle, 'payloads', name), 'utf8'),
  );
  expect(payloads.map((text): unknown => JSON.parse(text))).toContainEqual({
    type: 'error',
    info: { kind: 'other' },
  });
  expect(payloads.join('\n')).not.toContain('who are you?');
});

test('an MCP call is joined with its tool call', async () => {
  const trace = await reduced(
    inTurn(
      {
        type: 'tool_started',
        atMs: 1,
        ...callScope('m'),
        tool: 'echo',
        namespace: 'mcp__probe',
        origin: 'mcp',
        mcpServer: 'probe',
        input: () => '{}',
      },
      {
        type: 'mcp_call_started',
        atMs: 1,
        ...callScope('m'),
        mcpCallId: 'uuid',
        method: 'tools/call',
        server: 'probe',
        tool: 'echo',
        transport: 'stdio',
        invocation: () => ({}),
      },
      {
        type: 'mcp_call_ended',
        atMs: 1,
        ...callScope('m'),
        mcpCallId: 'uuid',
        durationMs: 1,
        error: 'tool_error',
        result: () => ({}),
      },
      {
        type: 'tool_ended',
        atMs: 1,
        ...callScope('m'),
        tool: 'echo',
        status: 'failed',
        success: false,
        durationMs: 1,
        output: () => 'no',
      },
    ),
  );
  expect(trace.tool_calls['m']).toMatchObject({
    mcp_call_id: 'uuid',
    kind: { type: 'mcp', server: 'probe', tool: 'echo' },
    summary: { label: 'mcp__probe.echo', input_preview: '{}' },
    execution: { status: 'failed' },
  });
});

const start = (callId: string, tool: string, input: string): AgentFact => ({
  type: 'tool_started',
  atMs: 1,
  ...callScope(callId),
  tool,
  origin: 'builtin',
  input: () => input,
});

test('what is typed into a command is joined with it; a call id that comes again is another call', async () => {
  const trace = await reduced(
    inTurn(
      start('a', 'exec_command', '{"cmd":"cat"}'),
      {
        type: 'terminal_started',
        atMs: 1,
        ...callScope('a'),
        processId: '7',
        command: ['cat'],
        cwd: '/w',
        isTerminal: true,
      },
      start('w', 'write_stdin', '{"session_id":7,"chars":"x"}'),
      { type: 'terminal_input', atMs: 1, ...callScope('w'), processId: '7', input: () => 'x' },
      start('a', 'apply_patch', '*** Begin Patch'),
    ),
  );
  expect(Object.values(trace.terminal_sessions)).toMatchObject([
    { operation_ids: ['terminal_operation:1', 'terminal_operation:2'] },
  ]);
  expect(Object.values(trace.tool_calls).map(({ kind }) => kind.type)).toEqual([
    'exec_command',
    'write_stdin',
    'apply_patch',
  ]);
});

test('a compaction is told with its requests, under one id', async () => {
  const trace = await reduced(
    inTurn(
      asked('q1', [userMessage('a')], { purpose: 'compaction' }),
      answered('q1', { status: 'failed', error: 'http 500' }),
      asked('q2', [userMessage('a')], { purpose: 'compaction' }),
      answered('q2'),
      {
        type: 'compaction_installed',
        atMs: 1,
        threadId: ROOT_THREAD,
        turnId: TURN,
        compactionId: 'theirs',
        replacement: () => [userMessage('note')],
      },
      asked('i1', [userMessage('note')]),
    ),
  );
  const [compaction] = Object.values(trace.compactions);
  expect(compaction).toMatchObject({ request_ids: ['q1', 'q2'], input_item_ids: ['conversation_item:1'] });
  expect(trace.inference_calls['i1']?.request_item_ids).toEqual(compaction?.replacement_item_ids);
});

test('children share the bundle of their root thread; a child that goes on is resumed, not started', async () => {
  const child = threadStarted({ threadId: CHILD, agentPath: '/root/kid' });
  const { bundles, bundle } = record([threadStarted(), child, threadEnded(CHILD), child, threadEnded()]);
  expect(bundles).toHaveLength(1);
  expect(eventsOf(bundle).map(({ type }) => type)).toEqual([
    'rollout_started',
    'thread_started',
    'thread_started',
    'thread_ended',
    'thread_resumed',
    'thread_ended',
    'rollout_ended',
    'recording_completed',
  ]);
  const { trace } = await reduceTrace(bundle);
  expect(trace.threads[CHILD]?.origin).toMatchObject({ parent_thread_id: ROOT_THREAD, task_name: 'kid' });
});

test('a second root thread, and one that is resumed later, have bundles of their own', () =>
  expect(
    record([
      threadStarted(),
      threadEnded(),
      threadStarted({ how: 'resumed' }),
      threadStarted({ threadId: CHILD, sessionId: CHILD }),
    ]).bundles,
  ).toHaveLength(3));

test('facts out of place are passed over, and never make a trace that cannot be reduced', async () => {
  const { bundle, warnings } = record([
    answered('nothing'),
    threadStarted(),
    asked('i1', []),
    answered('i1'),
    {
      type: 'tool_ended',
      atMs: 1,
      ...callScope('none'),
      tool: 't',
      status: 'completed',
      success: true,
      durationMs: 1,
      output: () => '',
    },
    turnEnded(),
    turnStarted(),
    turnStarted(),
    turnEnded('aborted'),
    threadEnded(),
    threadEnded(),
  ]);
  expect(warnings).toEqual([]);
  const { trace } = await reduceTrace(bundle);
  expect(trace.codex_turns[TURN]?.execution.status).toBe('cancelled');
});

test('recording stops with one warning, what comes then is counted, and a fact that throws hinders nobody', () => {
  const stopped = recorder({ bundleBytes: 1_000 });
  for (const fact of refreshedConversation()) stopped.recorder.observe(fact);
  expect(stopped.warnings).toEqual([
    `The trace of thread ${ROOT_THREAD} ends early: 1000 bytes were written.`,
  ]);
  expect(stopped.recorder.lost()).toBeGreaterThan(10);
  const faulty = recorder();
  faulty.recorder.observe(threadStarted());
  faulty.recorder.observe({
    type: 'item_recorded',
    atMs: 1,
    threadId: ROOT_THREAD,
    item: () => {
      throw new Error('gone');
    },
  });
  expect(faulty.warnings).toEqual(['A trace misses something: gone']);
  const late = recorder();
  for (const fact of [threadStarted(), threadEnded(), turnStarted()]) late.recorder.observe(fact);
  expect(late.recorder.lost()).toBe(1);
  rmSync(late.root, { recursive: true });
});

test('of an account and of tokens nothing is in a bundle', () => {
  const { bundle } = record([
    threadStarted({ account: { id: 'acc-1', userId: 'user-1', email: 'a@b.example' } }),
  ]);
  const text = readFileSync(join(bundle, 'payloads/1.json'), 'utf8');
  expect(text).not.toMatch(/acc-1|user-1|a@b/);
});
