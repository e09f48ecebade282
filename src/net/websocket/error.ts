import type { DialTrace } from '../dial/trace.ts';
import type { AnswerHeaders } from '../http/answer.ts';
import type { WebSocketOutcome } from '../outcome.ts';

/** What a server answered instead of 101, as it came, for who acts on it. May hold anything: not for reports. */
export interface Refusal {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: AnswerHeaders;
  /** As far as it was read. */
  readonly body: string;
}

/** Thrown by `openWebSocket`: what happened, and how the connection came about as far as it did. */
export class WebSocketError extends Error {
  override readonly name = 'WebSocketError';
  readonly outcome: WebSocketOutcome;
  readonly trace: DialTrace;
  /** With the outcome `answered`. */
  readonly refusal: Refusal | undefined;

  constructor(outcome: WebSocketOutcome, trace: DialTrace, refusal?: Refusal) {
    super(`opening a WebSocket ended: ${outcome.kind}`);
    this.outcome = outcome;
    this.trace = trace;
    this.refusal = refusal;
  }
}
