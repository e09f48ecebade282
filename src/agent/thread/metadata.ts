import { turnMetadata } from '../model/request/turn-metadata.ts';
import type { JsonObject, JsonValue } from '../../host/json.ts';
import type { SessionId, ThreadId, TurnId } from '../protocol/ids.ts';

export type Metadata = Readonly<Record<string, JsonValue>>;

/** Why a conversation is compacted, as the provider is told. */
export interface CompactionFacts {
  readonly trigger: 'manual' | 'auto';
  readonly reason: 'user_requested' | 'context_limit' | 'model_downshift';
  readonly implementation: 'responses' | 'responses_compact';
  readonly phase: 'standalone_turn' | 'pre_turn' | 'mid_turn';
  readonly strategy: 'memento' | 'prefix_compaction';
}

export interface ThreadFacts {
  readonly threadId: ThreadId;
  readonly sessionId: SessionId;
  readonly forkedFrom: ThreadId | undefined;
  readonly threadSource: string;
  /** Counts the windows of a conversation: each compaction begins a new one. */
  readonly windowGeneration: () => number;
}

export interface TurnFacts {
  readonly turnId: TurnId;
  /** Unix milliseconds. */
  readonly startedAtMs: number;
  /** What holds the turn's commands. */
  readonly sandbox: string;
  /** Undefined until it is known. */
  readonly workspaces: JsonObject | undefined;
  readonly clientMetadata: Readonly<Record<string, string>>;
}

/** What a request is for. Before the first turn there is none. */
export type RequestFacts =
  | { readonly kind: 'prewarm'; readonly turn?: never; readonly sandbox: string }
  | { readonly kind: 'turn'; readonly turn: TurnFacts }
  | { readonly kind: 'compaction'; readonly turn: TurnFacts; readonly compaction: CompactionFacts };

/** What a request says of itself (spec/transport.md 2.7). */
export function requestMetadata(thread: ThreadFacts, request: RequestFacts): Metadata {
  const { turn } = request;
  return turnMetadata(
    {
      sessionId: thread.sessionId,
      threadId: thread.threadId,
      ...(turn && { turnId: turn.turnId, turnStartedAtUnixMs: turn.startedAtMs }),
      ...(thread.forkedFrom && { forkedFromThreadId: thread.forkedFrom }),
      threadSource: thread.threadSource,
      sandbox: request.kind === 'prewarm' ? request.sandbox : request.turn.sandbox,
      requestKind: request.kind,
      windowId: `${thread.threadId}:${thread.windowGeneration()}`,
      ...(request.kind === 'compaction' && { compaction: { ...request.compaction } satisfies JsonObject }),
      ...(turn?.workspaces && { workspaces: turn.workspaces }),
    },
    turn?.clientMetadata,
  );
}

/** The same for an MCP server, which learns of the model instead of the request (spec/agent-core.md 2.6). */
export function toolMetadata(
  thread: ThreadFacts,
  turn: TurnFacts,
  model: { readonly slug: string; readonly effort: string | undefined; readonly userWasAsked: boolean },
): Metadata {
  const {
    request_kind: _kind,
    window_id: _window,
    ...rest
  } = requestMetadata(thread, { kind: 'turn', turn });
  return {
    ...rest,
    model: model.slug,
    ...(model.effort !== undefined && { reasoning_effort: model.effort }),
    ...(model.userWasAsked && { user_input_requested_during_turn: true }),
  };
}
