import { z } from 'zod';
import { PAYLOAD_KINDS } from './payload.ts';

// Loaded by the reducer alone: who writes a trace has the types.

const id = z.string();
const maybe = z.string().nullish();
const payload = z.object({
  raw_payload_id: id,
  kind: z.object({ type: z.enum(PAYLOAD_KINDS) }),
  path: z.string(),
});
const maybePayload = payload.nullish();
const execution = z.enum(['running', 'completed', 'failed', 'cancelled', 'aborted']);
const cell = z.enum(['starting', 'running', 'yielded', 'completed', 'failed', 'terminated']);

const toolKind = z.discriminatedUnion('type', [
  z.object({
    type: z.enum([
      'exec_command',
      'write_stdin',
      'apply_patch',
      'web',
      'image_generation',
      'spawn_agent',
      'assign_agent_task',
      'send_message',
      'wait_agent',
      'close_agent',
    ]),
  }),
  z.object({ type: z.literal('mcp'), server: z.string(), tool: z.string() }),
  z.object({ type: z.literal('other'), name: z.string() }),
]);

const requester = z.discriminatedUnion('type', [
  z.object({ type: z.literal('model') }),
  z.object({ type: z.literal('code_cell'), runtime_cell_id: id }),
]);

const summary = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('generic'),
    label: z.string(),
    input_preview: z.string().nullable().default(null),
    output_preview: z.string().nullable().default(null),
  }),
  z.object({ type: z.literal('terminal'), operation_id: id }),
]);

const event = <Type extends string, Members extends z.ZodRawShape>(type: Type, members: Members) =>
  z.object({ type: z.literal(type), ...members });

const threads = [
  event('rollout_started', { trace_id: id, root_thread_id: id }),
  event('rollout_ended', { status: z.enum(['running', 'completed', 'failed', 'aborted']) }),
  event('recording_completed', {}),
  event('thread_started', { thread_id: id, agent_path: z.string(), metadata_payload: maybePayload }),
  event('thread_ended', { thread_id: id, status: execution }),
  event('thread_resumed', { thread_id: id }),
  event('codex_turn_started', { codex_turn_id: id, thread_id: id }),
  event('codex_turn_ended', { codex_turn_id: id, status: execution }),
  event('history_item_accepted', { item_id: id }),
  event('agent_result_observed', {
    edge_id: id,
    child_thread_id: id,
    child_codex_turn_id: id,
    parent_thread_id: id,
    message: z.string(),
    carried_payload: maybePayload,
  }),
  event('protocol_event_observed', { event_type: z.string(), event_payload: payload }),
  event('other', { kind: z.string() }),
] as const;

const asked = { thread_id: id, codex_turn_id: id, model: z.string(), provider_name: z.string() };

const inferences = [
  event('inference_started', { inference_call_id: id, ...asked, request_payload: payload }),
  event('inference_completed', {
    inference_call_id: id,
    response_id: maybe,
    upstream_request_id: maybe,
    response_payload: payload,
  }),
  event('inference_failed', {
    inference_call_id: id,
    upstream_request_id: maybe,
    error: z.string(),
    partial_response_payload: maybePayload,
  }),
  event('inference_cancelled', {
    inference_call_id: id,
    upstream_request_id: maybe,
    reason: z.string(),
    partial_response_payload: maybePayload,
  }),
  event('compaction_request_started', {
    compaction_id: id,
    compaction_request_id: id,
    ...asked,
    request_payload: payload,
  }),
  event('compaction_request_completed', {
    compaction_id: id,
    compaction_request_id: id,
    response_payload: payload,
  }),
  event('compaction_request_failed', { compaction_id: id, compaction_request_id: id, error: z.string() }),
  event('compaction_installed', { compaction_id: id, checkpoint_payload: payload }),
] as const;

const tools = [
  event('tool_call_started', {
    tool_call_id: id,
    model_visible_call_id: maybe,
    code_mode_runtime_tool_id: maybe,
    requester,
    kind: toolKind,
    summary,
    invocation_payload: maybePayload,
  }),
  event('mcp_tool_call_correlation_assigned', { tool_call_id: id, mcp_call_id: id }),
  event('stdin_target_resolved', { tool_call_id: id, exec_tool_call_id: id }),
  event('tool_call_runtime_started', { tool_call_id: id, kind: toolKind, runtime_payload: payload }),
  event('tool_call_runtime_ended', { tool_call_id: id, status: execution, runtime_payload: payload }),
  event('tool_call_ended', { tool_call_id: id, status: execution, result_payload: maybePayload }),
  event('code_cell_started', { runtime_cell_id: id, model_visible_call_id: id, source_js: z.string() }),
  event('code_cell_initial_response', { runtime_cell_id: id, status: cell, response_payload: maybePayload }),
  event('code_cell_ended', { runtime_cell_id: id, status: cell, response_payload: maybePayload }),
] as const;

/** Members that are not known are passed over, as codex does [V]; an unknown type is an error. */
export const rawEventSchema = z.object({
  schema_version: z.number(),
  seq: z.number(),
  wall_time_unix_ms: z.number(),
  rollout_id: id,
  thread_id: maybe,
  codex_turn_id: maybe,
  payload: z.discriminatedUnion('type', [...threads, ...inferences, ...tools]),
});

export const manifestSchema = z.object({
  schema_version: z.number(),
  trace_id: id,
  rollout_id: id,
  root_thread_id: id,
  started_at_unix_ms: z.number(),
  raw_event_log: z.string(),
  payloads_dir: z.string(),
});
