import type { ExecutionStatus, ExecutionWindow } from './model/execution.ts';
import type { InferenceCall } from './model/inference.ts';
import type { AgentThread, CodexTurn, InteractionEdge } from './model/thread.ts';
import type { ToolCall } from './model/tool.ts';
import type { RolloutTrace } from './model/trace.ts';
import { authLines, authLinesOfCall } from './timeline-auth.ts';
import { detailsOfInference, detailsOfTool } from './timeline-details.ts';

/** A line of what happened. Texts are as they are in the trace: whoever shows them redacts them. */
export interface TimelineRow {
  readonly kind: 'thread' | 'turn' | 'inference' | 'tool' | 'compaction' | 'edge';
  readonly id: string;
  /** 0 for threads and edges, 1 for turns and what belongs to none, 2 for what happened in a turn. */
  readonly depth: 0 | 1 | 2;
  /** Since the trace began; null where the trace does not say. */
  readonly offsetMs: number | null;
  readonly durationMs: number | null;
  readonly status: ExecutionStatus;
  readonly title: string;
  readonly details: readonly string[];
}

/** What happened in the order in which it began: thread by thread, turn by turn, then what went between threads. */
export function timelineOf(trace: RolloutTrace): readonly TimelineRow[] {
  const threads = Object.values(trace.threads).toSorted(byStart);
  const edges = Object.values(trace.interaction_edges).toSorted(
    (one, other) => one.started_at_unix_ms - other.started_at_unix_ms,
  );
  return [
    ...threads.flatMap((thread) => rowsOfThread(trace, thread)),
    ...edges.map((edge) => edgeRow(trace, edge)),
  ];
}

interface Executed {
  readonly execution: ExecutionWindow;
}
const byStart = (one: Executed, other: Executed): number =>
  one.execution.started_seq - other.execution.started_seq;

function rowsOfThread(trace: RolloutTrace, thread: AgentThread): readonly TimelineRow[] {
  const id = thread.thread_id;
  const turns = Object.values(trace.codex_turns).filter((turn) => turn.thread_id === id);
  const outside = Object.values(trace.tool_calls).filter(
    (tool) => tool.thread_id === id && tool.started_by_codex_turn_id === null,
  );
  const name = thread.nickname === null ? '' : ` (${thread.nickname})`;
  return [
    {
      kind: 'thread',
      id,
      depth: 0,
      ...timesOf(trace, thread.execution),
      title: `${agentName(thread.agent_path)}${name}`,
      details: [id, ...(thread.default_model === null ? [] : [thread.default_model])],
    },
    ...turns.toSorted(byStart).flatMap((turn) => rowsOfTurn(trace, turn)),
    ...outside.toSorted(byStart).map((tool) => toolRow(trace, tool, OUTSIDE_OF_TURNS)),
  ];
}

/** Agents have paths that look like those of files, and are none. */
function agentName(path: string): string {
  return path === '/root' ? 'main agent' : `agent ${path.replace(/^\/root\//, '')}`;
}

const OUTSIDE_OF_TURNS = 1;
const WITHIN_A_TURN: TimelineRow['depth'] = 2;

function rowsOfTurn(trace: RolloutTrace, turn: CodexTurn): readonly TimelineRow[] {
  const id = turn.codex_turn_id;
  const within: readonly { readonly seq: number; readonly row: TimelineRow }[] = [
    ...Object.values(trace.inference_calls)
      .filter((call) => call.codex_turn_id === id)
      .map((call) => ({ seq: call.execution.started_seq, row: inferenceRow(trace, call) })),
    ...Object.values(trace.tool_calls)
      .filter((tool) => tool.started_by_codex_turn_id === id)
      .map((tool) => ({ seq: tool.execution.started_seq, row: toolRow(trace, tool, WITHIN_A_TURN) })),
    ...Object.values(trace.compaction_requests)
      .filter((request) => request.codex_turn_id === id)
      .map((request) => ({
        seq: request.execution.started_seq,
        row: {
          kind: 'compaction' as const,
          id: request.compaction_request_id,
          depth: WITHIN_A_TURN,
          ...timesOf(trace, request.execution),
          title: `compaction by ${request.model}`,
          details: compactionDetails(trace, request.compaction_id),
        },
      })),
  ];
  return [
    {
      kind: 'turn',
      id,
      depth: 1,
      ...timesOf(trace, turn.execution),
      title: 'turn',
      details: [id, ...authLines(turn.auth_facts)],
    },
    ...within.toSorted((one, other) => one.seq - other.seq).map(({ row }) => row),
  ];
}

function compactionDetails({ compactions }: RolloutTrace, id: string): readonly string[] {
  const installed = compactions[id];
  if (!installed) return ['the conversation stayed as it was'];
  const [before, after] = [installed.input_item_ids.length, installed.replacement_item_ids.length];
  return [`${before} items became ${after}`];
}

const inferenceRow = (trace: RolloutTrace, call: InferenceCall): TimelineRow => ({
  kind: 'inference',
  id: call.inference_call_id,
  depth: WITHIN_A_TURN,
  ...timesOf(trace, call.execution),
  title: `model ${call.model}`,
  details: [...detailsOfInference(trace, call), ...authLinesOfCall(call.auth_facts)],
});

const toolRow = (trace: RolloutTrace, tool: ToolCall, depth: TimelineRow['depth']): TimelineRow => ({
  kind: 'tool',
  id: tool.tool_call_id,
  depth,
  ...timesOf(trace, tool.execution),
  title: `tool ${nameOfTool(tool)}`,
  details: detailsOfTool(trace, tool),
});

function nameOfTool({ kind, summary }: ToolCall): string {
  if (kind.type === 'mcp') return `${kind.server}/${kind.tool}`;
  if (summary.type === 'generic') return summary.label;
  return kind.type === 'other' ? kind.name : kind.type;
}

function edgeRow(trace: RolloutTrace, edge: InteractionEdge): TimelineRow {
  const path = ({ thread_id: id }: { readonly thread_id: string }): string =>
    agentName(trace.threads[id]?.agent_path ?? id);
  const place = (anchor: InteractionEdge['source']): string => {
    if (anchor.type === 'thread') return path(anchor);
    const owner =
      anchor.type === 'tool_call'
        ? trace.tool_calls[anchor.tool_call_id]
        : trace.conversation_items[anchor.item_id];
    return owner ? path(owner) : 'an unknown thread';
  };
  const { started_at_unix_ms: start, ended_at_unix_ms: end } = edge;
  return {
    kind: 'edge',
    id: edge.edge_id,
    depth: 0,
    offsetMs: start - trace.started_at_unix_ms,
    durationMs: end === null ? null : end - start,
    status: end === null ? 'running' : 'completed',
    title: `${edge.kind.replaceAll('_', ' ')} ${place(edge.source)} → ${place(edge.target)}`,
    details: [],
  };
}

function timesOf(
  trace: RolloutTrace,
  { started_at_unix_ms: start, ended_at_unix_ms: end, status }: ExecutionWindow,
): Pick<TimelineRow, 'offsetMs' | 'durationMs' | 'status'> {
  return {
    offsetMs: start - trace.started_at_unix_ms,
    durationMs: end === null ? null : end - start,
    status,
  };
}
