import type { Clock } from '../../host/clock.ts';
import type { JsonObject } from '../../host/json.ts';
import type { AgentFact } from '../../telemetry/facts/fact.ts';
import type { StoreFact } from '../../telemetry/facts/store.ts';
import type { AgentObserver } from '../../telemetry/observer.ts';

/** A fact as the core says it: its thread and its time are added. */
export type ThreadWideFact = WithoutPlace<Exclude<AgentFact, StoreFact>>;
type WithoutPlace<Fact> = Fact extends AgentFact ? Omit<Fact, 'atMs' | 'threadId'> : never;

/**
 * Tells a fact of one thread to whoever listens. Say `tell?.({ … })`: where nobody listens there is nothing to call, and the
 * fact is not even made.
 */
export type Tell = (fact: ThreadWideFact) => void;

export function tellerOf(
  observer: AgentObserver | undefined,
  { threadId, clock }: { readonly threadId: string; readonly clock: Pick<Clock, 'now'> },
): Tell | undefined {
  return observer && ((fact) => observer.observe({ ...fact, threadId, atMs: clock.now() }));
}

/** Items and events are JSON by their nature; their types say more than that. */
export const asJson = (value: object): JsonObject => value as JsonObject;
