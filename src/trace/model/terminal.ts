import type { ExecutionWindow } from './execution.ts';

/** A process that several operations may talk to. */
export interface TerminalSession {
  readonly terminal_id: string;
  readonly thread_id: string;
  readonly created_by_operation_id: string;
  readonly operation_ids: readonly string[];
  readonly execution: ExecutionWindow;
}

/** A command, or something typed into one that still runs. */
export interface TerminalOperation {
  /** `terminal_operation:<n>`. */
  readonly operation_id: string;
  readonly terminal_id: string | null;
  readonly tool_call_id: string;
  readonly kind: 'exec_command' | 'write_stdin';
  readonly execution: ExecutionWindow;
  readonly request: TerminalRequest;
  readonly result: TerminalResult | null;
  readonly model_observations: readonly TerminalObservation[];
  readonly raw_payload_ids: readonly string[];
}

export type TerminalRequest =
  | {
      readonly type: 'exec_command';
      readonly command: readonly string[];
      readonly display_command: string;
      readonly cwd: string;
      readonly yield_time_ms: number | null;
      readonly max_output_tokens: number | null;
    }
  | {
      readonly type: 'write_stdin';
      readonly stdin: string;
      readonly yield_time_ms: number | null;
      readonly max_output_tokens: number | null;
    };

export interface TerminalResult {
  readonly exit_code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly formatted_output: string | null;
  readonly original_token_count: number | null;
  readonly chunk_id: string | null;
}

/** What the model saw of it. */
export interface TerminalObservation {
  readonly call_item_ids: readonly string[];
  readonly output_item_ids: readonly string[];
  readonly source: 'direct_tool_call' | 'code_cell_output';
}
