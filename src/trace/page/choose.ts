import type { ExecutionStatus } from '../model/execution.ts';
import type { TimeWindow } from './axis.ts';

interface Choosable extends TimeWindow {
  readonly status: ExecutionStatus;
}

/**
 * What a bounded page tells of many: everything that did not come to a good end, then what took longest. The order stays.
 */
export function mostTelling<Value extends Choosable>(
  values: readonly Value[],
  limit: number,
): readonly Value[] {
  if (values.length <= limit) return values;
  const kept = new Set(values.toSorted((one, other) => weight(other) - weight(one)).slice(0, limit));
  return values.filter((value) => kept.has(value));
}

function weight({ status, startMs, endMs }: Choosable): number {
  if (status !== 'completed') return Number.MAX_VALUE;
  return endMs === null ? 0 : endMs - startMs;
}
