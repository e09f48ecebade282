import { expect, test } from 'vitest';
import { wholeTurn } from '../../../fixtures/agent-facts.ts';
import { toldFacts } from '../../../fixtures/otel-observer.ts';
import type { ToldFacts } from '../../../fixtures/otel-observer.ts';
import { ABSENT } from './absent.ts';
import { EVENTS } from './codex-events.ts';

const COMMON = {
  'conversation.id': 'thread-1',
  'app.version': '0.1.0',
  auth_mode: 'Chatgpt',
  originator: 'stethos_exec',
  'terminal.type': 'xterm-256color',
  model: 'gpt-5',
  slug: 'gpt-5',
};
const PERSONAL = { 'user.account_id': 'account-1', 'user.email': 'someone@example.com' };
const ENVIRONMENT = {
  'auth.env_openai_api_key_present': false,
  'auth.env_codex_api_key_present': false,
  'auth.env_codex_api_key_enabled': true,
  'auth.env_provider_key_name': 'configured',
  'auth.env_provider_key_present': true,
  'auth.env_refresh_token_url_override_present': false,
};
const IDS = {
  'auth.request_id': 'req_1',
  'auth.cf_ray': 'ray-1',
  'auth.error': 'token_expired',
  'auth.error_code': 'expired',
};
const ATTEMPT = {
  'auth.header_attached': true,
  'auth.header_name': 'authorization',
  endpoint: '/responses',
  ...ENVIRONMENT,
};
const CALL = { tool_name: 'exec_command', tool_namespace: 'functions', call_id: 'call-1' };

type Fields = Readonly<Record<string, unknown>>;
/** What is told twice tells which of them is meant. */
interface Row {
  readonly event: string;
  readonly index?: number;
  readonly both: Fields;
  /** Absent: no log record. */
  readonly log?: Fields;
  /** Absent: no event of a span. */
  readonly trace?: Fields;
}

/** spec/observability.md 4.4 and spec/transport.md 5.2, with the types of 4.3: each field of each event, and nothing more. */
const ROWS: readonly Row[] = [
  {
    event: 'codex.conversation_starts',
    both: {
      provider_name: 'OpenAI',
      ...ENVIRONMENT,
      reasoning_effort: 'high',
      reasoning_summary: 'auto',
      context_window: 272_000,
      auto_compact_token_limit: 244_800,
      approval_policy: 'never',
      sandbox_policy: 'read-only',
    },
    log: { mcp_servers: 'files, search' },
    trace: { mcp_server_count: 2 },
  },
  ...[
    { 'startup.phase': 'thread_start_create_thread', 'startup.status': 'ready', duration_ms: '62' },
    { 'startup.phase': 'startup_prewarm_build_tools', duration_ms: '5' },
    { 'startup.phase': 'startup_prewarm_websocket_warmup', duration_ms: '30' },
    { 'startup.phase': 'startup_prewarm_total', 'startup.status': 'ready', duration_ms: '35' },
    { 'startup.phase': 'startup_prewarm_resolve', 'startup.status': 'ready', duration_ms: '4' },
  ].map((both, index) => ({ event: 'codex.startup_phase', index, both, log: {}, trace: {} })),
  {
    event: 'codex.user_prompt',
    both: { prompt_length: '11' },
    log: { prompt: '[REDACTED]' },
    trace: { text_input_count: 1, image_input_count: 0, local_image_input_count: 0 },
  },
  {
    event: 'codex.api_request',
    both: {
      duration_ms: '28',
      'http.response.status_code': 401,
      'error.message': 'http 401',
      attempt: 0,
      'auth.retry_after_unauthorized': false,
      ...ATTEMPT,
      ...IDS,
    },
    log: {},
    trace: {},
  },
  {
    event: 'codex.auth_recovery',
    both: {
      'auth.mode': 'managed',
      'auth.step': 'reload',
      'auth.outcome': 'recovery_succeeded',
      'auth.state_changed': true,
      ...IDS,
    },
    log: {},
    trace: {},
  },
  {
    event: 'codex.api_request',
    index: 1,
    both: {
      duration_ms: '28',
      'http.response.status_code': 200,
      attempt: 0,
      'auth.retry_after_unauthorized': true,
      'auth.recovery_mode': 'managed',
      'auth.recovery_phase': 'reload',
      ...ATTEMPT,
    },
    log: {},
    trace: {},
  },
  { event: 'codex.sse_event', both: { 'event.kind': 'response.created', duration_ms: '1' }, log: {} },
  { event: 'codex.turn_ttft', both: { duration_ms: '94' }, log: {}, trace: {} },
  {
    event: 'codex.sse_event',
    index: 1,
    both: { 'event.kind': 'response.output_text.delta', duration_ms: '50' },
    log: { 'event.count': 100 },
  },
  {
    event: 'codex.sse_event failed',
    both: {
      'event.kind': 'response.failed',
      duration_ms: '2',
      'error.message': 'server_error: overloaded',
    },
    log: {},
    trace: {},
  },
  {
    event: 'codex.sse_event completed',
    both: {
      'event.kind': 'response.completed',
      input_token_count: '10',
      output_token_count: '5',
      cached_token_count: 3,
      reasoning_token_count: 2,
      tool_token_count: '15',
      ttft_ms: '94',
    },
    log: {},
    trace: {},
  },
  {
    event: 'codex.tool_call_received',
    both: { ...CALL, turn_id: 'turn-1', tool_source: 'direct' },
    trace: {},
  },
  { event: 'codex.tool_decision', both: { ...CALL, decision: 'approved', source: 'Config' }, log: {} },
  {
    event: 'codex.sandbox_outcome',
    both: {
      tool_name: 'exec_command',
      call_id: 'call-1',
      outcome: 'escalated',
      initial_duration_ms: '12',
      escalated_duration_ms: '50',
    },
    log: {},
    trace: {},
  },
  {
    event: 'codex.tool_result_ready',
    both: { ...CALL, turn_id: 'turn-1', tool_source: 'direct', dispatch_to_result_ready_ms: 50 },
    trace: {},
  },
  {
    event: 'codex.tool_result',
    both: { ...CALL, tool_result_seq: 1, duration_ms: '70', success: 'true', output_truncated: false },
    log: {
      agent_name: '/root',
      arguments: '{"cmd":"echo hi"}',
      output: 'Output:\nhi\n',
      mcp_server: '',
      mcp_server_origin: '',
    },
    trace: {
      arguments_length: 17,
      output_length: 11,
      output_line_count: 2,
      tool_origin: 'builtin',
      mcp_tool: false,
    },
  },
  {
    event: 'codex.websocket_connect',
    both: {
      duration_ms: '15',
      'http.response.status_code': 200,
      success: 'true',
      'auth.retry_after_unauthorized': false,
      'auth.connection_reused': false,
      ...ATTEMPT,
    },
    log: {},
    trace: {},
  },
  {
    event: 'codex.websocket_request',
    both: { duration_ms: '3', success: 'true', 'auth.connection_reused': true, ...ENVIRONMENT },
    log: {},
    trace: {},
  },
  { event: 'websocket_fallback', both: {}, trace: {} },
  {
    event: 'codex.turn_profile',
    both: {
      turn_id: 'turn-1',
      sampling_request_count: 2,
      sampling_retry_count: 1,
      critical_path_status: 'disabled',
    },
    trace: {},
  },
];

/** Variants of one name are told apart by what only they have. */
const isOf = (key: string) => (fields: Fields) => {
  if (fields['event.name'] !== key.split(' ')[0]) return false;
  if (key.endsWith(' completed')) return 'input_token_count' in fields;
  if (key.endsWith(' failed')) return 'error.message' in fields;
  return key !== 'codex.sse_event' || !('input_token_count' in fields || 'error.message' in fields);
};

const logged = ({ records }: ToldFacts): Fields[] => records.map((record) => record.attributes);
const traced = ({ spans }: ToldFacts): Fields[] =>
  spans()
    .flatMap((span) => span.events)
    .toSorted((a, b) => a.time[0] - b.time[0] || a.time[1] - b.time[1])
    .map((event) => ({ ...event.attributes }));

/** The time is told by both in the same form. */
const timed = (fields: Fields, name: string): Fields => ({
  'event.name': name,
  'event.timestamp': expect.stringMatching(/^2026-11-20T00:00:0\d\.\d{3}Z$/),
  ...COMMON,
  ...fields,
});

test.for(ROWS)('$event ($index)', async ({ event, index = 0, both, log, trace }) => {
  const told = await toldFacts(wholeTurn());
  const name = event.split(' ')[0] ?? event;
  const records = logged(told).filter(isOf(event));
  const events = traced(told).filter(isOf(event));
  expect(records[index]).toEqual(log && timed({ ...both, ...log, ...PERSONAL }, name));
  expect(events[index]).toEqual(trace && timed({ ...both, ...trace }, name));
});

test('every event of the table that runs has a row here, and nothing is both told and absent', () => {
  const rows = new Set(ROWS.map((row) => row.event));
  expect(Object.keys(EVENTS).filter((key) => !rows.has(key))).toEqual([]);
  const absent = new Set(Object.values(ABSENT).flat());
  expect(Object.keys(EVENTS).filter((key) => absent.has(key))).toEqual([]);
});

test('a log record has no body, the level INFO, and the span that it belongs to', async () => {
  const { records, span } = await toldFacts(wholeTurn());
  const request = records.find((record) => record.eventName === 'codex.api_request');
  expect(request?.severity).toBe('INFO');
  expect(request?.span).toMatchObject({ spanId: span('chat gpt-5').spanContext().spanId });
});

test('a prompt is logged only where that is asked for', async () => {
  const { records } = await toldFacts(wholeTurn(), { settings: { logUserPrompt: true } });
  const prompt = records.find((record) => record.eventName === 'codex.user_prompt');
  expect(prompt?.attributes.prompt).toBe('hello there');
});
