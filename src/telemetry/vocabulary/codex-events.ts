/**
 * How a field travels: `text` is free text, which passes the redactor first; what is counted in strings by the reference
 * stays a string (spec/observability.md 4.3, trap 13).
 */
export type FieldType = 'string' | 'text' | 'int' | 'double' | 'bool';
export type FieldTypes = Readonly<Record<string, FieldType>>;

export interface EventShape {
  /** In both sinks. */
  readonly fields: FieldTypes;
  /** In log records alone, which may hold content and names; absent: the event is no log record. */
  readonly log?: FieldTypes;
  /** In events of spans alone, which hold lengths and counts; absent: the event is no event of a span. */
  readonly trace?: FieldTypes;
}

const AUTH_ENVIRONMENT = {
  'auth.env_openai_api_key_present': 'bool',
  'auth.env_codex_api_key_present': 'bool',
  'auth.env_codex_api_key_enabled': 'bool',
  'auth.env_provider_key_name': 'string',
  'auth.env_provider_key_present': 'bool',
  'auth.env_refresh_token_url_override_present': 'bool',
} as const satisfies FieldTypes;

/** Of an error answer. Servers choose them, so they are redacted as text. */
const ANSWER_IDS = {
  'auth.request_id': 'text',
  'auth.cf_ray': 'text',
  'auth.error': 'text',
  'auth.error_code': 'text',
} as const satisfies FieldTypes;

const ATTEMPT = {
  duration_ms: 'string',
  'http.response.status_code': 'int',
  'error.message': 'text',
  'auth.header_attached': 'bool',
  'auth.header_name': 'string',
  'auth.retry_after_unauthorized': 'bool',
  'auth.recovery_mode': 'string',
  'auth.recovery_phase': 'string',
  endpoint: 'string',
  ...AUTH_ENVIRONMENT,
  ...ANSWER_IDS,
} as const satisfies FieldTypes;

const TOOL_CALL = { tool_name: 'string', tool_namespace: 'text', call_id: 'text' } as const;

/** In every event. */
export const COMMON_FIELDS = {
  'event.name': 'string',
  'event.timestamp': 'string',
  'conversation.id': 'string',
  'app.version': 'string',
  auth_mode: 'string',
  originator: 'string',
  'terminal.type': 'string',
  model: 'string',
  slug: 'string',
} as const satisfies FieldTypes;

/** In every log record, and nowhere else. */
export const PERSONAL_FIELDS = {
  'user.account_id': 'string',
  'user.email': 'string',
} as const satisfies FieldTypes;

/**
 * The events of spec/observability.md 4.4 that the core can tell, with their fields, types and sinks. This table is what
 * runs: a field that is not in it goes nowhere.
 */
export const EVENTS = {
  'codex.conversation_starts': {
    fields: {
      provider_name: 'text',
      ...AUTH_ENVIRONMENT,
      reasoning_effort: 'string',
      reasoning_summary: 'string',
      context_window: 'int',
      auto_compact_token_limit: 'int',
      approval_policy: 'string',
      sandbox_policy: 'string',
    },
    log: { mcp_servers: 'text' },
    trace: { mcp_server_count: 'int' },
  },
  'codex.api_request': {
    // `success` and `auth.mode` are of `/models` alone (spec/transport.md 5.2).
    fields: { ...ATTEMPT, attempt: 'int', success: 'string', 'auth.mode': 'string' },
    log: {},
    trace: {},
  },
  'codex.websocket_connect': {
    fields: { ...ATTEMPT, success: 'string', 'auth.connection_reused': 'bool' },
    log: {},
    trace: {},
  },
  'codex.websocket_request': {
    fields: {
      duration_ms: 'string',
      success: 'string',
      'error.message': 'text',
      ...AUTH_ENVIRONMENT,
      'auth.connection_reused': 'bool',
    },
    log: {},
    trace: {},
  },
  /** `event.count` is ours: deltas of one kind are one record. */
  'codex.sse_event': {
    fields: { 'event.kind': 'string', duration_ms: 'string' },
    log: { 'event.count': 'int' },
  },
  'codex.sse_event failed': {
    fields: { 'event.kind': 'string', duration_ms: 'string', 'error.message': 'text' },
    log: {},
    trace: {},
  },
  'codex.sse_event completed': {
    fields: {
      'event.kind': 'string',
      input_token_count: 'string',
      output_token_count: 'string',
      cached_token_count: 'int',
      reasoning_token_count: 'int',
      tool_token_count: 'string',
      ttft_ms: 'string',
    },
    log: {},
    trace: {},
  },
  'codex.user_prompt': {
    fields: { prompt_length: 'string' },
    log: { prompt: 'text' },
    trace: { text_input_count: 'int', image_input_count: 'int', local_image_input_count: 'int' },
  },
  'codex.tool_decision': {
    fields: { ...TOOL_CALL, decision: 'string', source: 'string' },
    log: {},
  },
  'codex.tool_result': {
    fields: {
      ...TOOL_CALL,
      tool_result_seq: 'int',
      duration_ms: 'string',
      success: 'string',
      output_truncated: 'bool',
    },
    log: {
      agent_name: 'string',
      arguments: 'text',
      output: 'text',
      mcp_server: 'text',
      mcp_server_origin: 'string',
    },
    trace: {
      arguments_length: 'int',
      output_length: 'int',
      output_line_count: 'int',
      tool_origin: 'string',
      mcp_tool: 'bool',
    },
  },
  'codex.sandbox_outcome': {
    fields: {
      tool_name: 'string',
      call_id: 'text',
      outcome: 'string',
      initial_duration_ms: 'string',
      escalated_duration_ms: 'string',
    },
    log: {},
    trace: {},
  },
  'codex.auth_recovery': {
    fields: {
      'auth.mode': 'string',
      'auth.step': 'string',
      'auth.outcome': 'string',
      ...ANSWER_IDS,
      'auth.recovery_reason': 'string',
      'auth.state_changed': 'bool',
    },
    log: {},
    trace: {},
  },
  'codex.startup_phase': {
    fields: { 'startup.phase': 'string', 'startup.status': 'string', duration_ms: 'string' },
    log: {},
    trace: {},
  },
  'codex.turn_ttft': { fields: { duration_ms: 'string' }, log: {}, trace: {} },
  'codex.turn_profile': {
    fields: {},
    trace: {
      turn_id: 'string',
      sampling_request_count: 'int',
      sampling_retry_count: 'int',
      critical_path_status: 'string',
    },
  },
  /** A word of ours: codex has none for it. */
  websocket_fallback: { fields: {}, trace: {} },
  'codex.tool_call_received': {
    fields: {},
    trace: { ...TOOL_CALL, turn_id: 'string', tool_source: 'string' },
  },
  'codex.tool_result_ready': {
    fields: {},
    trace: { ...TOOL_CALL, turn_id: 'string', tool_source: 'string', dispatch_to_result_ready_ms: 'double' },
  },
} as const satisfies Readonly<Record<string, EventShape>>;

export type EventKey = keyof typeof EVENTS;

type Fields<Shape> = Shape extends { readonly fields: infer Both }
  ?
      | keyof Both
      | (Shape extends { readonly log: infer Log } ? keyof Log : never)
      | (Shape extends { readonly trace: infer Trace } ? keyof Trace : never)
  : never;

/** What is not known is left out of the event. A function is called only where its value goes somewhere. */
export type EventValues<Key extends EventKey> = Readonly<
  Partial<Record<Fields<(typeof EVENTS)[Key]>, FieldValue | (() => FieldValue)>>
>;
export type FieldValue = string | number | boolean | undefined;

/** `codex.sse_event failed` is a `codex.sse_event`. */
export const eventName = (key: EventKey): string => key.split(' ')[0] ?? key;
