import type { PayloadReference } from '../event/payload.ts';
import type { EventOf } from '../event/event.ts';
import type { Compaction, CompactionRequest } from '../model/compaction.ts';
import type { ConversationItem } from '../model/conversation.ts';
import type { InferenceCall } from '../model/inference.ts';
import type { TerminalOperation, TerminalSession } from '../model/terminal.ts';
import type { AgentThread, CodexTurn, InteractionEdge } from '../model/thread.ts';
import type { CodeCell, ToolCall } from '../model/tool.ts';
import type { RolloutTrace } from '../model/trace.ts';
import type { PayloadStore } from './payload-store.ts';

/** A part of the model while it is being made. */
export type Mutable<Value> = Value extends readonly (infer Member)[]
  ? Mutable<Member>[]
  : Value extends object
    ? { -readonly [Key in keyof Value]: Mutable<Value[Key]> }
    : Value;

type Header = Mutable<
  Pick<
    RolloutTrace,
    'trace_id' | 'rollout_id' | 'started_at_unix_ms' | 'ended_at_unix_ms' | 'status' | 'recording_complete'
  >
> & { root_thread_id: string };

/** The model as far as the events have told it, and what is needed to go on. */
export interface Draft {
  readonly payloads: PayloadStore;
  readonly header: Header;
  readonly threads: Map<string, Mutable<AgentThread>>;
  readonly turns: Map<string, Mutable<CodexTurn>>;
  readonly items: Map<string, Mutable<ConversationItem>>;
  readonly inferences: Map<string, Mutable<InferenceCall>>;
  readonly cells: Map<string, Mutable<CodeCell>>;
  readonly tools: Map<string, Mutable<ToolCall>>;
  readonly sessions: Map<string, Mutable<TerminalSession>>;
  readonly operations: Map<string, Mutable<TerminalOperation>>;
  readonly compactions: Map<string, Mutable<Compaction>>;
  readonly compactionRequests: Map<string, Mutable<CompactionRequest>>;
  readonly edges: Map<string, Mutable<InteractionEdge>>;
  readonly references: Map<string, PayloadReference>;
  /** By thread. */
  readonly conversations: Map<string, ThreadConversation>;
  /** By item: what it is compared by. */
  readonly fingerprints: Map<string, string>;
  /** By operation. */
  readonly processes: Map<string, string>;
  /** By edge: information whose arrival has not been seen yet. */
  readonly pendingEdges: Map<string, PendingEdge>;
  /** Items that an edge has delivered. */
  readonly delivered: Set<string>;
}

/** What is known of a thread's conversation besides its items. */
export interface ThreadConversation {
  /** The items of the latest request and its answer: what the next request is compared with. */
  base: string[];
  /** Items that a request, a compaction or the agent's history holds. */
  readonly held: Set<string>;
  /** By the id of the API: when the agent took an item in, and the items of that id. */
  readonly accepted: Map<string, { readonly atMs: number; readonly seq: number }>;
  readonly itemsByResponsesId: Map<string, string[]>;
  /** By call id of the model. */
  readonly callItems: Map<string, string[]>;
  readonly outputItems: Map<string, string[]>;
  readonly toolByCallId: Map<string, string>;
  /** Calls of the model by their response. */
  readonly inferenceByResponseId: Map<string, string>;
  /** By the id that the runtime gave it; and those whose source has not been seen yet, by call id. */
  readonly cellByRuntimeId: Map<string, string>;
  readonly queuedCells: Map<string, QueuedCell>;
  readonly terminalByProcess: Map<string, string>;
}

export interface QueuedCell {
  readonly started: At<EventOf<'code_cell_started'>>;
  readonly later: At<EventOf<'code_cell_initial_response' | 'code_cell_ended'>>[];
}

export interface PendingEdge {
  readonly edge: Mutable<InteractionEdge>;
  readonly from: string;
  readonly to: string;
  readonly message: string;
}

/** An event with its place in the trace. */
export interface At<Payload> {
  readonly payload: Payload;
  readonly seq: number;
  readonly atMs: number;
  readonly threadId: string | undefined;
  readonly turnId: string | undefined;
}

export function newDraft(header: Header, payloads: PayloadStore): Draft {
  return {
    payloads,
    header,
    threads: new Map(),
    turns: new Map(),
    items: new Map(),
    inferences: new Map(),
    cells: new Map(),
    tools: new Map(),
    sessions: new Map(),
    operations: new Map(),
    compactions: new Map(),
    compactionRequests: new Map(),
    edges: new Map(),
    references: new Map(),
    conversations: new Map(),
    fingerprints: new Map(),
    processes: new Map(),
    pendingEdges: new Map(),
    delivered: new Set(),
  };
}

export function newConversation(): ThreadConversation {
  return {
    base: [],
    held: new Set(),
    accepted: new Map(),
    itemsByResponsesId: new Map(),
    callItems: new Map(),
    outputItems: new Map(),
    toolByCallId: new Map(),
    inferenceByResponseId: new Map(),
    cellByRuntimeId: new Map(),
    queuedCells: new Map(),
    terminalByProcess: new Map(),
  };
}
