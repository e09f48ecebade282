import type { PayloadReference } from '../event/payload.ts';
import type { Compaction, CompactionRequest } from './compaction.ts';
import type { ConversationItem } from './conversation.ts';
import type { InferenceCall } from './inference.ts';
import type { TerminalOperation, TerminalSession } from './terminal.ts';
import type { AgentThread, CodexTurn, InteractionEdge } from './thread.ts';
import type { CodeCell, ToolCall } from './tool.ts';

type ById<Value> = Readonly<Record<string, Value>>;

/**
 * What a trace comes to (`state.json`). Spelt as `codex debug trace-reduce` spells it (spec/observability.md 5), with
 * `auth_facts` besides. Each map is in the order in which its members came up in the trace.
 */
export interface RolloutTrace {
  readonly schema_version: number;
  readonly trace_id: string;
  readonly rollout_id: string;
  readonly started_at_unix_ms: number;
  readonly ended_at_unix_ms: number | null;
  readonly status: 'running' | 'completed' | 'failed' | 'aborted';
  /** The trace was closed in order: nothing is missing at its end. */
  readonly recording_complete: boolean;
  readonly root_thread_id: string;
  readonly threads: ById<AgentThread>;
  readonly codex_turns: ById<CodexTurn>;
  readonly conversation_items: ById<ConversationItem>;
  readonly inference_calls: ById<InferenceCall>;
  readonly code_cells: ById<CodeCell>;
  readonly tool_calls: ById<ToolCall>;
  readonly terminal_sessions: ById<TerminalSession>;
  readonly terminal_operations: ById<TerminalOperation>;
  readonly compactions: ById<Compaction>;
  readonly compaction_requests: ById<CompactionRequest>;
  readonly interaction_edges: ById<InteractionEdge>;
  readonly raw_payloads: ById<PayloadReference>;
}
