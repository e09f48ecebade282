export interface DeltaSum {
  readonly kind: string;
  count: number;
  readonly firstAt: number;
  lastAt: number;
}

/** More kinds than the API has are no kinds: what a server makes up must not grow without end. */
const MAX_KINDS = 64;
/** Under which name all further ones are counted. */
const OTHERS = 'unknown';

export interface DeltaSums {
  /** The sum of a kind, new where there is none. */
  of(kind: string, at: number): DeltaSum;
  /** All sums since the last time, in the order of their first delta. */
  take(): readonly DeltaSum[];
}

/** Sums of deltas by kind, in a bounded number. */
export function createDeltaSums(): DeltaSums {
  let sums = new Map<string, DeltaSum>();
  return {
    of: (kind, at) => {
      const name = sums.has(kind) || sums.size < MAX_KINDS ? kind : OTHERS;
      const sum = sums.get(name) ?? { kind: name, count: 0, firstAt: at, lastAt: at };
      sums.set(name, sum);
      return sum;
    },
    take: () => {
      const taken = [...sums.values()];
      sums = new Map();
      return taken;
    },
  };
}
