import type { OtelLoss } from './pipeline.ts';
import type { Signal } from './settings.ts';

/** What did not arrive, by signal and reason. */
export interface LossCount {
  add(signal: Signal, reason: string, count: number): void;
  /** Signals in the order in which they are flushed, whichever lost something first. */
  list(): readonly OtelLoss[];
}

const ORDER: readonly Signal[] = ['traces', 'metrics', 'logs'];

/** Sums of one pipeline. */
export function createLossCount(): LossCount {
  const counts = new Map<string, OtelLoss>();
  return {
    add: (signal, reason, count) => {
      if (count <= 0) return;
      const key = `${signal} ${reason}`;
      counts.set(key, { signal, reason, count: (counts.get(key)?.count ?? 0) + count });
    },
    list: () =>
      [...counts.values()].toSorted((one, other) => ORDER.indexOf(one.signal) - ORDER.indexOf(other.signal)),
  };
}

/** `3 of traces (refused), 1 of logs (refused)`; empty where everything arrived. */
export const describeLosses = (losses: readonly OtelLoss[]): string =>
  losses.map(({ signal, reason, count }) => `${count} of ${signal} (${reason})`).join(', ');

/** Knows how many records wait in a queue of the SDK, which drops what does not fit without telling anybody. */
export interface QueueCount {
  /** True where one more fits; then it counts as waiting. */
  admit(): boolean;
  /** So many left the queue for an export. */
  take(count: number): void;
  waiting(): number;
}

/** @param maxSize of the SDK's queue */
export function createQueueCount(maxSize: number): QueueCount {
  let waiting = 0;
  return {
    admit: () => {
      if (waiting >= maxSize) return false;
      waiting += 1;
      return true;
    },
    take: (count) => {
      waiting -= count;
    },
    waiting: () => waiting,
  };
}
