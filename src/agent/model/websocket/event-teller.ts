import type { Clock } from '../../../host/clock.ts';
import type { JsonValue } from '../../../host/json.ts';
import type { ModelError } from '../error.ts';
import type { ModelObserver } from '../observer.ts';
import type { StreamEventFacts } from '../../../telemetry/facts/attempt.ts';
import { isObject, objectAt, stringAt } from '../request/json-parts.ts';

const TIMING = 'responsesapi.websocket_timing';

/**
 * Tells the observer of each message by its kind (spec/transport.md 5.2); undefined when nobody listens, since that is
 * asked for every message.
 * @returns takes a message, undefined for one that is no JSON, and what it failed with
 */
export function createEventTeller(
  observer: ModelObserver,
  clock: Clock,
): ((event: JsonValue | undefined, failure?: ModelError) => void) | undefined {
  if (!observer.streamEvent) return undefined;
  let waitingSince = clock.elapsed();
  return (event, failure) => {
    const now = clock.elapsed();
    const facts: StreamEventFacts = {
      transport: 'websocket',
      kind: event === undefined ? 'parse_error' : (stringAt(event, 'type') ?? 'unknown'),
      durationMs: Math.round(now - waitingSince),
      ...(failure && { error: failure.failure.kind }),
      ...timingOf(event),
    };
    waitingSince = now;
    observer.streamEvent?.(facts);
  };
}

/** Milliseconds by name; what is no time is left out. */
function timingOf(event: JsonValue | undefined): Pick<StreamEventFacts, 'timing'> {
  if (!isObject(event) || event['type'] !== TIMING) return {};
  const measured = Object.entries(objectAt(event, 'timing_metrics') ?? {}).flatMap(([name, value]) =>
    typeof value === 'number' && Number.isFinite(value) && value >= 0 ? [[name, Math.round(value)]] : [],
  );
  return { timing: Object.fromEntries(measured) as Record<string, number> };
}
