import type { JsonObject } from '../../host/json.ts';

/** Tools, and what stands behind them. */
export type ToolFact =
  | (CallScope & {
      readonly type: 'tool_started';
      readonly tool: string;
      readonly namespace?: string;
      readonly origin: 'builtin' | 'mcp' | 'dynamic';
      readonly mcpServer?: string;
      /** As the model wrote it: JSON text of the arguments, or the input of a tool in free text. */
      readonly input: () => string;
    })
  | (CallScope & {
      readonly type: 'tool_ended';
      readonly tool: string;
      /** `cancelled`: the turn was interrupted. */
      readonly status: 'completed' | 'failed' | 'cancelled';
      readonly success: boolean;
      readonly durationMs: number;
      /** What the model is told, as text. */
      readonly output: () => string;
    })
  | (CallScope & {
      readonly type: 'tool_decision';
      readonly tool: string;
      readonly namespace?: string;
      /** `approved`, `approved_for_session`, `denied`, `abort` … */
      readonly decision: string;
      readonly source: 'Config' | 'User' | 'AutomatedReviewer';
    })
  | (CallScope & {
      readonly type: 'sandbox_outcome';
      readonly tool: string;
      /** `ran`, `denied`, `escalated` …: one word for how the sandbox took part. */
      readonly outcome: string;
      readonly initialDurationMs: number;
      readonly escalatedDurationMs?: number;
    })
  | (CallScope & {
      readonly type: 'terminal_started';
      /** Absent where the command ends within its call. */
      readonly processId?: string;
      readonly command: readonly string[];
      readonly cwd: string;
      readonly isTerminal: boolean;
    })
  | (CallScope & {
      readonly type: 'terminal_ended';
      readonly processId?: string;
      readonly exitCode: number;
      readonly status: 'completed' | 'failed' | 'declined';
      readonly durationMs: number;
      readonly output: () => string;
    })
  | (CallScope & {
      readonly type: 'terminal_input';
      readonly processId: string;
      readonly input: () => string;
    })
  | (CallScope & {
      readonly type: 'mcp_call_started';
      /** UUID, new for each. */
      readonly mcpCallId: string;
      readonly method: string;
      readonly server: string;
      readonly tool: string;
      readonly transport: 'stdio' | 'http';
      readonly sessionId?: string;
      readonly protocolVersion?: string;
      readonly host?: string;
      readonly port?: number;
      readonly invocation: () => JsonObject;
    })
  | (CallScope & {
      readonly type: 'mcp_call_ended';
      readonly mcpCallId: string;
      readonly durationMs: number;
      /** `tool_error` for a result that says so, otherwise what went wrong. */
      readonly error?: string;
      readonly jsonrpcErrorCode?: number;
      readonly result: () => JsonObject;
    });

export interface CallScope {
  readonly threadId: string;
  readonly turnId: string;
  readonly callId: string;
}
