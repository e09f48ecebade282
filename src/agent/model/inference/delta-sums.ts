export interface DeltaSum {
  readonly kind: string;
  count: number;
  readonly firstAt: number;
  lastAt: number;
}

export interface DeltaSums {
  add(kind: string, at: number): void;
  /** All sums since the last time, in the order of their first delta. */
  take(): readonly DeltaSum[];
}

/** More kinds than the API has are no kinds: what a server makes up must not grow without end. */
const MAX_KINDS = 64;
/** Under which name all further ones are counted. */
const OTHERS = 'unknown';

/** Counts deltas by kind. Nearly always the kind is that of the delta before. */
export function createDeltaSums(): DeltaSums {
  let sums = new Map<string, DeltaSum>();
  let last: DeltaSum | undefined;
  const sumOf = (kind: string, at: number): DeltaSum => {
    const name = sums.has(kind) || sums.size < MAX_KINDS ? kind : OTHERS;
    const known = sums.get(name) ?? { kind: name, count: 0, firstAt: at, lastAt: at };
    sums.set(name, known);
    return known;
  };
  return {
    add: (kind, at) => {
      if (last?.kind !== kind) last = sumOf(kind, at);
      last.count += 1;
      last.lastAt = at;
    },
    take: () => {
      const taken = [...sums.values()];
      sums = new Map();
      last = undefined;
      return taken;
    },
  };
}
