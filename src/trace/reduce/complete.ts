import type { RolloutTrace } from '../model/trace.ts';
import { SCHEMA_VERSION } from '../event/event.ts';
import { settleSpawns } from './agents.ts';
import type { Draft } from './draft.ts';

/** The model when all events are in. */
export function completeTrace(draft: Draft): RolloutTrace {
  settleSpawns(draft);
  listConversations(draft);
  noteWhatTheModelSaw(draft);
  const { header } = draft;
  return {
    schema_version: SCHEMA_VERSION,
    ...header,
    threads: Object.fromEntries(draft.threads),
    codex_turns: Object.fromEntries(draft.turns),
    conversation_items: Object.fromEntries(draft.items),
    inference_calls: Object.fromEntries(draft.inferences),
    code_cells: Object.fromEntries(draft.cells),
    tool_calls: Object.fromEntries(draft.tools),
    terminal_sessions: Object.fromEntries(draft.sessions),
    terminal_operations: Object.fromEntries(draft.operations),
    compactions: Object.fromEntries(draft.compactions),
    compaction_requests: Object.fromEntries(draft.compactionRequests),
    interaction_edges: Object.fromEntries(draft.edges),
    raw_payloads: Object.fromEntries(draft.references),
  };
}

function listConversations(draft: Draft): void {
  for (const item of draft.items.values())
    if (draft.conversations.get(item.thread_id)?.held.has(item.item_id))
      draft.threads.get(item.thread_id)?.conversation_item_ids.push(item.item_id);
}

function noteWhatTheModelSaw(draft: Draft): void {
  for (const tool of draft.tools.values()) {
    const operation = draft.operations.get(tool.terminal_operation_id ?? '');
    const [calls, outputs] = [tool.model_visible_call_item_ids, tool.model_visible_output_item_ids];
    if (!operation || calls.length + outputs.length === 0) continue;
    operation.model_observations = [
      { call_item_ids: [...calls], output_item_ids: [...outputs], source: 'direct_tool_call' },
    ];
  }
}
