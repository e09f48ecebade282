import type { AuthTags } from '../../telemetry/auth-facts.ts';
import type { ExecutionWindow } from './execution.ts';

export interface AgentThread {
  readonly thread_id: string;
  readonly agent_path: string;
  readonly nickname: string | null;
  readonly origin: ThreadOrigin;
  readonly execution: ExecutionWindow;
  readonly default_model: string | null;
  /** The conversation as it stands at the end of the trace. */
  readonly conversation_item_ids: readonly string[];
}

export type ThreadOrigin =
  | { readonly type: 'root' }
  | {
      readonly type: 'spawned';
      readonly parent_thread_id: string;
      readonly spawn_edge_id: string;
      readonly task_name: string;
      readonly agent_role: string;
    };

export interface CodexTurn {
  readonly codex_turn_id: string;
  readonly thread_id: string;
  readonly execution: ExecutionWindow;
  readonly input_item_ids: readonly string[];
  /** What was known of authentication when the turn ended. */
  readonly auth_facts?: AuthTags;
}

/** Information that went from one thread to another. */
export interface InteractionEdge {
  readonly edge_id: string;
  readonly kind: 'spawn_agent' | 'assign_agent_task' | 'send_message' | 'agent_result' | 'close_agent';
  readonly source: EdgeAnchor;
  readonly target: EdgeAnchor;
  readonly started_at_unix_ms: number;
  readonly ended_at_unix_ms: number | null;
  readonly carried_item_ids: readonly string[];
  readonly carried_raw_payload_ids: readonly string[];
}

export type EdgeAnchor =
  | { readonly type: 'conversation_item'; readonly item_id: string }
  | { readonly type: 'tool_call'; readonly tool_call_id: string }
  | { readonly type: 'thread'; readonly thread_id: string };
