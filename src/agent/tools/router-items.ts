import type {
  MessageItem,
  ResponseItem,
  ToolCallItem,
  ToolOutputContent,
  ToolOutputItem,
  ToolSearchOutputItem,
} from '../protocol/item.ts';
import type { ToolSpec } from './spec.ts';
import type { ToolCall } from './tool.ts';

/** Whether an item waits for an output of ours. What the provider runs by itself does not. */
export function isToolCall(item: ResponseItem): item is ToolCallItem {
  switch (item.type) {
    case 'function_call':
    case 'custom_tool_call':
      return true;
    case 'local_shell_call':
      return callIdOf(item) !== undefined;
    case 'tool_search_call':
      return item.execution === 'client' && callIdOf(item) !== undefined;
    default:
      return false;
  }
}

export const isToolOutput = (item: ResponseItem): item is ToolOutputItem =>
  item.type === 'function_call_output' ||
  item.type === 'custom_tool_call_output' ||
  item.type === 'tool_search_output';

/** What pairs a call with its outputs; old shell calls may have nothing but an id. */
export function callIdOf(item: ToolCallItem | ToolOutputItem): string | undefined {
  const id = item.type === 'local_shell_call' ? (item.call_id ?? item.id) : item.call_id;
  return id ?? undefined;
}

/** The call that an item is. */
export function toolCallOf(item: ToolCallItem): ToolCall {
  const callId = callIdOf(item) ?? '';
  switch (item.type) {
    case 'function_call':
      return {
        callId,
        name: item.name,
        ...(item.namespace ? { namespace: item.namespace } : {}),
        payload: { kind: 'function', arguments: item.arguments },
      };
    case 'custom_tool_call':
      return {
        callId,
        name: item.name,
        ...(item.namespace ? { namespace: item.namespace } : {}),
        payload: { kind: 'custom', input: item.input },
      };
    case 'local_shell_call':
      return {
        callId,
        name: 'local_shell',
        payload: { kind: 'function', arguments: JSON.stringify(item.action) },
      };
    case 'tool_search_call':
      return { callId, name: 'tool_search', payload: { kind: 'search', arguments: item.arguments } };
  }
}

/**
 * What is recorded for a call that failed. The output of a search has no room for words, so that a message brings them.
 */
export function failureItems(item: ToolCallItem, text: string): FailureItems {
  if (item.type !== 'tool_search_call') return { output: outputFor(item, { content: text }) };
  const output = { ...searchOutput(item, []), status: 'incomplete' };
  const content = [{ type: 'input_text', text: `tool_search failed: ${text}` }] as const;
  return { output, note: { type: 'message', role: 'developer', content } };
}

export interface FailureItems {
  readonly output: ToolOutputItem;
  /** Stands behind the output. */
  readonly note?: MessageItem;
}

/** The output item that answers a call, in the shape that the API wants for its kind. */
export function outputFor(
  item: ToolCallItem,
  result: { readonly content: ToolOutputContent; readonly tools?: readonly ToolSpec[] | undefined },
): ToolOutputItem {
  const call_id = callIdOf(item) ?? '';
  switch (item.type) {
    case 'custom_tool_call':
      return { type: 'custom_tool_call_output', call_id, output: result.content };
    case 'tool_search_call':
      return searchOutput(item, result.tools ?? []);
    default:
      return { type: 'function_call_output', call_id, output: result.content };
  }
}

const searchOutput = (item: ToolCallItem, found: readonly ToolSpec[]): ToolSearchOutputItem => ({
  type: 'tool_search_output',
  call_id: callIdOf(item) ?? '',
  status: 'completed',
  execution: 'client',
  // Specs are JSON by their nature; the item is older than their type.
  tools: JSON.parse(JSON.stringify(found)) as [],
});
