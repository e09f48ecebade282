import type { AgentEvent } from '../protocol/event.ts';
import type { SessionId, ThreadId } from '../protocol/ids.ts';
import type { Op, Submission } from '../protocol/op.ts';

/**
 * One conversation. Operations go in, events come out; nothing else is needed to drive it, so that a face for clients
 * stays thin. Every subscriber gets every event, in order, from its own queue.
 */
export interface AgentThread {
  readonly id: ThreadId;
  readonly sessionId: SessionId;
  /** Undefined for a thread that leaves nothing on disk. */
  readonly rolloutPath: string | undefined;
  /**
   * Accepts an operation at once and returns the id of its submission; for `user_input` that is the id of the turn it
   * opened or steered. Every accepted prompt gets exactly one `task_complete` or `turn_aborted`.
   * @throws SubmissionRefused where spec/agent-core.md 1.4 and 1.5 refuse it; nothing has changed then
   */
  submit(op: Op, options?: Pick<Submission, 'trace'>): string;
  /** Every event from now on, until the thread is shut down. */
  events(): AsyncIterable<AgentEvent>;
  /** Called for every event, synchronously and in order; returns how to stop. For observers that must not lag. */
  subscribe(listener: (event: AgentEvent) => void): () => void;
  /** `shutdown`, and everything that ends with it (spec/agent-core.md 1.2). */
  shutdown(): Promise<void>;
}

/** An operation that cannot be done now. */
export class SubmissionRefused extends Error {
  override readonly name = 'SubmissionRefused';
  readonly reason:
    | { readonly kind: 'no_active_turn' }
    | { readonly kind: 'expected_turn_mismatch'; readonly activeTurnId: string }
    | { readonly kind: 'active_turn_not_steerable'; readonly turnKind: 'compact' }
    | { readonly kind: 'empty_input' }
    | { readonly kind: 'shut_down' };

  constructor(reason: SubmissionRefused['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}
