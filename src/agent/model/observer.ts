import type { AttemptFacts, RecoveryFacts, StreamEventFacts } from '../../telemetry/facts/attempt.ts';
import type { RequestFact } from '../../telemetry/facts/fact.ts';
import type { InferenceFact } from '../../telemetry/facts/inference.ts';
import type { TraceContext } from '../../telemetry/observer.ts';

/**
 * What happened to the requests of the core, told as it happens, in the words of the model room: `modelFacts` makes facts
 * of an agent of it. No decision is ever read back from here. Facts only: no token, no body (spec/transport.md 5).
 */
export interface ModelObserver {
  /** Each HTTP attempt, WebSocket connect and WebSocket send, after its end. */
  attempt(facts: AttemptFacts, scope?: AskedFor): void;
  /** Each handled 401, also where nothing could be tried. */
  recovery(facts: RecoveryFacts, scope?: AskedFor): void;
  /** Each event of a stream that is no delta, by kind; `durationMs` is the wait for it. */
  streamEvent?(facts: StreamEventFacts, scope?: AskedFor): void;
  /** All deltas of one kind in one response, at its end. */
  streamDeltas?(facts: DeltaFacts, scope?: AskedFor): void;
  /** WebSockets were given up for the thread. */
  fallback?(): void;
  /** Each try to get a response. Absent where nobody wants to hear of them: nothing is made for it then. */
  readonly inferences?: InferenceObserver;
}

/** What a request was made for, as far as it is known. */
export interface AskedFor {
  readonly turnId?: string;
  readonly inferenceId?: string;
}

export type DeltaFacts = Omit<
  Extract<RequestFact, { readonly type: 'stream_deltas' }>,
  'type' | 'threadId' | keyof AskedFor
>;

/** Hears of inferences: of each its start, and one end. */
export interface InferenceObserver {
  readonly newId: () => string;
  started(facts: InferenceStart): void;
  ended(facts: InferenceEnd): void;
  /** What the request should carry, asked when it is written. */
  traceContext(scope: AskedFor): TraceContext | undefined;
  /** Requests carry the id of their inference (`x-codex-inference-call-id`). */
  readonly areNamed: boolean;
}

export type InferenceStart = Omit<
  Extract<InferenceFact, { readonly type: 'inference_started' }>,
  'type' | 'threadId'
>;
export type InferenceEnd = Omit<
  Extract<InferenceFact, { readonly type: 'inference_ended' }>,
  'type' | 'threadId'
>;
