import type { JsonObject, JsonValue } from '../../host/json.ts';
import type { UserInput } from './op.ts';

/**
 * What a reader of a turn sees, in `item_started` and `item_completed`. The older events (`agent_message`,
 * `exec_command_begin` …) are derived from the same facts.
 */
export type TurnItem =
  | { readonly type: 'UserMessage'; readonly id: string; readonly content: readonly UserInput[] }
  | {
      readonly type: 'AgentMessage';
      readonly id: string;
      readonly text: string;
      readonly phase?: string | null;
    }
  | { readonly type: 'Plan'; readonly id: string; readonly text: string }
  | {
      readonly type: 'Reasoning';
      readonly id: string;
      readonly summary: readonly string[];
      readonly rawContent: readonly string[];
    }
  | { readonly type: 'WebSearch'; readonly id: string; readonly query: string; readonly action: JsonObject }
  | { readonly type: 'ImageView'; readonly id: string; readonly path: string }
  | {
      readonly type: 'ImageGeneration';
      readonly id: string;
      readonly status: string;
      readonly revisedPrompt?: string;
      /** Where the picture was saved; absent when that failed. */
      readonly savedPath?: string;
    }
  | {
      readonly type: 'FileChange';
      readonly id: string;
      readonly changes: readonly FileChange[];
      readonly status: 'in_progress' | 'completed' | 'failed' | 'declined';
    }
  | {
      readonly type: 'McpToolCall';
      readonly id: string;
      readonly server: string;
      readonly tool: string;
      readonly arguments: JsonValue;
      readonly status: 'in_progress' | 'completed' | 'failed';
      readonly result: McpToolResult | null;
      readonly error: string | null;
    }
  | { readonly type: 'ContextCompaction'; readonly id: string };

export interface FileChange {
  /** Absolute. */
  readonly path: string;
  readonly kind: 'add' | 'delete' | 'update';
  readonly movedTo?: string;
  /** Unified diff of an update; the whole text of an added or deleted file. */
  readonly diff: string;
}

export interface McpToolResult {
  readonly content: readonly JsonValue[];
  readonly structuredContent: JsonValue;
  readonly isError: boolean;
  readonly _meta?: JsonObject;
}

export interface PlanStep {
  readonly step: string;
  readonly status: 'pending' | 'in_progress' | 'completed';
}
