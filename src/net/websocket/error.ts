import type { DialTrace } from '../dial/trace.ts';
import type { WebSocketOutcome } from '../outcome.ts';

/** Thrown by `openWebSocket`: what happened, and how the connection came about as far as it did. */
export class WebSocketError extends Error {
  override readonly name = 'WebSocketError';
  readonly outcome: WebSocketOutcome;
  readonly trace: DialTrace;

  constructor(outcome: WebSocketOutcome, trace: DialTrace) {
    super(`opening a WebSocket ended: ${outcome.kind}`);
    this.outcome = outcome;
    this.trace = trace;
  }
}
