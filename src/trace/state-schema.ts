import { z } from 'zod';

// Loaded only where a file is shown that somebody else wrote.

const count = z.number();
/** A moment that a calendar has. */
const moment = z.number().min(-8.64e15).max(8.64e15);
const text = z.string();
const maybe = text.nullable();
const ids = z.array(text);
const tags = z.record(text, text).optional();
const execution = z.looseObject({
  started_at_unix_ms: moment,
  started_seq: count,
  ended_at_unix_ms: moment.nullable(),
  status: z.enum(['running', 'completed', 'failed', 'cancelled', 'aborted']),
});
const anchor = z.discriminatedUnion('type', [
  z.object({ type: z.literal('thread'), thread_id: text }),
  z.object({ type: z.literal('tool_call'), tool_call_id: text }),
  z.object({ type: z.literal('conversation_item'), item_id: text }),
]);
const known = z.discriminatedUnion('type', [
  z.looseObject({ type: z.enum(['text', 'summary']), text }),
  z.looseObject({ type: z.literal('code'), source: text }),
  z.looseObject({ type: z.literal('json'), summary: text }),
  z.looseObject({ type: z.literal('encoded'), label: text }),
  z.looseObject({ type: z.literal('payload_ref'), label: text, raw_payload_id: text }),
]);
const toolKind = z.union([
  z.looseObject({ type: z.literal('mcp'), server: text, tool: text }),
  z.looseObject({ type: z.literal('other'), name: text }),
  z.looseObject({ type: text.refine((type) => type !== 'mcp' && type !== 'other') }),
]);
const member = (shape: z.ZodRawShape): z.ZodType => z.record(text, z.looseObject(shape));

/** The members of `state.json` that the timeline and the page read. What else stands there is passed on as it is. */
export const stateSchema = z.looseObject({
  trace_id: text,
  rollout_id: text,
  root_thread_id: text,
  started_at_unix_ms: moment,
  ended_at_unix_ms: moment.nullable(),
  status: z.enum(['running', 'completed', 'failed', 'aborted']),
  recording_complete: z.boolean().default(false),
  threads: member({ thread_id: text, agent_path: text, nickname: maybe, default_model: maybe, execution }),
  codex_turns: member({
    codex_turn_id: text,
    thread_id: text,
    execution,
    input_item_ids: ids,
    auth_facts: tags,
  }),
  conversation_items: member({
    thread_id: text,
    kind: text,
    role: text,
    channel: maybe,
    accepted_at_unix_ms: moment.nullish(),
    body: z.looseObject({ parts: z.array(known) }),
  }),
  inference_calls: member({
    inference_call_id: text,
    thread_id: text,
    codex_turn_id: text,
    execution,
    model: text,
    provider_name: text,
    response_id: maybe,
    upstream_request_id: maybe,
    request_item_ids: ids,
    response_item_ids: ids,
    tool_call_ids_started_by_response: ids,
    raw_request_payload_id: text,
    raw_response_payload_id: maybe,
    usage: z
      .looseObject({
        input_tokens: count,
        cached_input_tokens: count,
        output_tokens: count,
        reasoning_output_tokens: count,
      })
      .nullable(),
    auth_facts: tags,
  }),
  tool_calls: member({
    tool_call_id: text,
    mcp_call_id: maybe,
    thread_id: text,
    started_by_codex_turn_id: maybe,
    execution,
    requester: z.discriminatedUnion('type', [
      z.looseObject({ type: z.literal('model') }),
      z.looseObject({ type: z.literal('code_cell'), code_cell_id: text }),
    ]),
    kind: toolKind,
    terminal_operation_id: maybe,
    model_visible_output_item_ids: ids,
    raw_invocation_payload_id: maybe,
    raw_result_payload_id: maybe,
    raw_runtime_payload_ids: ids,
    summary: z.discriminatedUnion('type', [
      z.looseObject({ type: z.literal('generic'), label: text, input_preview: maybe, output_preview: maybe }),
      z.looseObject({ type: z.literal('terminal'), operation_id: text }),
    ]),
  }),
  code_cells: member({
    code_cell_id: text,
    thread_id: text,
    codex_turn_id: text,
    output_item_ids: ids,
    runtime_cell_id: maybe,
    execution,
    runtime_status: text,
    initial_response_status: maybe,
    raw_initial_response_payload_id: maybe,
    raw_result_payload_id: maybe,
    source_js: text,
    nested_tool_call_ids: ids,
    wait_tool_call_ids: ids,
  }),
  terminal_sessions: member({
    terminal_id: text,
    thread_id: text,
    created_by_operation_id: text,
    operation_ids: ids,
    execution,
  }),
  terminal_operations: member({
    terminal_id: maybe,
    tool_call_id: text,
    request: z.discriminatedUnion('type', [
      z.looseObject({ type: z.literal('exec_command'), display_command: text, cwd: text }),
      z.looseObject({ type: z.literal('write_stdin'), stdin: text }),
    ]),
    result: z.looseObject({ exit_code: count.nullable(), stdout: text, stderr: text }).nullable(),
  }),
  compactions: member({ input_item_ids: ids, replacement_item_ids: ids, installed_at_unix_ms: moment }),
  compaction_requests: member({
    compaction_request_id: text,
    compaction_id: text,
    thread_id: text,
    codex_turn_id: text,
    model: text,
    provider_name: text,
    raw_request_payload_id: text,
    raw_response_payload_id: maybe,
    execution,
  }),
  interaction_edges: member({
    edge_id: text,
    kind: text,
    source: anchor,
    target: anchor,
    started_at_unix_ms: moment,
    ended_at_unix_ms: moment.nullable(),
    carried_item_ids: ids,
  }),
  raw_payloads: member({ raw_payload_id: text, kind: z.looseObject({ type: text }), path: text }),
});
