/** Events that wait for the consumer at most, give or take one read of the connection (spec/transport.md 1.4). */
const MAX_WAITING = 1_600;

export interface BatchesOptions<Value> {
  readonly first: readonly Value[];
  /** Too much is waiting. */
  pause(): void;
  /** The consumer has taken it. */
  resume(): void;
  /** The consumer left, or has seen the end. */
  leave(): void;
}

export interface Batches<Value> extends AsyncIterable<readonly Value[]> {
  /** Where to append what comes; taken by the consumer as a whole. */
  current(): Value[];
  /** Wakes the consumer when there is something to take. */
  deliver(): void;
  /** What is waiting is still taken; then the loop ends, or throws `error`. */
  end(error?: unknown): void;
}

/** Hands values from callbacks to one loop: one promise for all that came meanwhile, not one for each. */
export function createBatches<Value>(options: BatchesOptions<Value>): Batches<Value> {
  let waiting: Value[] = [...options.first];
  let ended: { readonly error: unknown } | undefined;
  let isPaused = false;
  let wake: (() => void) | undefined;

  const arrival = (): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
    });
  const awaken = (): void => {
    const waiter = wake;
    wake = undefined;
    waiter?.();
  };
  const take = (): readonly Value[] => {
    const taken = waiting;
    waiting = [];
    if (isPaused) {
      isPaused = false;
      options.resume();
    }
    return taken;
  };
  async function* consume(): AsyncGenerator<readonly Value[], void, undefined> {
    try {
      for (;;) {
        if (waiting.length > 0) yield take();
        else if (ended) {
          if (ended.error !== undefined) throw ended.error;
          return;
        } else await arrival();
      }
    } finally {
      options.leave();
    }
  }

  return {
    current: () => waiting,
    deliver: () => {
      if (waiting.length > 0) awaken();
      if (waiting.length < MAX_WAITING || isPaused || ended) return;
      isPaused = true;
      options.pause();
    },
    end: (error) => {
      ended ??= { error };
      awaken();
    },
    [Symbol.asyncIterator]: consume,
  };
}
