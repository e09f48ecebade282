import { z } from 'zod';

// Loaded only where a file is shown that somebody else wrote.

const count = z.number();
const text = z.string();
const maybe = text.nullable();
const ids = z.array(text);
const tags = z.record(text, text).optional();
const execution = z.looseObject({
  started_at_unix_ms: count,
  started_seq: count,
  ended_at_unix_ms: count.nullable(),
  status: z.enum(['running', 'completed', 'failed', 'cancelled', 'aborted']),
});
const anchor = z.discriminatedUnion('type', [
  z.object({ type: z.literal('thread'), thread_id: text }),
  z.object({ type: z.literal('tool_call'), tool_call_id: text }),
  z.object({ type: z.literal('conversation_item'), item_id: text }),
]);
const part = z.looseObject({ type: text, text: text.optional() });
const member = (shape: z.ZodRawShape): z.ZodType => z.record(text, z.looseObject(shape));

/** The members of `state.json` that a timeline reads. What else stands there is passed on as it is. */
export const stateSchema = z.looseObject({
  trace_id: text,
  rollout_id: text,
  root_thread_id: text,
  started_at_unix_ms: count,
  ended_at_unix_ms: count.nullable(),
  status: text,
  recording_complete: z.boolean().default(false),
  threads: member({ thread_id: text, agent_path: text, nickname: maybe, default_model: maybe, execution }),
  codex_turns: member({ codex_turn_id: text, thread_id: text, execution, auth_facts: tags }),
  conversation_items: member({ thread_id: text, kind: text, body: z.looseObject({ parts: z.array(part) }) }),
  inference_calls: member({
    inference_call_id: text,
    codex_turn_id: text,
    execution,
    model: text,
    provider_name: text,
    response_id: maybe,
    upstream_request_id: maybe,
    request_item_ids: ids,
    response_item_ids: ids,
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
    requester: z.looseObject({ type: text }),
    kind: z.looseObject({ type: text }),
    summary: z.discriminatedUnion('type', [
      z.looseObject({ type: z.literal('generic'), label: text, input_preview: maybe, output_preview: maybe }),
      z.looseObject({ type: z.literal('terminal'), operation_id: text }),
    ]),
  }),
  terminal_operations: member({
    request: z.discriminatedUnion('type', [
      z.looseObject({ type: z.literal('exec_command'), display_command: text }),
      z.looseObject({ type: z.literal('write_stdin'), stdin: text }),
    ]),
    result: z.looseObject({ exit_code: count.nullable() }).nullable(),
  }),
  compactions: member({ input_item_ids: ids, replacement_item_ids: ids }),
  compaction_requests: member({
    compaction_request_id: text,
    compaction_id: text,
    codex_turn_id: text,
    model: text,
    execution,
  }),
  interaction_edges: member({
    edge_id: text,
    kind: text,
    source: anchor,
    target: anchor,
    started_at_unix_ms: count,
    ended_at_unix_ms: count.nullable(),
  }),
});
