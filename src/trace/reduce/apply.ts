import type { EventPayload, RawEvent } from '../event/event.ts';
import type { PayloadReference } from '../event/payload.ts';
import { agentResult } from './agents.ts';
import { protocolEvent } from './auth-facts.ts';
import { cellAnswered, cellEnded, cellStarted } from './cells.ts';
import { compactionAnswered, compactionAsked, compactionInstalled } from './compaction.ts';
import { accept } from './conversation.ts';
import type { At, Draft } from './draft.ts';
import { TraceFault } from './fault.ts';
import { inferenceEnded, inferenceStarted } from './inference.ts';
import { inputResolved } from './terminal.ts';
import { threadEnded, threadResumed, threadStarted, turnEnded, turnStarted } from './threads.ts';
import { mcpCallNamed, toolEnded, toolRan, toolRunEnded, toolStarted } from './tools.ts';

/**
 * Takes one event into the model.
 * @throws TraceFault when it contradicts what came before
 */
export function apply(draft: Draft, event: RawEvent): void {
  if (draft.header.recording_complete)
    throw new TraceFault('out_of_order', `event ${event.seq} follows the end of the recording`);
  for (const reference of referencesIn(event.payload)) {
    draft.payloads.check(reference);
    draft.references.set(reference.raw_payload_id, reference);
  }
  const at: At<EventPayload> = {
    payload: event.payload,
    seq: event.seq,
    atMs: event.wall_time_unix_ms,
    threadId: event.thread_id ?? undefined,
    turnId: event.codex_turn_id ?? undefined,
  };
  dispatch(draft, at);
}

/** Every member of an event that names a payload file. */
function referencesIn(payload: EventPayload): readonly PayloadReference[] {
  return Object.values(payload).filter(
    (value): value is PayloadReference =>
      typeof value === 'object' && value !== null && 'raw_payload_id' in value,
  );
}

function dispatch(draft: Draft, at: At<EventPayload>): void {
  const { payload } = at;
  const { header } = draft;
  switch (payload.type) {
    case 'rollout_started':
      header.trace_id = payload.trace_id;
      header.root_thread_id = payload.root_thread_id;
      return;
    case 'rollout_ended':
      header.status = payload.status;
      header.ended_at_unix_ms = at.atMs;
      return;
    case 'recording_completed':
      header.recording_complete = true;
      return;
    case 'thread_started':
      return threadStarted(draft, { ...at, payload });
    case 'thread_ended':
      return threadEnded(draft, { ...at, payload });
    case 'thread_resumed':
      return threadResumed(draft, { ...at, payload });
    case 'codex_turn_started':
      return turnStarted(draft, { ...at, payload });
    case 'codex_turn_ended':
      return turnEnded(draft, { ...at, payload });
    case 'history_item_accepted':
      return accept(draft, { ...at, payload });
    case 'inference_started':
      return inferenceStarted(draft, { ...at, payload });
    case 'inference_completed':
    case 'inference_failed':
    case 'inference_cancelled':
      return inferenceEnded(draft, { ...at, payload });
    case 'tool_call_started':
      return toolStarted(draft, { ...at, payload });
    case 'mcp_tool_call_correlation_assigned':
      return mcpCallNamed(draft, { ...at, payload });
    case 'stdin_target_resolved':
      return inputResolved(draft, { ...at, payload });
    case 'tool_call_runtime_started':
      return toolRan(draft, { ...at, payload });
    case 'tool_call_runtime_ended':
      return toolRunEnded(draft, { ...at, payload });
    case 'tool_call_ended':
      return toolEnded(draft, { ...at, payload });
    case 'code_cell_started':
      return cellStarted(draft, { ...at, payload });
    case 'code_cell_initial_response':
      return cellAnswered(draft, { ...at, payload });
    case 'code_cell_ended':
      return cellEnded(draft, { ...at, payload });
    case 'compaction_request_started':
      return compactionAsked(draft, { ...at, payload });
    case 'compaction_request_completed':
    case 'compaction_request_failed':
      return compactionAnswered(draft, { ...at, payload });
    case 'compaction_installed':
      return compactionInstalled(draft, { ...at, payload });
    case 'agent_result_observed':
      return agentResult(draft, { ...at, payload });
    case 'protocol_event_observed':
      return protocolEvent(draft, { ...at, payload });
    case 'other':
      throw new TraceFault('unknown_event', 'the format has no meaning for events of type other');
  }
}
