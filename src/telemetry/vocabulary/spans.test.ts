import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { expect, test } from 'vitest';
import {
  attempt,
  inferenceEnded,
  inferenceFailed,
  inferenceStarted,
  START_MS,
  THREAD,
  threadStarted,
  TURN,
  turnStarted,
  wholeTurn,
} from '../../../fixtures/agent-facts.ts';
import { toldFacts } from '../../../fixtures/otel-observer.ts';
import type { ToldFacts } from '../../../fixtures/otel-observer.ts';

/** Spans as a tree of names, each level in the order of their starts. */
function tree({ spans }: ToldFacts): string {
  const all = spans();
  const known = new Set(all.map((span) => span.spanContext().spanId));
  const lines: string[] = [];
  const write = (parent: string | undefined, depth: number): void => {
    const children = all
      .filter((span) => {
        const id = span.parentSpanContext?.spanId;
        return parent === undefined ? id === undefined || !known.has(id) : id === parent;
      })
      .toSorted((a, b) => a.startTime[0] - b.startTime[0] || a.startTime[1] - b.startTime[1]);
    for (const span of children) {
      lines.push(`${'  '.repeat(depth)}${span.name}`);
      write(span.spanContext().spanId, depth + 1);
    }
  };
  const ROOTS = undefined;
  write(ROOTS, 0);
  return lines.join('\n');
}

test('a turn is a tree of operations; the session loop roots a trace of its own, which only the shutdown joins (trap 14)', async () => {
  const told = await toldFacts(wholeTurn());
  expect(tree(told)).toMatchInlineSnapshot(`
    "codex.exec
      thread_spawn
        session_init
          session_init.state_db
          session_init.thread_persistence
          session_init.mcp_manager_init
          session_init.required_mcp_wait
      startup_prewarm
      op.dispatch.user_input
        session_task.turn
          run_turn
            invoke_agent stethos_exec
              run_sampling_request
                try_run_sampling_request
                  model_client.stream_responses_api
                    chat gpt-5
                      responses.stream_request
                try_run_sampling_request
                  model_client.stream_responses_api
                    chat gpt-5
                      responses.stream_request
                  receiving_stream
              exec_command
                execute_tool exec_command
              mcp__files__read
                execute_tool mcp__files__read
                  mcp.tools.call
              responses_websocket.connect
              responses_websocket.stream_request
    session_loop
      op.dispatch.shutdown"
  `);
  const { span } = told;
  const traceOf = (name: string): string => span(name).spanContext().traceId;
  expect(traceOf('op.dispatch.shutdown')).toBe(traceOf('session_loop'));
  expect(traceOf('op.dispatch.user_input')).toBe(traceOf('codex.exec'));
  expect(traceOf('session_loop')).not.toBe(traceOf('codex.exec'));
});

test('the spans of codex carry its attributes', async () => {
  const { span } = await toldFacts(wholeTurn());
  expect(span('op.dispatch.user_input').attributes).toEqual({
    'submission.id': TURN,
    'codex.op': 'user_input',
  });
  expect(span('session_task.turn').attributes).toMatchObject({
    'thread.id': THREAD,
    'turn.id': TURN,
    model: 'gpt-5',
    'codex.turn.reasoning_effort': 'high',
    'codex.turn.token_usage.input_tokens': 10,
    'codex.turn.token_usage.cached_input_tokens': 3,
    'codex.turn.token_usage.non_cached_input_tokens': 7,
    'codex.turn.token_usage.output_tokens': 5,
    'codex.turn.token_usage.reasoning_output_tokens': 2,
    'codex.turn.token_usage.total_tokens': 15,
  });
  expect(span('run_sampling_request').attributes).toMatchObject({
    turn_id: TURN,
    model: 'gpt-5',
    cwd: '~/project',
  });
  expect(span('model_client.stream_responses_api').attributes).toMatchObject({
    wire_api: 'responses',
    transport: 'responses_http',
    'http.method': 'POST',
    'api.path': '/responses',
    'turn.has_metadata_header': true,
  });
  expect(span('exec_command').attributes).toMatchObject({
    tool_name: 'exec_command',
    call_id: 'call-1',
    aborted: false,
    'turn.id': TURN,
  });
  expect(span('mcp.tools.call').attributes).toMatchObject({
    'rpc.system': 'jsonrpc',
    'rpc.method': 'tools/call',
    'mcp.server.name': 'files',
    'mcp.transport': 'streamable_http',
    'tool.name': 'read',
    'tool.call_id': 'call-2',
  });
  expect(span('mcp.tools.call').kind).toBe(SpanKind.CLIENT);
});

test('readers of the GenAI conventions find the agent, its calls of the model and its tools', async () => {
  const { span, spans } = await toldFacts(wholeTurn());
  expect(span('invoke_agent stethos_exec').attributes).toMatchObject({
    'gen_ai.operation.name': 'invoke_agent',
    'gen_ai.agent.name': 'stethos_exec',
    'gen_ai.conversation.id': THREAD,
    'gen_ai.usage.input_tokens': 10,
    'gen_ai.usage.output_tokens': 5,
  });
  const [first, second] = spans().filter((one) => one.name === 'chat gpt-5');
  expect(first?.attributes).toMatchObject({ 'error.type': '401', 'http.response.status_code': 401 });
  expect(first?.status.code).toBe(SpanStatusCode.ERROR);
  expect(second?.kind).toBe(SpanKind.CLIENT);
  expect(second?.attributes).toEqual({
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': 'gpt-5',
    'gen_ai.request.stream': true,
    'gen_ai.request.reasoning.level': 'high',
    'gen_ai.conversation.id': THREAD,
    'server.address': 'api.openai.com',
    'server.port': 443,
    'codex.inference.status': 'completed',
    'gen_ai.response.id': 'resp_1',
    'gen_ai.response.model': 'gpt-5-2025',
    'gen_ai.response.time_to_first_chunk': 0.02,
    'gen_ai.usage.input_tokens': 10,
    'gen_ai.usage.output_tokens': 5,
    'gen_ai.usage.cache_read.input_tokens': 3,
    'gen_ai.usage.reasoning.output_tokens': 2,
    'http.response.status_code': 200,
  });
  expect(span('execute_tool exec_command').attributes).toMatchObject({
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': 'exec_command',
    'gen_ai.tool.call.id': 'call-1',
    'gen_ai.tool.type': 'function',
    'process.exit.code': 0,
  });
});

test('the execution of an MCP tool carries what the MCP conventions say; they get no second span', async () => {
  const { span, spans } = await toldFacts(wholeTurn());
  expect(span('execute_tool mcp__files__read').attributes).toMatchObject({
    'mcp.method.name': 'tools/call',
    'mcp.session.id': 'session-1',
    'mcp.protocol.version': '2025-11-25',
    'network.transport': 'tcp',
    'network.protocol.name': 'http',
    'server.address': 'mcp.example',
    'server.port': 443,
    'error.type': 'tool_error',
  });
  expect(spans().filter((one) => 'mcp.method.name' in one.attributes)).toHaveLength(1);
});

test('the evidence of the first 401 stays apart from the attempt after it', async () => {
  const { span, spans } = await toldFacts(wholeTurn());
  const [first, second] = spans().filter((one) => one.name === 'responses.stream_request');
  expect(first?.attributes).toMatchObject({
    'error.type': '401',
    'http.response.status_code': 401,
    auth_request_id: 'req_1',
  });
  expect(second?.attributes).toMatchObject({
    auth_recovery_phase: 'reload',
    auth_recovery_followup_success: 'true',
  });
  expect(second?.attributes).not.toHaveProperty('auth_request_id');
  expect(span('session_task.turn').attributes).toMatchObject({
    auth_401_request_id: 'req_1',
    auth_401_cf_ray: 'ray-1',
    auth_401_error: 'token_expired',
    auth_401_error_code: 'expired',
    auth_recovery_outcome: 'recovery_succeeded',
  });
});

test('deltas are counts of one span, however many they are', async () => {
  const { spans } = await toldFacts(wholeTurn());
  const received = spans().filter((one) => one.name === 'receiving_stream');
  expect(received.at(-1)?.attributes).toMatchObject({
    'stream.delta_count': 100,
    'stream.event_count': 103,
    'stream.deltas.response.output_text.delta.count': 100,
    'stream.deltas.response.output_text.delta.duration_ms': 50,
    'codex.usage.total_tokens': 15,
  });
});

test('a prewarm is no call of the model to the conventions', async () => {
  const { turnId: _turn, ...before } = inferenceStarted('warm', {
    purpose: 'prewarm',
    transport: 'websocket',
  });
  const { spans, span } = await toldFacts([
    threadStarted(),
    before,
    inferenceEnded('warm'),
    { type: 'thread_ended', threadId: THREAD, status: 'completed' },
  ]);
  expect(spans().map((one) => one.name)).toEqual([
    'model_client.stream_responses_websocket',
    'codex.exec',
    'session_loop',
  ]);
  expect(span('model_client.stream_responses_websocket').attributes['websocket.warmup']).toBe(true);
});

test.for([
  ['a status', { httpStatus: 503, error: 'http 503' }, '503'],
  ['a class', { error: 'idle_timeout' }, 'idle_timeout'],
  ['words', { error: 'The peer said: something long' }, '_OTHER'],
] as const)('%s becomes error.type', async ([, how, expected]) => {
  const { span } = await toldFacts([
    threadStarted(),
    turnStarted(),
    inferenceStarted('one'),
    inferenceFailed('one', how),
  ]);
  expect(span('chat gpt-5').attributes['error.type']).toBe(expected);
});

test('what was given up is no error', async () => {
  const { httpStatus: _status, ...ended } = inferenceEnded('one', {
    status: 'cancelled',
    error: 'interrupted',
  });
  const { span } = await toldFacts([threadStarted(), turnStarted(), inferenceStarted('one'), ended]);
  expect(span('chat gpt-5').attributes).not.toHaveProperty('error.type');
  expect(span('chat gpt-5').attributes['codex.inference.status']).toBe('cancelled');
});

test('the end of a thread leaves no span open, and says which did not end by themselves', async () => {
  const facts = [threadStarted(), turnStarted(), inferenceStarted('one'), attempt('one')];
  const { spans, tell } = await toldFacts(facts);
  tell([{ type: 'thread_ended', threadId: THREAD, status: 'failed' }]);
  const unfinished = spans().filter((span) => span.attributes['stethos.unfinished'] === true);
  expect(unfinished.map((span) => span.name)).toEqual([
    'chat gpt-5',
    'model_client.stream_responses_api',
    'try_run_sampling_request',
    'invoke_agent stethos_exec',
    'run_turn',
    'session_task.turn',
  ]);
  expect(spans().map((span) => span.name)).toContain('session_loop');
});

test('giving up WebSockets is an event of the turn that met it', async () => {
  const { spans } = await toldFacts(wholeTurn());
  const at = spans().filter(({ events }) => events.some(({ name }) => name === 'websocket_fallback'));
  expect(at.map(({ name }) => name)).toEqual(['invoke_agent stethos_exec']);
});

test('a start stands below what asked for it, never below the loop; one that was refused says so', async () => {
  const began = { threadId: THREAD, beganAtMs: START_MS, initBeganAtMs: START_MS, durationMs: 1, steps: [] };
  const { span } = await toldFacts([
    threadStarted({ source: 'cli' }),
    { type: 'thread_spawned', status: 'failed', ...began },
    { type: 'thread_ended', threadId: THREAD, status: 'completed' },
  ]);
  expect(span('thread_spawn').parentSpanContext).toBeUndefined();
  expect(span('thread_spawn').attributes['error.type']).toBe('failed');
  expect(span('session_init').status.code).toBe(SpanStatusCode.ERROR);
});

test('a flush ends what is open, so that a program that stops in the middle says what it was at', async () => {
  const { observer, spans } = await toldFacts([threadStarted(), turnStarted()]);
  await observer.flush?.();
  expect(spans().map((span) => span.name)).toContain('session_task.turn');
});

test('no number of calls that never end grows for ever', async () => {
  const { spans, warnings } = await toldFacts([
    threadStarted(),
    turnStarted(),
    ...Array.from({ length: 1000 }, (_, index) => inferenceStarted(`endless-${index}`)),
  ]);
  expect(spans().length).toBeGreaterThan(900);
  expect(warnings).toHaveLength(1);
});
