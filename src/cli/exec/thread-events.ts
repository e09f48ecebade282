import { shellCommand } from '../../host/shell-path.ts';
import type { EventMsg, McpInvocation } from '../../agent/protocol/event.ts';
import type { TurnItem } from '../../agent/protocol/turn-item.ts';
import { NO_USAGE } from '../../agent/protocol/usage.ts';
import type { TokenUsage } from '../../agent/protocol/usage.ts';
import type { ThreadEvent, ThreadItem, ThreadItemFacts } from './thread-event.ts';

/** What a turn came to, for the exit code and for `--output-last-message`. */
export type TurnEnd =
  | { readonly kind: 'completed'; readonly lastMessage: string | null }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'interrupted' };

export interface ThreadEvents {
  /** The lines that an event of the thread becomes: none, one or several. */
  readonly accept: (msg: EventMsg) => ThreadEvent[];
  /** Set by the end of the turn. */
  readonly end: TurnEnd | undefined;
}

const GENERIC_FAILURE = 'the turn failed';

/**
 * Translates the events of one thread into the stream of `stethos exec --json` (spec/agent-core.md 1.7). Items get ids by
 * first appearance, what was started keeps its id, and what is still open when the turn ends is closed before its last line.
 */
export function createThreadEvents(): ThreadEvents {
  let made = 0;
  /** Started and not completed, by the id that the thread uses. */
  const open = new Map<string, ThreadItem>();
  let plan: ThreadItem | undefined;
  let usage: TokenUsage = NO_USAGE;
  let lastError: string | undefined;
  let end: TurnEnd | undefined;

  const itemOf = (facts: ThreadItemFacts, id = `item_${made++}`): ThreadItem => ({ id, ...facts });
  const once = (facts: ThreadItemFacts): ThreadEvent[] => [{ type: 'item.completed', item: itemOf(facts) }];
  const begin = (key: string, facts: ThreadItemFacts): ThreadEvent[] => {
    const item = itemOf(facts);
    open.set(key, item);
    return [{ type: 'item.started', item }];
  };
  const complete = (key: string, facts: ThreadItemFacts): ThreadEvent[] => {
    const item = itemOf(facts, open.get(key)?.id);
    open.delete(key);
    return [{ type: 'item.completed', item }];
  };

  /** Everything that is still open, then the plan. */
  const closeAll = (): ThreadEvent[] => {
    const left = [...open.values()].map(closed);
    open.clear();
    const items = plan ? [...left, plan] : left;
    plan = undefined;
    return items.map((item) => ({ type: 'item.completed', item }));
  };

  const accept = (msg: EventMsg): ThreadEvent[] => {
    // What ends with the thread, such as a command in the background, was closed with the turn.
    if (end) return [];
    switch (msg.type) {
      case 'session_configured':
        return [{ type: 'thread.started', thread_id: msg.thread_id }];
      case 'task_started':
        return [{ type: 'turn.started' }];
      case 'item_completed':
        return completedItem(msg.item).flatMap(once);
      case 'exec_command_begin':
        return msg.source === 'unified_exec_interaction'
          ? []
          : begin(msg.call_id, {
              type: 'command_execution',
              command: shellCommand(msg.command),
              aggregated_output: '',
              exit_code: null,
              status: 'in_progress',
            });
      case 'exec_command_end':
        return msg.source === 'unified_exec_interaction'
          ? []
          : complete(msg.call_id, {
              type: 'command_execution',
              command: shellCommand(msg.command),
              aggregated_output: msg.aggregated_output,
              exit_code: msg.status === 'declined' ? null : msg.exit_code,
              status: msg.status,
            });
      case 'patch_apply_begin':
        return begin(msg.call_id, fileChange(msg.changes, 'in_progress'));
      case 'patch_apply_end':
        return complete(msg.call_id, fileChange(msg.changes, msg.success ? 'completed' : 'failed'));
      case 'mcp_tool_call_begin':
        return begin(msg.call_id, mcpToolCall(msg.invocation));
      case 'mcp_tool_call_end':
        return complete(msg.call_id, mcpToolCall(msg.invocation, msg.result));
      case 'web_search_begin':
        return begin(msg.call_id, webSearch(msg.call_id));
      case 'web_search_end':
        return complete(msg.call_id, webSearch(msg.call_id, msg));
      case 'plan_update': {
        const items = msg.plan.map(({ step, status }) => ({ text: step, completed: status === 'completed' }));
        const type = plan ? 'item.updated' : 'item.started';
        plan = itemOf({ type: 'todo_list', items }, plan?.id);
        return [{ type, item: plan }];
      }
      case 'warning':
        return once({ type: 'error', message: msg.message });
      case 'deprecation_notice':
        return once({ type: 'error', message: withDetails(msg.summary, msg.details) });
      case 'model_reroute':
        return once({ type: 'error', message: `${msg.to_model} answers instead of ${msg.from_model}` });
      case 'token_count':
        usage = msg.info?.total_token_usage ?? usage;
        return [];
      case 'stream_error':
        lastError = withDetails(msg.message, msg.details);
        return [{ type: 'error', message: lastError }];
      case 'error':
        lastError = msg.message;
        return [{ type: 'error', message: msg.message }];
      case 'task_complete': {
        const lines = closeAll();
        if (msg.error === undefined) {
          end = { kind: 'completed', lastMessage: msg.last_agent_message };
          return [...lines, { type: 'turn.completed', usage: partsOf(usage) }];
        }
        end = { kind: 'failed', message: lastError ?? GENERIC_FAILURE };
        return [...lines, { type: 'turn.failed', error: { message: end.message } }];
      }
      case 'turn_aborted':
        // The end of the stream is the end of such a turn (trap 33).
        end = { kind: 'interrupted' };
        return closeAll();
      default:
        return [];
    }
  };
  return {
    accept,
    get end() {
      return end;
    },
  };
}

function completedItem(item: TurnItem): ThreadItemFacts[] {
  if (item.type === 'AgentMessage') return [{ type: 'agent_message', text: item.text }];
  if (item.type !== 'Reasoning') return [];
  const text = item.summary.join('\n');
  return text.trim() === '' ? [] : [{ type: 'reasoning', text }];
}

function fileChange(
  changes: readonly { readonly path: string; readonly kind: 'add' | 'delete' | 'update' }[],
  status: 'in_progress' | 'completed' | 'failed',
): ThreadItemFacts {
  return { type: 'file_change', changes: changes.map(({ path, kind }) => ({ path, kind })), status };
}

type McpEnd = Extract<EventMsg, { readonly type: 'mcp_tool_call_end' }>['result'];

function mcpToolCall(invocation: McpInvocation, end?: McpEnd): ThreadItemFacts {
  const call = { type: 'mcp_tool_call', ...invocation } as const;
  if (end === undefined) return { ...call, result: null, error: null, status: 'in_progress' };
  if ('Err' in end) return { ...call, result: null, error: { message: end.Err }, status: 'failed' };
  const { content, structuredContent, isError, _meta } = end.Ok;
  const result = { content, ...(_meta && { _meta }), structured_content: structuredContent };
  return { ...call, result, error: null, status: isError ? 'failed' : 'completed' };
}

function webSearch(
  callId: string,
  end?: Extract<EventMsg, { readonly type: 'web_search_end' }>,
): ThreadItemFacts {
  return {
    type: 'web_search',
    call_id: callId,
    query: end?.query ?? '',
    action: end?.action ?? { type: 'other' },
  };
}

/** What an item says that nobody finished. */
function closed(item: ThreadItem): ThreadItem {
  return 'status' in item ? { ...item, status: 'failed' } : item;
}

const withDetails = (text: string, details: string | undefined): string =>
  details === undefined ? text : `${text} (${details})`;

/** A turn's line has the parts, and no sum. */
function partsOf(usage: TokenUsage): Omit<TokenUsage, 'total_tokens'> {
  const { input_tokens, cached_input_tokens, output_tokens, reasoning_output_tokens } = usage;
  return { input_tokens, cached_input_tokens, output_tokens, reasoning_output_tokens };
}
