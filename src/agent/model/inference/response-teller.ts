import type { Clock } from '../../../host/clock.ts';
import type { JsonValue } from '../../../host/json.ts';
import type { StreamEventFacts } from '../../../telemetry/facts/attempt.ts';
import type { ModelEvent } from '../event.ts';
import type { AskedFor, ModelObserver } from '../observer.ts';
import { isObject, objectAt, stringAt } from '../request/json-parts.ts';
import { createDeltaSums } from './delta-sums.ts';
import type { DeltaSum } from './delta-sums.ts';

/**
 * Hears what the stream of one response brings. Of a hundred thousand deltas each costs a number, and the clock is looked
 * at now and then: a look costs as much as some deltas (measured: 0.1 µs).
 */
export interface ResponseTeller {
  /** What comes next was read now. */
  arrived(): void;
  delta(kind: string): void;
  /** Any event by its kind, a delta as well. */
  event(kind: string, seen: SeenEvent): void;
  /** What an event meant. To be called behind `event` and `delta`. */
  heard(event: ModelEvent): void;
}

export interface SeenEvent {
  /** As it was decoded; absent for what is no JSON. */
  readonly wire?: JsonValue | undefined;
  /** What it failed with: a class, no words of a server. */
  readonly error?: string | undefined;
}

/** What is known of a response once it has ended. */
export interface ToldResponse extends ResponseTeller {
  /** Tells the sums of deltas, once. */
  end(): void;
  readonly firstEventAt: number | undefined;
  readonly firstTokenAt: number | undefined;
  /** As the events name it. */
  readonly model: string | undefined;
}

export interface ResponseTellerOptions {
  readonly observer: ModelObserver;
  readonly clock: Pick<Clock, 'elapsed'>;
  readonly transport: StreamEventFacts['transport'];
  readonly scope: AskedFor;
  readonly onEvent: (event: ModelEvent) => void;
}

/** When the last delta came is known to within as many reads; a program that cannot keep up has thousands of them. */
const READS_PER_LOOK = 8;
const DELTA = '.delta';
const TIMING = 'responsesapi.websocket_timing';

export function createResponseTeller(options: ResponseTellerOptions): ToldResponse {
  const { observer, clock, transport, scope, onEvent } = options;
  const sums = createDeltaSums();
  let now = clock.elapsed();
  let reads = 0;
  /** Of the kind of the last delta, which is nearly always that of the next. */
  let sum: DeltaSum | undefined;
  let settledCount = 0;
  let lastAt = now;
  let firstEventAt: number | undefined;
  let firstTokenAt: number | undefined;
  let model: string | undefined;
  const look = (): void => {
    reads = 0;
    now = clock.elapsed();
  };
  /** The deltas since the last time came at the last look. */
  const settle = (): void => {
    if (!sum || sum.count === settledCount) return;
    settledCount = sum.count;
    sum.lastAt = now;
    lastAt = now;
  };
  const delta = (kind: string): void => {
    if (sum?.kind === kind) {
      sum.count += 1;
      return;
    }
    settle();
    look();
    sum = sums.of(kind, now);
    sum.count += 1;
    settledCount = 0;
    settle();
    firstEventAt ??= now;
    firstTokenAt ??= now;
  };
  return {
    get firstEventAt() {
      return firstEventAt;
    },
    get firstTokenAt() {
      return firstTokenAt;
    },
    get model() {
      return model;
    },
    arrived: () => {
      reads += 1;
      if (reads < READS_PER_LOOK) return;
      settle();
      look();
    },
    delta,
    event: (kind, { wire, error }) => {
      if (error === undefined && kind.endsWith(DELTA)) return delta(kind);
      settle();
      look();
      firstEventAt ??= now;
      model = stringAt(objectAt(wire, 'response'), 'model') ?? model;
      const durationMs = Math.round(now - lastAt);
      lastAt = now;
      observer.streamEvent?.(
        { transport, kind, durationMs, ...(error !== undefined && { error }), ...timingOf(wire) },
        scope,
      );
    },
    heard: (event) => {
      if (event.type === 'server_model') ({ model } = event);
      if (isToken(event)) firstTokenAt ??= now;
      onEvent(event);
    },
    end: () => {
      settle();
      for (const { kind, count, firstAt, lastAt: endedAt } of sums.take())
        observer.streamDeltas?.({ transport, kind, count, durationMs: Math.round(endedAt - firstAt) }, scope);
    },
  };
}

/** A word, a thought or a call: not that a message has begun. */
function isToken(event: ModelEvent): boolean {
  switch (event.type) {
    case 'text_delta':
    case 'tool_input_delta':
    case 'reasoning_delta':
    case 'reasoning_summary_delta':
    case 'item_done':
      return true;
    case 'item_added':
      return event.item.type !== 'message' && event.item.type !== 'reasoning';
    default:
      return false;
  }
}

/** Milliseconds by name; what is no time is left out. */
function timingOf(event: JsonValue | undefined): Pick<StreamEventFacts, 'timing'> {
  if (!isObject(event) || event['type'] !== TIMING) return {};
  const measured = Object.entries(objectAt(event, 'timing_metrics') ?? {}).flatMap(([name, value]) =>
    typeof value === 'number' && Number.isFinite(value) && value >= 0 ? [[name, Math.round(value)]] : [],
  );
  return { timing: Object.fromEntries(measured) as Record<string, number> };
}
