import type { AttemptFacts, RecoveryFacts, StreamEventFacts } from '../../telemetry/facts/attempt.ts';

/**
 * What happened to the requests of the core, told as it happens: telemetry, the rollout trace and tests listen, and no
 * decision is ever read back from here. Facts only: no token, no body (spec/transport.md 5).
 */
export interface ModelObserver {
  /** Each HTTP attempt, WebSocket connect and WebSocket send, after its end. */
  attempt(facts: AttemptFacts): void;
  /** Each handled 401, also where nothing could be tried. */
  recovery(facts: RecoveryFacts): void;
  /** Each event of a stream, by kind; `durationMs` is the wait for it. */
  streamEvent?(facts: StreamEventFacts): void;
  /** WebSockets were given up for the thread. */
  fallback?(): void;
}
