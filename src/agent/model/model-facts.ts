import type { Clock } from '../../host/clock.ts';
import type { AgentFact } from '../../telemetry/facts/fact.ts';
import type { AgentObserver } from '../../telemetry/observer.ts';
import type { AskedFor, InferenceObserver, ModelObserver } from './observer.ts';

export interface ModelFactsOptions {
  /** Absent for requests that no thread asked for; of inferences nothing is told then. */
  readonly threadId?: string;
  readonly clock: Pick<Clock, 'now'>;
  /** Ids of inferences, UUID. */
  readonly newId: () => string;
}

type Untimed<Fact> = Fact extends AgentFact ? Omit<Fact, 'atMs'> : never;

/** Tells a listener what happens to requests as facts of the agent: with its time, and the thread it belongs to. */
export function modelFacts(
  observer: AgentObserver,
  { threadId, clock, newId }: ModelFactsOptions,
): ModelObserver {
  const tell = (fact: Untimed<AgentFact>): void => observer.observe({ ...fact, atMs: clock.now() });
  const scopeOf = (scope: AskedFor = {}): AskedFor & { readonly threadId?: string } => ({
    ...(threadId !== undefined && { threadId }),
    ...scope,
  });
  return {
    attempt: (facts, scope) => tell({ type: 'attempt', ...scopeOf(scope), facts }),
    recovery: (facts, scope) => tell({ type: 'recovery', ...scopeOf(scope), facts }),
    streamEvent: (facts, scope) => tell({ type: 'stream_event', ...scopeOf(scope), facts }),
    streamDeltas: (facts, scope) => tell({ type: 'stream_deltas', ...scopeOf(scope), ...facts }),
    fallback: () => tell({ type: 'websocket_fallback', ...scopeOf() }),
    ...(threadId !== undefined && { inferences: inferencesOf(threadId) }),
  };

  function inferencesOf(thread: string): InferenceObserver {
    return {
      newId,
      started: (facts) => tell({ type: 'inference_started', threadId: thread, ...facts }),
      ended: (facts) => tell({ type: 'inference_ended', threadId: thread, ...facts }),
      traceContext: (scope) => observer.traceContext?.({ threadId: thread, ...scope }),
      areNamed: observer.namesInferences === true,
    };
  }
}
