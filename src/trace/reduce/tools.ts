import type { EventOf } from '../event/event.ts';
import type { ToolCall, ToolRequester } from '../model/tool.ts';
import { agentToolEnded, agentToolRan, agentToolStarted } from './agents.ts';
import { cellOfRuntime, noteNestedTool, noteWait } from './cells.ts';
import type { At, Draft, Mutable } from './draft.ts';
import { TraceFault } from './fault.ts';
import { conversationOf, endAt, include, known, startedAt, startOnce, threadOf, turnOf } from './look-up.ts';
import { producedBy } from './produced-by.ts';
import { beginInput, beginOperation, endInput, endOperation } from './terminal.ts';

/** A tool is called; the item that asked for it may come up later (trap 23). */
export function toolStarted(draft: Draft, at: At<EventOf<'tool_call_started'>>): void {
  const { payload } = at;
  const id = payload.tool_call_id;
  startOnce(draft.tools, id, 'tool call');
  const { threadId, turnId } = scopeOf(draft, at);
  const callId = payload.model_visible_call_id ?? null;
  const conversation = conversationOf(draft, threadId);
  if (callId !== null) {
    if (conversation.toolByCallId.has(callId))
      throw new TraceFault('duplicate', `the model's call ${callId} has two tool calls`);
    conversation.toolByCallId.set(callId, id);
  }
  const tool: Mutable<ToolCall> = {
    tool_call_id: id,
    mcp_call_id: null,
    model_visible_call_id: callId,
    code_mode_runtime_tool_id: payload.code_mode_runtime_tool_id ?? null,
    thread_id: threadId,
    started_by_codex_turn_id: turnId ?? null,
    execution: startedAt(at),
    requester: requesterOf(draft, threadId, payload.requester),
    kind: payload.kind,
    model_visible_call_item_ids: [],
    model_visible_output_item_ids: [],
    terminal_operation_id: null,
    summary: payload.summary,
    raw_invocation_payload_id: payload.invocation_payload?.raw_payload_id ?? null,
    raw_result_payload_id: null,
    raw_runtime_payload_ids: [],
  };
  draft.tools.set(id, tool);
  if (callId !== null)
    for (const itemId of [
      ...(conversation.callItems.get(callId) ?? []),
      ...(conversation.outputItems.get(callId) ?? []),
    ])
      linkItemToTool(draft, threadId, callId, itemId);
  noteNestedTool(draft, tool);
  if (payload.invocation_payload) {
    beginInput(draft, tool, { at, reference: payload.invocation_payload });
    noteWait(draft, tool, payload.invocation_payload);
  }
}

/** The call runs: what it turned out to be stands in its kind, which the name alone did not tell. */
export function toolRan(draft: Draft, at: At<EventOf<'tool_call_runtime_started'>>): void {
  const { kind, runtime_payload: reference } = at.payload;
  const tool = toolOf(draft, at.payload.tool_call_id);
  tool.kind = kind;
  tool.raw_runtime_payload_ids.push(reference.raw_payload_id);
  if (kind.type === 'exec_command' || kind.type === 'write_stdin')
    beginOperation(draft, tool, { at, reference, kind: kind.type });
  agentToolStarted(draft, tool, reference);
}

export function toolRunEnded(draft: Draft, at: At<EventOf<'tool_call_runtime_ended'>>): void {
  const { status, runtime_payload: reference } = at.payload;
  const tool = toolOf(draft, at.payload.tool_call_id);
  tool.raw_runtime_payload_ids.push(reference.raw_payload_id);
  endOperation(draft, tool, { at, reference, status });
  agentToolRan(draft, tool, { at, reference });
}

export function toolEnded(draft: Draft, at: At<EventOf<'tool_call_ended'>>): void {
  const { status, result_payload: reference } = at.payload;
  const tool = toolOf(draft, at.payload.tool_call_id);
  endAt(tool.execution, at, status);
  if (reference) tool.raw_result_payload_id = reference.raw_payload_id;
  endInput(draft, tool, { at, reference: reference ?? undefined, status });
  if (reference) agentToolEnded(draft, tool, reference);
}

export function mcpCallNamed(draft: Draft, at: At<EventOf<'mcp_tool_call_correlation_assigned'>>): void {
  const tool = toolOf(draft, at.payload.tool_call_id);
  if (tool.mcp_call_id !== null)
    throw new TraceFault('duplicate', `tool call ${tool.tool_call_id} has two MCP calls`);
  tool.mcp_call_id = at.payload.mcp_call_id;
}

/** @throws TraceFault unless it has started */
export const toolOf = (draft: Draft, id: string): Mutable<ToolCall> =>
  known(draft.tools.get(id), `tool call ${id}`);

/** Joins a call or an output of the conversation with what was called, whichever of them comes first. */
export function linkItemToTool(draft: Draft, threadId: string, callId: string, itemId: string): void {
  const toolId = conversationOf(draft, threadId).toolByCallId.get(callId);
  const item = draft.items.get(itemId);
  if (toolId === undefined || !item) return;
  const tool = toolOf(draft, toolId);
  if (item.role === 'tool') {
    include(tool.model_visible_output_item_ids, itemId);
    producedBy(draft, itemId, { type: 'tool', tool_call_id: toolId });
    return;
  }
  include(tool.model_visible_call_item_ids, itemId);
  for (const producer of item.produced_by)
    if (producer.type === 'inference') noteStartedByResponse(draft, producer.inference_call_id, toolId);
}

function noteStartedByResponse(draft: Draft, inferenceId: string, toolId: string): void {
  const inference = draft.inferences.get(inferenceId);
  if (inference) include(inference.tool_call_ids_started_by_response, toolId);
}

/** The thread and turn of a call; its turn alone says its thread too. */
function scopeOf(
  draft: Draft,
  { threadId, turnId }: At<unknown>,
): { readonly threadId: string; readonly turnId: string | undefined } {
  if (turnId !== undefined) return { threadId: turnOf(draft, { turnId, threadId }).thread_id, turnId };
  if (threadId === undefined)
    throw new TraceFault('unknown_reference', 'a tool call names neither its thread nor its turn');
  return { threadId: threadOf(draft, threadId).thread_id, turnId };
}

function requesterOf(
  draft: Draft,
  threadId: string,
  requester: EventOf<'tool_call_started'>['requester'],
): Mutable<ToolRequester> {
  return requester.type === 'model'
    ? requester
    : { type: 'code_cell', code_cell_id: cellOfRuntime(draft, threadId, requester.runtime_cell_id) };
}
