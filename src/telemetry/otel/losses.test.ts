import { expect, test } from 'vitest';
import { createLossCount, describeLosses } from './losses.ts';

test('losses are sums by signal and reason, in the same order whoever comes first', () => {
  const losses = createLossCount();
  losses.add('logs', 'refused', 1);
  losses.add('metrics', 'queue_full', 2);
  losses.add('traces', 'refused', 3);
  losses.add('traces', 'timeout', 1);
  losses.add('logs', 'refused', 4);
  losses.add('metrics', 'partial_success', 0);
  expect(describeLosses(losses.list())).toBe(
    '3 of traces (refused), 1 of traces (timeout), 2 of metrics (queue_full), 5 of logs (refused)',
  );
});
