import type { AttemptFacts, RecoveryFacts, StreamEventFacts } from './attempt.ts';
import type { InferenceFact } from './inference.ts';
import type { StartFact } from './start.ts';
import type { StoreFact } from './store.ts';
import type { ThreadFact } from './thread.ts';
import type { ToolFact } from './tool.ts';

/**
 * What happens in an agent, told once: everything that telemetry, the rollout trace and feedback say is made of these.
 * Facts are plain data; what is large or costs something to make is a function that a listener calls if it wants it.
 * Texts of people, models and tools are in some of them: it is for the listener to route them
 * (spec/observability.md 4.3).
 */
export type AgentFact = FactTime &
  (StartFact | ThreadFact | InferenceFact | RequestFact | ToolFact | StoreFact);

export interface FactTime {
  /** Wall time, milliseconds since the epoch. */
  readonly atMs: number;
}

/** Facts below the level of one inference: an attempt may also belong to a prewarm, or to the list of models. */
export type RequestFact =
  | (RequestScope & { readonly type: 'attempt' } & { readonly facts: AttemptFacts })
  | (RequestScope & { readonly type: 'recovery' } & { readonly facts: RecoveryFacts })
  /** WebSockets were given up for the thread. */
  | (RequestScope & { readonly type: 'websocket_fallback' })
  /** An event of a stream that is no delta; deltas come summed. */
  | (RequestScope & { readonly type: 'stream_event' } & { readonly facts: StreamEventFacts })
  /** All deltas of one kind in one response, told at its end. */
  | (RequestScope & {
      readonly type: 'stream_deltas';
      readonly transport: StreamEventFacts['transport'];
      readonly kind: string;
      readonly count: number;
      /** From the first of them to the last. */
      readonly durationMs: number;
    });

export interface RequestScope {
  /** Absent for requests that no thread asked for. */
  readonly threadId?: string;
  readonly turnId?: string;
  readonly inferenceId?: string;
}
