import type { ExecutionStatus, ExecutionWindow } from '../model/execution.ts';
import type { InferenceCall } from '../model/inference.ts';
import type { AgentThread, CodexTurn, InteractionEdge } from '../model/thread.ts';
import type { CompactionRequest } from '../model/compaction.ts';
import type { TerminalSession } from '../model/terminal.ts';
import type { CodeCell, ToolCall } from '../model/tool.ts';
import type { RolloutTrace } from '../model/trace.ts';
import type { TimeWindow } from './axis.ts';
import { lookUp, nameOfThread, nameOfTool } from './names.ts';
import { attemptsOf } from './attempts.ts';
import type { Attempt } from './attempts.ts';

/** What a bar of the waterfall stands for. */
export type StepKind = StepSubject['kind'];

/** What a step is in the trace. */
export type StepSubject =
  | { readonly kind: 'inference'; readonly call: InferenceCall; readonly attempt: Attempt }
  | { readonly kind: 'tool' | 'terminal' | 'mcp' | 'agent'; readonly tool: ToolCall }
  | { readonly kind: 'code'; readonly cell: CodeCell }
  | { readonly kind: 'session'; readonly session: TerminalSession }
  | { readonly kind: 'compaction'; readonly request: CompactionRequest };

/** Something that happened within a turn. Texts are as they are in the trace. */
export interface Step extends TimeWindow {
  /** Place in the whole trace, from 1: what links point at. */
  readonly number: number;
  readonly subject: StepSubject;
  readonly id: string;
  readonly status: ExecutionStatus;
  readonly startedSeq: number;
  readonly title: string;
}

/** A turn with what happened in it; without `turn`, what a thread did outside of its turns. */
export interface Chapter extends TimeWindow {
  readonly number: number;
  readonly turn: CodexTurn | null;
  readonly thread: StoryThread;
  readonly status: ExecutionStatus;
  readonly steps: readonly Step[];
}

export interface StoryThread {
  readonly thread: AgentThread;
  readonly name: string;
  /** 0 is the first. */
  readonly lane: number;
}

/** A trace as it is told: by threads and turns, in the order in which things began. */
export interface Story {
  readonly threads: readonly StoryThread[];
  readonly chapters: readonly Chapter[];
  readonly edges: readonly InteractionEdge[];
}

export function storyOf(trace: RolloutTrace): Story {
  const threads = Object.values(trace.threads)
    .toSorted((one, other) => one.execution.started_seq - other.execution.started_seq)
    .map((thread, lane): StoryThread => ({ thread, lane, name: nameOfThread(thread) }));
  const drafts = draftSteps(trace);
  let steps = 1;
  const chapters: Omit<Chapter, 'number'>[] = [];
  const numbered = (found: readonly Omit<Step, 'number'>[]): readonly Step[] =>
    found
      .toSorted((one, other) => one.startMs - other.startMs || one.startedSeq - other.startedSeq)
      .map((step) => ({ ...step, number: steps++ }));
  const turns = Map.groupBy(Object.values(trace.codex_turns), (turn) => turn.thread_id);
  for (const thread of threads) {
    const id = thread.thread.thread_id;
    for (const turn of turns.get(id) ?? [])
      chapters.push({
        turn,
        thread,
        ...windowOf(turn.execution),
        status: turn.execution.status,
        steps: numbered(drafts.ofTurn.get(turn.codex_turn_id) ?? []),
      });
    const outside = drafts.ofThread.get(id) ?? [];
    const [first] = outside;
    if (first)
      chapters.push({
        turn: null,
        thread,
        startMs: outside.reduce((start, step) => Math.min(start, step.startMs), first.startMs),
        endMs: outside.reduce((end, step) => Math.max(end, step.endMs ?? step.startMs), first.startMs),
        status: 'completed',
        steps: numbered(outside),
      });
  }
  return {
    threads,
    chapters: chapters
      .toSorted((one, other) => one.startMs - other.startMs)
      .map((chapter, index) => ({ ...chapter, number: index + 1 })),
    edges: Object.values(trace.interaction_edges).toSorted(
      (one, other) => one.started_at_unix_ms - other.started_at_unix_ms,
    ),
  };
}

const windowOf = ({ started_at_unix_ms: startMs, ended_at_unix_ms: endMs }: ExecutionWindow): TimeWindow => ({
  startMs,
  endMs,
});

type DraftStep = Omit<Step, 'number'>;
interface DraftSteps {
  readonly ofTurn: ReadonlyMap<string, readonly DraftStep[]>;
  /** What belongs to no turn. */
  readonly ofThread: ReadonlyMap<string, readonly DraftStep[]>;
}

function draftSteps(trace: RolloutTrace): DraftSteps {
  const ofTurn = new Map<string, DraftStep[]>();
  const ofThread = new Map<string, DraftStep[]>();
  const add = (
    { turnId, threadId }: { readonly turnId: string | null; readonly threadId: string },
    step: Omit<DraftStep, 'startMs' | 'endMs' | 'status' | 'startedSeq'>,
    execution: ExecutionWindow,
  ): void => {
    const isOfTurn = turnId !== null && Object.hasOwn(trace.codex_turns, turnId);
    const [group, key] = isOfTurn ? [ofTurn, turnId] : [ofThread, threadId];
    const steps = group.get(key) ?? [];
    group.set(key, steps);
    steps.push({
      ...step,
      ...windowOf(execution),
      status: execution.status,
      startedSeq: execution.started_seq,
    });
  };
  const calls = Object.values(trace.inference_calls);
  const attempts = attemptsOf(calls);
  for (const call of calls)
    add(
      { turnId: call.codex_turn_id, threadId: call.thread_id },
      {
        subject: {
          kind: 'inference',
          call,
          attempt: attempts.get(call.inference_call_id) ?? { number: 1, isUnauthorized: false },
        },
        id: call.inference_call_id,
        title: call.model,
      },
      call.execution,
    );
  for (const tool of Object.values(trace.tool_calls))
    add(
      { turnId: tool.started_by_codex_turn_id, threadId: tool.thread_id },
      { subject: { kind: kindOfTool(tool), tool }, id: tool.tool_call_id, title: nameOfTool(tool) },
      tool.execution,
    );
  for (const cell of Object.values(trace.code_cells))
    add(
      { turnId: cell.codex_turn_id, threadId: cell.thread_id },
      { subject: { kind: 'code', cell }, id: cell.code_cell_id, title: 'JavaScript' },
      cell.execution,
    );
  for (const session of Object.values(trace.terminal_sessions)) {
    // A command that nothing was typed into is told by its call.
    if (session.operation_ids.length < 2) continue;
    const operation = lookUp(trace.terminal_operations, session.created_by_operation_id);
    const tool = lookUp(trace.tool_calls, operation?.tool_call_id);
    add(
      { turnId: tool?.started_by_codex_turn_id ?? null, threadId: session.thread_id },
      { subject: { kind: 'session', session }, id: session.terminal_id, title: 'session' },
      session.execution,
    );
  }
  for (const request of Object.values(trace.compaction_requests))
    add(
      { turnId: request.codex_turn_id, threadId: request.thread_id },
      { subject: { kind: 'compaction', request }, id: request.compaction_request_id, title: request.model },
      request.execution,
    );
  return { ofTurn, ofThread };
}

const AGENT_TOOLS: ReadonlySet<string> = new Set([
  'spawn_agent',
  'assign_agent_task',
  'send_message',
  'wait_agent',
  'close_agent',
]);

function kindOfTool({
  kind,
  terminal_operation_id: operation,
}: ToolCall): 'tool' | 'terminal' | 'mcp' | 'agent' {
  if (kind.type === 'mcp') return 'mcp';
  if (AGENT_TOOLS.has(kind.type)) return 'agent';
  return operation === null ? 'tool' : 'terminal';
}
