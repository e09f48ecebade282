import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../host/clock.ts';
import type { RolloutLine } from '../../../store/rollouts/line.ts';

type Payload = Readonly<Record<string, unknown>>;

/**
 * Turns lines into those of a file that the real agent began in its paginated mode: there, what people and the model said
 * stands in `item_completed` events, and readers of such a file know no other ones. All other lines stay as they are.
 */
export function createPaginator({
  threadId,
  clock,
}: {
  readonly threadId: string;
  readonly clock: Clock;
}): (line: RolloutLine) => RolloutLine {
  let turnId: unknown = '';
  return (line) => {
    if (line.type !== 'event_msg') return line;
    if (line.payload['type'] === 'task_started') turnId = line.payload['turn_id'];
    const item = itemOf(line.payload);
    if (!item) return line;
    const nowMs = clock.now();
    return {
      type: 'event_msg',
      payload: {
        type: 'item_completed',
        thread_id: threadId,
        turn_id: turnId,
        item: { ...item, id: randomUUID() },
        started_at_ms: nowMs,
        completed_at_ms: nowMs,
      },
    };
  };
}

function itemOf(event: Payload): Payload | undefined {
  switch (event['type']) {
    case 'user_message':
      return { type: 'UserMessage', content: [{ type: 'text', text: event['message'], text_elements: [] }] };
    case 'agent_message':
      return { type: 'AgentMessage', content: [{ type: 'Text', text: event['message'] }] };
    case 'agent_reasoning':
      return { type: 'Reasoning', summary_text: [event['text']], raw_content: [] };
    default:
      return undefined;
  }
}
