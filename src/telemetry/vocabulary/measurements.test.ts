import { expect, test } from 'vitest';
import { threadStarted, wholeTurn } from '../../../fixtures/agent-facts.ts';
import { memoryPipeline } from '../../../fixtures/otel-memory.ts';
import { toldFacts } from '../../../fixtures/otel-observer.ts';
import { ABSENT } from './absent.ts';
import { METRICS } from './codex-metrics.ts';
import { GENAI_METRICS, GENAI_REVISION, RENAMED } from './genai-names.ts';
import { createMeasurements, isMetricName } from './measurements.ts';

const SESSION = {
  auth_mode: 'Chatgpt',
  session_source: 'exec',
  originator: 'stethos_exec',
  model: 'gpt-5',
  'app.version': '0.1.0',
};
const MODEL = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'openai',
  'gen_ai.request.model': 'gpt-5',
  'gen_ai.response.model': 'gpt-5-2025',
  'server.address': 'api.openai.com',
  'server.port': 443,
};

type Row = readonly [name: string, tags: Readonly<Record<string, unknown>>, value: unknown];
const STARTUP = 'codex.startup.phase.duration_ms';
const PROGRAM = { originator: 'stethos_exec' };
const WRITTEN = { ...PROGRAM, status: 'success', error: 'none' };
const OPENED = { ...WRITTEN, db: 'state', phase: 'open_state' };
const once = (sum: number): unknown => ({ sum, count: 1 });

/** spec/observability.md 4.5: what the whole turn of the fixture leaves, name by name. */
const ROWS: readonly Row[] = [
  ['codex.process.start', { originator: 'stethos_exec' }, 1],
  ['codex.thread.started', { ...SESSION, is_git: 'true', is_worktree: 'false' }, 1],
  ['codex.conversation.turn.count', SESSION, 1],
  ['codex.turn.e2e_duration_ms', SESSION, once(900)],
  ['codex.turn.ttft.duration_ms', SESSION, once(94)],
  ['codex.turn.ttfm.duration_ms', SESSION, once(120)],
  ['codex.turn.tool.call', SESSION, once(2)],
  ['codex.turn.token_usage', { ...SESSION, token_type: 'total' }, once(15)],
  ['codex.turn.token_usage', { ...SESSION, token_type: 'input' }, once(10)],
  ['codex.turn.token_usage', { ...SESSION, token_type: 'cached_input' }, once(3)],
  ['codex.turn.token_usage', { ...SESSION, token_type: 'output' }, once(5)],
  ['codex.turn.token_usage', { ...SESSION, token_type: 'reasoning_output' }, once(2)],
  ['codex.tool.call', { ...SESSION, tool: 'exec_command', success: 'true' }, 1],
  ['codex.tool.call', { ...SESSION, tool: 'mcp__files__read', success: 'false' }, 1],
  ['codex.tool.call.duration_ms', { ...SESSION, tool: 'exec_command', success: 'true' }, once(70)],
  ['codex.tool.unified_exec', { ...SESSION, tty: 'false' }, 1],
  ['codex.api_request', { ...SESSION, status: '401', success: 'false' }, 1],
  ['codex.api_request', { ...SESSION, status: '200', success: 'true' }, 1],
  ['codex.api_request.duration_ms', { ...SESSION, status: '200', success: 'true' }, once(28)],
  ['codex.sse_event', { ...SESSION, kind: 'response.output_text.delta', success: 'true' }, 100],
  ['codex.sse_event', { ...SESSION, kind: 'response.failed', success: 'false' }, 1],
  ['codex.sse_event.duration_ms', { ...SESSION, kind: 'response.created', success: 'true' }, once(1)],
  ['codex.websocket.connect', { ...SESSION, status: '200', success: 'true' }, 1],
  ['codex.websocket.connect.duration_ms', { ...SESSION, status: '200', success: 'true' }, once(15)],
  ['codex.websocket.request', { ...SESSION, success: 'true' }, 1],
  ['codex.websocket.request.duration_ms', { ...SESSION, success: 'true' }, once(3)],
  ['codex.websocket.event', { ...SESSION, kind: 'responsesapi.websocket_timing', success: 'true' }, 1],
  [
    'codex.websocket.event.duration_ms',
    { ...SESSION, kind: 'responsesapi.websocket_timing', success: 'true' },
    once(1),
  ],
  ['codex.responses_api_overhead.duration_ms', SESSION, once(11)],
  ['codex.responses_api_inference_time.duration_ms', SESSION, once(82)],
  ['codex.responses_api_engine_iapi_ttft.duration_ms', SESSION, once(12)],
  ['codex.responses_api_engine_service_ttft.duration_ms', SESSION, once(13)],
  ['codex.responses_api_engine_iapi_tbt.duration_ms', SESSION, once(14)],
  ['codex.responses_api_engine_service_tbt.duration_ms', SESSION, once(15)],
  [STARTUP, { ...SESSION, phase: 'thread_start_create_thread', status: 'ready' }, once(62)],
  [STARTUP, { ...SESSION, phase: 'startup_prewarm_build_tools' }, once(5)],
  [STARTUP, { ...SESSION, phase: 'startup_prewarm_websocket_warmup' }, once(30)],
  [STARTUP, { ...SESSION, phase: 'startup_prewarm_total', status: 'ready' }, once(35)],
  [STARTUP, { ...SESSION, phase: 'startup_prewarm_resolve', status: 'ready' }, once(4)],
  ['codex.startup_prewarm.duration_ms', { ...SESSION, status: 'ready' }, once(35)],
  ['codex.startup_prewarm.age_at_first_turn_ms', { ...SESSION, status: 'consumed' }, once(230)],
  ['codex.rollout.size_bytes', {}, once(5000)],
  ['codex.sqlite.init.count', OPENED, 1],
  ['codex.sqlite.init.duration_ms', OPENED, once(15)],
  ['codex.sqlite.init.duration_ms', { ...OPENED, phase: 'migrate_state' }, once(27)],
  [
    'codex.sqlite.init.count',
    { ...PROGRAM, db: 'logs', phase: 'open_logs', status: 'failed', error: 'corrupt' },
    1,
  ],
  ['codex.sqlite.corruption.count', { ...PROGRAM, db: 'logs' }, 1],
  ['codex.sqlite.logs.write.count', WRITTEN, 1],
  ['codex.sqlite.logs.write.duration_ms', WRITTEN, once(7)],
  ['codex.sqlite.logs.write.bytes', WRITTEN, once(60_465)],
  ['codex.sqlite.logs.write.entries', WRITTEN, once(104)],
  ['codex.sqlite.logs.write.max_entry_bytes', WRITTEN, once(10_443)],
  ['codex.sqlite.logs.queue.dropped', PROGRAM, 3],
  ['gen_ai.client.inference.duration', MODEL, once(0.3)],
  ['gen_ai.client.inference.time_to_first_chunk', MODEL, once(0.02)],
  ['gen_ai.client.inference.usage.input_tokens', { ...MODEL, 'gen_ai.token.modality': 'unknown' }, 10],
  ['gen_ai.client.inference.usage.output_tokens', { ...MODEL, 'gen_ai.token.modality': 'unknown' }, 5],
  [
    'gen_ai.client.inference.usage.cache_read.input_tokens',
    { ...MODEL, 'gen_ai.token.modality': 'unknown' },
    3,
  ],
  [
    'gen_ai.client.inference.usage.reasoning.output_tokens',
    { ...MODEL, 'gen_ai.token.modality': 'unknown' },
    2,
  ],
  ['gen_ai.invoke_agent.duration', { 'gen_ai.agent.name': 'stethos_exec' }, once(0.9)],
  ['gen_ai.invoke_agent.inference_calls', { 'gen_ai.agent.name': 'stethos_exec' }, once(2)],
  ['gen_ai.invoke_agent.tool_calls', { 'gen_ai.agent.name': 'stethos_exec' }, once(2)],
  [
    'gen_ai.execute_tool.duration',
    {
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'exec_command',
      'gen_ai.tool.type': 'function',
      'gen_ai.agent.name': 'stethos_exec',
    },
    once(0.07),
  ],
  [
    'mcp.client.operation.duration',
    {
      'mcp.method.name': 'tools/call',
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'read',
      'mcp.protocol.version': '2025-11-25',
      'network.transport': 'tcp',
      'network.protocol.name': 'http',
      'server.address': 'mcp.example',
      'server.port': 443,
      'error.type': 'tool_error',
    },
    once(0.04),
  ],
];

test.for(ROWS)('%s %o', async ([name, attributes, value]) => {
  const { samples, warnings } = await toldFacts(wholeTurn());
  const found = (await samples()).filter((sample) => sample.name === name);
  expect(found).toContainEqual(expect.objectContaining({ attributes, value }));
  expect(warnings).toEqual([]);
});

test('every metric of the tables is one of the rows; none is told and absent', () => {
  const rows = new Set(ROWS.map(([name]) => name));
  const names = [...Object.keys(METRICS), ...Object.keys(GENAI_METRICS)];
  expect(names.filter((name) => !rows.has(name))).toEqual([]);
  const absent = new Set(Object.values(ABSENT).flat());
  expect(names.filter((name) => absent.has(name))).toEqual([]);
  expect(names.filter((name) => !isMetricName(name))).toEqual([]);
});

test('durations are whole milliseconds in the buckets of codex; those of the conventions are seconds', async () => {
  const { samples } = await toldFacts(wholeTurn());
  const all = await samples();
  const duration = all.find((sample) => sample.name === 'codex.turn.e2e_duration_ms');
  expect(duration).toMatchObject({ unit: 'ms', description: 'Duration in milliseconds.' });
  expect(duration?.bounds?.at(-1)).toBe(120_000);
  const seconds = all.find((sample) => sample.name === 'gen_ai.client.inference.duration');
  expect(seconds).toMatchObject({ unit: 's' });
  expect(seconds?.bounds?.at(-1)).toBe(81.92);
});

const tags = { kind: 'response.created' };

test.for([
  ['a negative increment', { value: -1, tags }],
  ['no number', { value: Number.NaN, tags }],
  ['a tag with a blank', { value: 1, tags: { kind: 'two words' } }],
  ['a tag without a value', { value: 1, tags: { kind: '' } }],
  ['a tag with a name that metrics cannot have', { value: 1, tags: { 'a b': 'x' } }],
] as const)('%s is dropped with one warning', async ([, sample]) => {
  const { pipeline, samples } = memoryPipeline();
  const warnings: string[] = [];
  const measurements = createMeasurements({
    api: await import('@opentelemetry/api'),
    meter: pipeline.meter,
    warn: (message) => void warnings.push(message),
  });
  measurements.count('codex.sse_event', sample.tags, sample.value);
  expect(warnings).toEqual([expect.stringMatching(/^A sample of codex\.sse_event is dropped: /)]);
  expect((await samples()).filter((one) => one.name === 'codex.sse_event')).toEqual([]);
});

test.for([
  ['negative', -1],
  ['no number', Number.NaN],
] as const)('a timing of the provider that is %s is left out', async ([, value]) => {
  const timing = {
    engine_service_total_ms: value,
    responses_duration_excl_engine_and_client_tool_time_ms: 3,
  };
  const { samples, warnings } = await toldFacts([
    threadStarted(),
    {
      type: 'stream_event',
      threadId: threadStarted().threadId,
      facts: { transport: 'websocket', kind: 'responsesapi.websocket_timing', durationMs: 1, timing },
    },
  ]);
  const names = (await samples()).map(({ name }) => name).filter((name) => name.includes('responses_api'));
  expect(names).toEqual(['codex.responses_api_overhead.duration_ms']);
  expect(warnings).toEqual([]);
});

test('a warm-up in vain says what came of it', async () => {
  const { threadId } = threadStarted();
  const { samples, span } = await toldFacts([
    threadStarted(),
    { type: 'warmed_up', threadId, status: 'timed_out', durationMs: 50, toolsMs: 20 },
    { type: 'warm_up_consumed', threadId, status: 'timed_out', ageMs: 30, waitedMs: 20 },
  ]);
  const of = async (name: string): Promise<unknown> =>
    (await samples()).find((sample) => sample.name === name)?.attributes['status'];
  expect(await of('codex.startup_prewarm.age_at_first_turn_ms')).toBe('timed_out');
  expect(span('startup_prewarm').attributes['error.type']).toBe('timed_out');
});

test('a model whose name metrics cannot spell does not cost the metrics of the session', async () => {
  const { samples, warnings } = await toldFacts([threadStarted({ model: 'qwen2.5:7b' })]);
  const started = (await samples()).find((sample) => sample.name === 'codex.thread.started');
  expect(started?.attributes.model).toBe('qwen2.5_7b');
  expect(warnings).toEqual([]);
});

test('a program that nobody knows is counted as other', async () => {
  const program = { version: '1', originator: 'my agent', terminalType: 'unknown' };
  const { samples } = await toldFacts([], { program });
  expect(await samples()).toMatchObject([
    { name: 'codex.process.start', attributes: { originator: 'other' } },
  ]);
});

test('names of the conventions are those of the pinned revision; none is one that was renamed', () => {
  expect(GENAI_REVISION.revision).toMatch(/^[0-9a-f]{40}$/);
  const spoken = new Set<string>(Object.keys(GENAI_METRICS));
  expect(RENAMED.filter(([then]) => spoken.has(then))).toEqual([]);
});
