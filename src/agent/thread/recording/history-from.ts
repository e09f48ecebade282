import type { RolloutLine } from '../../../store/rollouts/line.ts';
import type { TokenUsageInfo } from '../../protocol/event.ts';
import type { ResponseItem } from '../../protocol/item.ts';
import { isPrompt } from '../context.ts';
import { storedItem } from './stored-item.ts';
import { storedUsage } from './stored-usage.ts';

/** What a thread knew when it was last written. */
export interface RestoredHistory {
  /**
   * As they were recorded, compactions and rollbacks applied. A call without an output stays without one: what the model is
   * sent gets it then (spec/agent-core.md 1.5).
   */
  readonly items: readonly ResponseItem[];
  readonly lastTurnContext: Readonly<Record<string, unknown>> | undefined;
  /** Of the last `token_count`. */
  readonly tokenUsage: TokenUsageInfo | undefined;
  /** The last turn has begun and has not ended: the process was killed, or still runs. */
  readonly isMidTurn: boolean;
}

/** Plays the lines of a thread, in order. Lines that mean nothing to a conversation are passed over. */
export function historyFrom(lines: readonly RolloutLine[]): RestoredHistory {
  let items: ResponseItem[] = [];
  let lastTurnContext: RestoredHistory['lastTurnContext'];
  let tokenUsage: TokenUsageInfo | undefined;
  let isMidTurn = false;

  for (const { type, payload } of lines) {
    switch (type) {
      case 'session_meta':
        break;
      case 'turn_context':
        lastTurnContext = payload;
        break;
      case 'response_item':
        items.push(...kept([payload]));
        break;
      case 'compacted':
        items = compacted(items, payload);
        break;
      case 'event_msg':
        switch (payload['type']) {
          case 'task_started':
          case 'turn_started':
            isMidTurn = true;
            break;
          case 'task_complete':
          case 'turn_complete':
          case 'turn_aborted':
            isMidTurn = false;
            break;
          case 'thread_rolled_back':
            items = withoutLastTurns(items, Number(payload['num_turns']));
            break;
          case 'token_count':
            tokenUsage = storedUsage(payload['info']) ?? tokenUsage;
        }
    }
  }
  return { items, lastTurnContext, tokenUsage, isMidTurn };
}

const kept = (values: readonly unknown[]): ResponseItem[] =>
  values.flatMap((value) => storedItem(value) ?? []);

/** Without a replacement, as early releases wrote it: what the user had said, and the summary. */
function compacted(
  items: readonly ResponseItem[],
  payload: Readonly<Record<string, unknown>>,
): ResponseItem[] {
  const { replacement_history: replacement, message } = payload;
  if (Array.isArray(replacement)) return kept(replacement);
  const summary: ResponseItem = {
    type: 'message',
    role: 'user',
    content: [{ type: 'input_text', text: typeof message === 'string' ? message : '' }],
  };
  return [...items.filter(isPrompt), summary];
}

/** Drops the last prompts with everything that came after them (spec/agent-core.md 1.5, rollback). */
export function withoutLastTurns(items: readonly ResponseItem[], turns: number): ResponseItem[] {
  if (!(turns >= 1)) return [...items];
  const prompts = items.flatMap((item, index) => (isPrompt(item) ? [index] : []));
  if (prompts.length === 0) return [...items];
  return items.slice(0, prompts[Math.max(0, prompts.length - turns)]);
}
