import type { AuthFacts } from '../../telemetry/auth-facts.ts';
import type { ThreadStarted } from '../../telemetry/facts/thread.ts';
import type { JsonValue } from '../../host/json.ts';
import type { EventScope, TraceWriter } from '../write/writer.ts';

/** A bundle that is being recorded: what its events may speak of. A reducer refuses what never started. */
export interface Recording {
  readonly writer: TraceWriter;
  readonly sessionId: string;
  readonly rootThreadId: string;
  readonly threads: Map<string, RecordedThread>;
  /** Names of the calls in the trace, by thread and call id. */
  readonly calls: Map<string, RecordedCall>;
  readonly callIds: Set<string>;
  /** Every attempt to ask the model that the trace tells of. */
  readonly inferences: Set<string>;
  /** Those of them, and of compactions, that have not ended yet. */
  readonly asking: Map<string, Asking>;
}

export interface RecordedThread {
  readonly agentPath: string;
  readonly auth: AuthFacts;
  readonly turns: Set<string>;
  /** Calls by the process that they started. */
  readonly processes: Map<string, string>;
  hasEnded: boolean;
  /** The compaction that is under way, and what was to be made shorter. */
  compaction: { readonly id: string; readonly input: readonly JsonValue[] } | undefined;
}

export const newThread = (
  { agentPath }: Pick<ThreadStarted, 'agentPath'>,
  auth: AuthFacts,
): RecordedThread => ({
  agentPath,
  auth,
  turns: new Set(),
  processes: new Map(),
  hasEnded: false,
  compaction: undefined,
});

export interface RecordedCall {
  readonly id: string;
  /** What runs for it; the format has one such thing for a call. */
  runs: 'terminal' | 'mcp' | undefined;
  hasStopped: boolean;
  hasEnded: boolean;
  processId: string | undefined;
}

export type Asking =
  | { readonly purpose: 'turn'; readonly scope: EventScope }
  | {
      readonly purpose: 'compaction';
      readonly scope: EventScope;
      readonly compactionId: string;
      readonly requestId: string;
    };

export const callKey = (threadId: string, callId: string): string => `${threadId}/${callId}`;
