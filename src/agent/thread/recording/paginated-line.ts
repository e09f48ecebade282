import type { RolloutLine } from '../../../store/rollouts/line.ts';

type Payload = Readonly<Record<string, unknown>>;

/**
 * A line for a file that the real agent began in its paginated mode: there, what people and the model said stands in
 * `item_completed` events, and a reader of such a file knows no other ones. All other lines stay as they are.
 */
export function paginatedLine(
  line: RolloutLine,
  {
    threadId,
    turnId,
    nowMs,
  }: { readonly threadId: string; readonly turnId?: string; readonly nowMs: number },
): RolloutLine {
  if (line.type !== 'event_msg') return line;
  const item = itemOf(line.payload, `${nowMs}`);
  if (!item) return line;
  return {
    type: 'event_msg',
    payload: {
      type: 'item_completed',
      thread_id: threadId,
      turn_id: turnId ?? '',
      item,
      started_at_ms: nowMs,
      completed_at_ms: nowMs,
    },
  };
}

function itemOf(event: Payload, id: string): Payload | undefined {
  switch (event['type']) {
    case 'user_message':
      return {
        type: 'UserMessage',
        id,
        content: [{ type: 'text', text: event['message'], text_elements: [] }],
      };
    case 'agent_message':
      return { type: 'AgentMessage', id, content: [{ type: 'Text', text: event['message'] }] };
    case 'agent_reasoning':
      return { type: 'Reasoning', id, summary_text: [event['text']], raw_content: [] };
    default:
      return undefined;
  }
}
