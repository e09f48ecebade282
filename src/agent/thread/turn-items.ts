import type { EventMsg } from '../protocol/event.ts';
import type { TurnId } from '../protocol/ids.ts';
import type { ResponseItem, WebSearchCallItem } from '../protocol/item.ts';
import type { TurnItem } from '../protocol/turn-item.ts';
import { shownInput } from './user-input.ts';

/** An item of the model as readers of the turn see it; undefined for what is shown by other events, such as calls. */
export function turnItemOf(item: ResponseItem, id: string): TurnItem | undefined {
  switch (item.type) {
    case 'message': {
      if (item.role !== 'assistant') return undefined;
      const text = item.content.map((part) => ('text' in part ? part.text : '')).join('');
      return { type: 'AgentMessage', id, text, ...(item.phase !== undefined && { phase: item.phase }) };
    }
    case 'reasoning':
      return {
        type: 'Reasoning',
        id,
        summary: item.summary.map(({ text }) => text),
        rawContent: (item.content ?? []).map(({ text }) => text),
      };
    case 'web_search_call':
      return { type: 'WebSearch', id, query: searched(item), action: item.action ?? { type: 'other' } };
    case 'image_generation_call':
      return {
        type: 'ImageGeneration',
        id,
        status: item.status,
        ...(item.revised_prompt && { revisedPrompt: item.revised_prompt }),
      };
    default:
      return undefined;
  }
}

function searched({ action }: WebSearchCallItem): string {
  const words = action?.['query'] ?? action?.['url'];
  if (typeof words === 'string') return words;
  const queries = action?.['queries'];
  return Array.isArray(queries) ? queries.join(' ') : '';
}

/** An item began: its event, and the older ones that mean the same. */
export function startedEvents(turnId: TurnId, item: TurnItem): EventMsg[] {
  const started: EventMsg = { type: 'item_started', turn_id: turnId, item };
  switch (item.type) {
    case 'WebSearch':
      return [started, { type: 'web_search_begin', call_id: item.id }];
    case 'ImageGeneration':
      return [started, { type: 'image_generation_begin', call_id: item.id }];
    default:
      return [started];
  }
}

/** An item is whole: its event, and the older ones that mean the same. */
export function completedEvents(turnId: TurnId, item: TurnItem): EventMsg[] {
  return [{ type: 'item_completed', turn_id: turnId, item }, ...olderEvents(item)];
}

function olderEvents(item: TurnItem): EventMsg[] {
  switch (item.type) {
    case 'UserMessage':
      return [{ type: 'user_message', ...shownInput(item.content) }];
    case 'AgentMessage':
      return [
        {
          type: 'agent_message',
          message: item.text,
          ...(item.phase !== undefined && { phase: item.phase }),
        },
      ];
    case 'Reasoning':
      return [
        ...item.summary.map((text): EventMsg => ({ type: 'agent_reasoning', text })),
        ...item.rawContent.map((text): EventMsg => ({ type: 'agent_reasoning_raw_content', text })),
      ];
    case 'WebSearch':
      return [{ type: 'web_search_end', call_id: item.id, query: item.query, action: item.action }];
    case 'ImageGeneration':
      return [
        {
          type: 'image_generation_end',
          call_id: item.id,
          status: item.status,
          ...(item.revisedPrompt !== undefined && { revised_prompt: item.revisedPrompt }),
          ...(item.savedPath !== undefined && { saved_path: item.savedPath }),
        },
      ];
    case 'ContextCompaction':
      return [{ type: 'context_compacted' }];
    case 'Plan':
    case 'ImageView':
    case 'FileChange':
    case 'McpToolCall':
      return [];
  }
}
