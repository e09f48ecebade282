import type { JsonValue } from '../../host/json.ts';
import type { TokenUsage } from '../../agent/protocol/usage.ts';

/** One line of `stethos exec --json` (spec/agent-core.md 1.7). */
export type ThreadEvent =
  | { readonly type: 'thread.started'; readonly thread_id: string }
  | { readonly type: 'turn.started' }
  | { readonly type: 'turn.completed'; readonly usage: Omit<TokenUsage, 'total_tokens'> }
  | { readonly type: 'turn.failed'; readonly error: { readonly message: string } }
  | { readonly type: 'item.started' | 'item.updated' | 'item.completed'; readonly item: ThreadItem }
  | { readonly type: 'error'; readonly message: string };

export type ThreadItem = { readonly id: string } & ThreadItemFacts;

export type ThreadItemFacts =
  | { readonly type: 'agent_message'; readonly text: string }
  | { readonly type: 'reasoning'; readonly text: string }
  | {
      readonly type: 'command_execution';
      readonly command: string;
      readonly aggregated_output: string;
      readonly exit_code: number | null;
      readonly status: 'in_progress' | 'completed' | 'failed' | 'declined';
    }
  | {
      readonly type: 'file_change';
      readonly changes: readonly { readonly path: string; readonly kind: 'add' | 'delete' | 'update' }[];
      readonly status: 'in_progress' | 'completed' | 'failed';
    }
  | {
      readonly type: 'mcp_tool_call';
      readonly server: string;
      readonly tool: string;
      readonly arguments: JsonValue;
      readonly result: {
        readonly content: readonly JsonValue[];
        readonly _meta?: JsonValue;
        readonly structured_content: JsonValue;
      } | null;
      readonly error: { readonly message: string } | null;
      readonly status: 'in_progress' | 'completed' | 'failed';
    }
  | {
      readonly type: 'web_search';
      readonly call_id: string;
      readonly query: string;
      readonly action: JsonValue;
    }
  | {
      readonly type: 'todo_list';
      readonly items: readonly { readonly text: string; readonly completed: boolean }[];
    }
  | { readonly type: 'error'; readonly message: string };
