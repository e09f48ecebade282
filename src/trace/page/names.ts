import type { EdgeAnchor, AgentThread } from '../model/thread.ts';
import type { ToolCall } from '../model/tool.ts';
import type { RolloutTrace } from '../model/trace.ts';

/** A member of a map of the trace: its own, not what every object has by nature. */
export const lookUp = <Value>(
  map: Readonly<Record<string, Value>>,
  id: string | null | undefined,
): Value | undefined => (typeof id === 'string' && Object.hasOwn(map, id) ? map[id] : undefined);

/** Agents have paths that look like those of files, and are none. */
export function nameOfThread({ agent_path: path, nickname }: AgentThread): string {
  const name = path === '/root' ? 'main agent' : `agent ${path.replace(/^\/root\//, '')}`;
  return nickname === null ? name : `${name} (${nickname})`;
}

export function nameOfTool({ kind, summary }: ToolCall): string {
  if (kind.type === 'mcp') return `${kind.server}/${kind.tool}`;
  if (summary.type === 'generic') return summary.label;
  return kind.type === 'other' ? kind.name : kind.type;
}

/** The thread that an end of an edge belongs to; undefined where the trace does not know it. */
export function threadOfAnchor(trace: RolloutTrace, anchor: EdgeAnchor): string | undefined {
  switch (anchor.type) {
    case 'thread':
      return anchor.thread_id;
    case 'tool_call':
      return lookUp(trace.tool_calls, anchor.tool_call_id)?.thread_id;
    case 'conversation_item':
      return lookUp(trace.conversation_items, anchor.item_id)?.thread_id;
  }
}
