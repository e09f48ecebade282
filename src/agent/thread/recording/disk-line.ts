import type { RolloutLine } from '../../../store/rollouts/line.ts';
import type { EventMsg } from '../../protocol/event.ts';
import type { FileChange } from '../../protocol/turn-item.ts';
import { isKeptItem } from './stored-item.ts';

type Payload = Readonly<Record<string, unknown>>;

/**
 * Events that a rollout keeps, each in the shape that codex 0.169 reads (spec/agent-core.md 8.2). Live-only ones, such as
 * deltas, approvals, warnings and errors, have no entry: they would be told again on resume.
 */
const KEPT_EVENTS: {
  readonly [Type in EventMsg['type']]?: (
    event: Extract<EventMsg, { type: Type }>,
    threadId: string,
  ) => Payload;
} = {
  user_message: (event) => ({ ...event, text_elements: [] }),
  agent_message: (event) => ({ ...event }),
  agent_reasoning: (event) => ({ ...event }),
  agent_reasoning_raw_content: (event) => ({ ...event }),
  token_count: (event) => ({ ...event }),
  context_compacted: (event) => ({ ...event }),
  thread_rolled_back: (event) => ({ ...event }),
  turn_aborted: (event) => ({ ...event }),
  task_started: (event) => ({ ...event }),
  // Its error was told by an event of its own, which is live only.
  task_complete: ({ error: _error, ...event }) => event,
  web_search_end: (event) => ({ ...event }),
  image_generation_end: (event) => ({ result: '', ...event }),
  patch_apply_end: ({ changes, ...event }) => ({
    ...event,
    changes: Object.fromEntries(changes.map((change) => [change.path, diskChange(change)])),
  }),
  mcp_tool_call_end: ({ duration_ms: durationMs, ...event }) => ({
    ...event,
    duration: diskDuration(durationMs),
  }),
  item_completed: (event, threadId) => ({ ...event, thread_id: threadId }),
};

/** The line as it is written, or undefined where the rollout does not keep it. */
export function diskLine(line: RolloutLine, threadId: string): RolloutLine | undefined {
  if (line.type === 'response_item') return isKeptItem(line.payload) ? line : undefined;
  if (line.type !== 'event_msg') return line;
  const event = line.payload as unknown as EventMsg;
  // Of typed items only the plan, which no older event tells.
  if (event.type === 'item_completed' && event.item.type !== 'Plan') return undefined;
  const shape = KEPT_EVENTS[event.type] as ((event: EventMsg, threadId: string) => Payload) | undefined;
  return shape && { type: 'event_msg', payload: shape(event, threadId) };
}

function diskChange({ kind, diff, movedTo }: FileChange): Payload {
  if (kind === 'update') return { type: 'update', unified_diff: diff, move_path: movedTo ?? null };
  return { type: kind, content: diff };
}

const NANOS_PER_MS = 1_000_000;

const diskDuration = (milliseconds: number): Payload => ({
  secs: Math.floor(milliseconds / 1_000),
  nanos: Math.floor((milliseconds % 1_000) * NANOS_PER_MS),
});
