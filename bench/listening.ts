// Who listens to the clients of bench/transport.ts.
import { modelFacts } from '../src/agent/model/model-facts.ts';
import type { ModelObserver } from '../src/agent/model/observer.ts';
import { systemClock } from '../src/host/clock.ts';
import { observeAll } from '../src/telemetry/observe-all.ts';

export const nobodyListens: ModelObserver = { attempt: () => undefined, recovery: () => undefined };

/** Somebody who counts facts: what it costs to tell them, whatever is made of them. */
export function listening(): ModelObserver {
  let facts = 0;
  const counting = { observe: () => void (facts += 1) };
  const observer = observeAll([counting], () => undefined) ?? counting;
  return modelFacts(observer, {
    threadId: 'thread-1',
    clock: systemClock,
    newId: () => `inference-${facts}`,
  });
}
