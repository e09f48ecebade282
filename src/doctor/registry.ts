import type { Check } from './check.ts';

/** An ordered set of checks with unique ids, each `needs` pointing at an earlier one. */
export interface Registry {
  readonly checks: readonly Check[];
  get(id: string): Check | undefined;
}

/** @throws TypeError when two checks share an id or a check needs one that does not stand before it */
export function createRegistry(checks: readonly Check[]): Registry {
  const byId = new Map<string, Check>();
  for (const check of checks) {
    if (byId.has(check.id)) throw new TypeError(`two checks are called ${check.id}`);
    for (const need of check.needs ?? []) {
      if (!byId.has(need)) throw new TypeError(`${check.id} needs ${need}, which must stand before it`);
    }
    byId.set(check.id, check);
  }
  return { checks, get: (id) => byId.get(id) };
}
