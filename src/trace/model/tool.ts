import type { ExecutionWindow } from './execution.ts';

export interface ToolCall {
  readonly tool_call_id: string;
  /** UUID that an MCP server got in `_meta`. */
  readonly mcp_call_id: string | null;
  readonly model_visible_call_id: string | null;
  readonly code_mode_runtime_tool_id: string | null;
  readonly thread_id: string;
  readonly started_by_codex_turn_id: string | null;
  readonly execution: ExecutionWindow;
  readonly requester: ToolRequester;
  readonly kind: ToolKind;
  readonly model_visible_call_item_ids: readonly string[];
  readonly model_visible_output_item_ids: readonly string[];
  readonly terminal_operation_id: string | null;
  readonly summary: ToolSummary;
  readonly raw_invocation_payload_id: string | null;
  readonly raw_result_payload_id: string | null;
  readonly raw_runtime_payload_ids: readonly string[];
}

export type ToolRequester =
  | { readonly type: 'model' }
  | { readonly type: 'code_cell'; readonly code_cell_id: string };

export type ToolKind =
  | {
      readonly type:
        | 'exec_command'
        | 'write_stdin'
        | 'apply_patch'
        | 'web'
        | 'image_generation'
        | 'spawn_agent'
        | 'assign_agent_task'
        | 'send_message'
        | 'wait_agent'
        | 'close_agent';
    }
  | { readonly type: 'mcp'; readonly server: string; readonly tool: string }
  | { readonly type: 'other'; readonly name: string };

export type ToolSummary =
  | {
      readonly type: 'generic';
      readonly label: string;
      readonly input_preview: string | null;
      readonly output_preview: string | null;
    }
  | { readonly type: 'terminal'; readonly operation_id: string };

/** A piece of code that the model wrote, and what ran within it. */
export interface CodeCell {
  /** `code_cell:<call id of the model>`. */
  readonly code_cell_id: string;
  readonly model_visible_call_id: string;
  readonly thread_id: string;
  readonly codex_turn_id: string;
  readonly source_item_id: string;
  readonly output_item_ids: readonly string[];
  readonly runtime_cell_id: string | null;
  readonly execution: ExecutionWindow;
  readonly runtime_status: CodeCellStatus;
  readonly initial_response_at_unix_ms: number | null;
  readonly initial_response_seq: number | null;
  readonly initial_response_status: CodeCellStatus | null;
  readonly raw_initial_response_payload_id: string | null;
  readonly raw_result_payload_id: string | null;
  readonly yielded_at_unix_ms: number | null;
  readonly yielded_seq: number | null;
  readonly source_js: string;
  readonly nested_tool_call_ids: readonly string[];
  readonly wait_tool_call_ids: readonly string[];
}

export type CodeCellStatus = 'starting' | 'running' | 'yielded' | 'completed' | 'failed' | 'terminated';
