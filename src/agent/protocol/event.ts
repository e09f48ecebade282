import type { ExecPolicyAmendment, ReviewDecision } from '../policy/policy.ts';
import type { ErrorInfo } from './error-info.ts';
import type { SessionId, ThreadId, TurnId } from './ids.ts';
import type { ResponseItem } from './item.ts';
import type { JsonObject, JsonValue } from '../../host/json.ts';
import type { FileChange, McpToolResult, PlanStep, TurnItem } from './turn-item.ts';
import type { RateLimitSnapshot, TokenUsage } from './usage.ts';

/** What a thread tells its clients; `id` is the id of the submission that it belongs to (spec/agent-core.md 1.3). */
export interface AgentEvent {
  readonly id: string;
  readonly msg: EventMsg;
}

export type AbortReason = 'interrupted' | 'replaced';

/** Who started a command. */
export type ExecSource = 'agent' | 'user_shell' | 'unified_exec_startup' | 'unified_exec_interaction';

export interface TokenUsageInfo {
  readonly total_token_usage: TokenUsage;
  readonly last_token_usage: TokenUsage;
  readonly model_context_window: number | null;
}

export type EventMsg =
  | {
      readonly type: 'session_configured';
      readonly session_id: SessionId;
      readonly thread_id: ThreadId;
      readonly forked_from_id?: ThreadId;
      readonly model: string;
      readonly model_provider_id: string;
      readonly reasoning_effort?: string;
      readonly approval_policy: JsonValue;
      readonly sandbox_policy: JsonValue;
      readonly cwd: string;
      readonly rollout_path?: string;
    }
  | { readonly type: 'thread_settings_applied' }
  | {
      readonly type: 'task_started';
      readonly turn_id: TurnId;
      readonly trace_id?: string;
      readonly started_at: number;
      readonly model_context_window: number | null;
      readonly collaboration_mode_kind: 'default' | 'plan';
    }
  | {
      readonly type: 'task_complete';
      readonly turn_id: TurnId;
      readonly last_agent_message: string | null;
      readonly started_at: number;
      readonly completed_at: number;
      readonly duration_ms: number;
      readonly time_to_first_token_ms: number | null;
      /** Present when the turn ended by an error, which an `error` event has told before. */
      readonly error?: ErrorInfo;
    }
  | {
      readonly type: 'turn_aborted';
      readonly turn_id: TurnId;
      readonly reason: AbortReason;
      readonly completed_at: number;
      readonly duration_ms: number;
    }
  | {
      readonly type: 'token_count';
      readonly info: TokenUsageInfo | null;
      readonly rate_limits: RateLimitSnapshot | null;
    }
  | {
      readonly type: 'user_message';
      readonly message: string;
      readonly images: readonly string[];
      readonly local_images: readonly string[];
    }
  | { readonly type: 'agent_message'; readonly message: string; readonly phase?: string | null }
  | { readonly type: 'agent_message_content_delta'; readonly item_id: string; readonly delta: string }
  | { readonly type: 'agent_reasoning'; readonly text: string }
  | { readonly type: 'agent_reasoning_raw_content'; readonly text: string }
  | {
      readonly type: 'agent_reasoning_section_break';
      readonly item_id: string;
      readonly summary_index: number;
    }
  | {
      readonly type: 'reasoning_content_delta';
      readonly item_id: string;
      readonly delta: string;
      readonly summary_index: number;
    }
  | {
      readonly type: 'reasoning_raw_content_delta';
      readonly item_id: string;
      readonly delta: string;
      readonly content_index: number;
    }
  | { readonly type: 'plan_update'; readonly explanation?: string; readonly plan: readonly PlanStep[] }
  | { readonly type: 'item_started'; readonly turn_id: TurnId; readonly item: TurnItem }
  | { readonly type: 'item_completed'; readonly turn_id: TurnId; readonly item: TurnItem }
  | { readonly type: 'raw_response_item'; readonly item: ResponseItem }
  | {
      readonly type: 'exec_command_begin';
      readonly call_id: string;
      readonly process_id?: string;
      readonly turn_id: TurnId;
      readonly command: readonly string[];
      readonly cwd: string;
      readonly source: ExecSource;
    }
  | {
      readonly type: 'exec_command_output_delta';
      readonly call_id: string;
      readonly stream: 'stdout' | 'stderr';
      /** Base64. */ readonly chunk: string;
    }
  | {
      readonly type: 'exec_command_end';
      readonly call_id: string;
      readonly process_id?: string;
      readonly turn_id: TurnId;
      readonly command: readonly string[];
      readonly cwd: string;
      readonly source: ExecSource;
      readonly aggregated_output: string;
      readonly exit_code: number;
      readonly duration_ms: number;
      readonly status: 'completed' | 'failed' | 'declined';
    }
  | {
      readonly type: 'terminal_interaction';
      readonly call_id: string;
      readonly process_id: string;
      readonly stdin: string;
    }
  | {
      readonly type: 'patch_apply_begin';
      readonly call_id: string;
      readonly turn_id: TurnId;
      readonly auto_approved: boolean;
      readonly changes: readonly FileChange[];
    }
  | {
      readonly type: 'patch_apply_updated';
      readonly call_id: string;
      readonly changes: readonly FileChange[];
    }
  | {
      readonly type: 'patch_apply_end';
      readonly call_id: string;
      readonly turn_id: TurnId;
      readonly stdout: string;
      readonly stderr: string;
      readonly success: boolean;
      readonly status: 'completed' | 'failed' | 'declined';
      readonly changes: readonly FileChange[];
    }
  | { readonly type: 'turn_diff'; readonly unified_diff: string }
  | {
      readonly type: 'mcp_startup_update';
      readonly server: string;
      readonly status: 'starting' | 'ready' | 'failed' | 'cancelled';
      readonly error?: string;
    }
  | {
      readonly type: 'mcp_startup_complete';
      readonly ready: readonly string[];
      readonly failed: readonly { readonly server: string; readonly error: string }[];
      readonly cancelled: readonly string[];
    }
  | { readonly type: 'mcp_tool_call_begin'; readonly call_id: string; readonly invocation: McpInvocation }
  | {
      readonly type: 'mcp_tool_call_end';
      readonly call_id: string;
      readonly invocation: McpInvocation;
      readonly duration_ms: number;
      readonly result: { readonly Ok: McpToolResult } | { readonly Err: string };
    }
  | { readonly type: 'web_search_begin'; readonly call_id: string }
  | {
      readonly type: 'web_search_end';
      readonly call_id: string;
      readonly query: string;
      readonly action: JsonObject;
    }
  | { readonly type: 'image_generation_begin'; readonly call_id: string }
  | {
      readonly type: 'image_generation_end';
      readonly call_id: string;
      readonly status: string;
      readonly revised_prompt?: string;
      readonly saved_path?: string;
    }
  | { readonly type: 'view_image_tool_call'; readonly call_id: string; readonly path: string }
  | {
      readonly type: 'exec_approval_request';
      readonly call_id: string;
      readonly turn_id: TurnId;
      readonly command: readonly string[];
      readonly cwd: string;
      readonly reason?: string;
      readonly proposed_execpolicy_amendment?: ExecPolicyAmendment;
      readonly available_decisions: readonly ReviewDecision['kind'][];
    }
  | {
      readonly type: 'apply_patch_approval_request';
      readonly call_id: string;
      readonly turn_id: TurnId;
      readonly changes: readonly FileChange[];
      readonly reason?: string;
    }
  | {
      readonly type: 'request_user_input';
      readonly call_id: string;
      readonly turn_id: TurnId;
      readonly questions: readonly UserQuestion[];
    }
  | {
      readonly type: 'elicitation_request';
      readonly id: string;
      readonly server: string;
      readonly message: string;
      readonly requested_schema: JsonValue;
    }
  | {
      readonly type: 'dynamic_tool_call_request';
      readonly call_id: string;
      readonly turn_id: TurnId;
      readonly namespace?: string;
      readonly tool: string;
      readonly arguments: JsonValue;
    }
  | {
      readonly type: 'dynamic_tool_call_response';
      readonly call_id: string;
      readonly turn_id: TurnId;
      readonly tool: string;
      readonly success: boolean;
    }
  | { readonly type: 'context_compacted' }
  | { readonly type: 'thread_rolled_back'; readonly num_turns: number }
  | { readonly type: 'model_reroute'; readonly from_model: string; readonly to_model: string }
  | { readonly type: 'model_verification'; readonly verifications: readonly string[] }
  | { readonly type: 'warning'; readonly message: string }
  | { readonly type: 'deprecation_notice'; readonly summary: string; readonly details?: string }
  /** An attempt failed and is made again. */
  | {
      readonly type: 'stream_error';
      readonly message: string;
      readonly info: ErrorInfo;
      readonly details?: string;
    }
  | { readonly type: 'error'; readonly message: string; readonly info: ErrorInfo }
  | { readonly type: 'shutdown_complete' };

export interface McpInvocation {
  readonly server: string;
  readonly tool: string;
  readonly arguments: JsonValue;
}

export interface UserQuestion {
  readonly id: string;
  readonly header: string;
  readonly question: string;
  readonly isOther: boolean;
  readonly options: readonly { readonly label: string; readonly description: string }[];
}
