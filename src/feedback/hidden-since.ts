import type { HiddenCount } from './item.ts';

/** What a redactor has hidden between two looks at its ledger. */
export function hiddenSince(before: readonly HiddenCount[], now: readonly HiddenCount[]): HiddenCount[] {
  const earlier = new Map(before.map(({ rule, count }) => [rule, count]));
  return now
    .map(({ rule, count }) => ({ rule, count: count - (earlier.get(rule) ?? 0) }))
    .filter(({ count }) => count > 0);
}
