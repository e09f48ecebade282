import type { AgentFact } from './facts/fact.ts';

/** W3C trace context, as it travels (https://www.w3.org/TR/trace-context/). */
export interface TraceContext {
  readonly traceparent: string;
  readonly tracestate?: string;
}

/** What something is done for: as much of it as is known. */
export interface FactScope {
  readonly threadId: string;
  readonly turnId?: string;
  readonly inferenceId?: string;
  /** Of a tool call. */
  readonly callId?: string;
}

/**
 * Who listens to an agent: OpenTelemetry, the rollout trace, the log, tests. Nothing is ever read back from a listener to
 * decide something; one that throws hinders nobody. `observe` is called synchronously and must be quick.
 */
export interface AgentObserver {
  observe(fact: AgentFact): void;
  /**
   * What a request made on behalf of `scope` should carry, so that whoever answers can join the same trace. Asked when
   * the request is written. The first listener that has one decides.
   */
  readonly traceContext?: (scope: FactScope) => TraceContext | undefined;
  /** Every attempt to reach the model is to carry its `inferenceId` (`x-codex-inference-call-id`). Default: no. */
  readonly namesInferences?: boolean;
  /** Everything told so far is where it belongs, or counted as lost. Bounded by itself; never rejects. */
  readonly flush?: () => Promise<void>;
}
