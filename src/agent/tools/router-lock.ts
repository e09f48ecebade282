export type LockMode = 'shared' | 'exclusive';

/**
 * Calls that are safe beside each other share the lock; every other call has it alone. First come, first served, so that
 * a row of shared calls cannot starve an exclusive one (spec/agent-core.md 2.1).
 */
export interface CallLock {
  hold<Value>(mode: LockMode, run: () => Promise<Value>): Promise<Value>;
}

export function createCallLock(): CallLock {
  let exclusiveHeld = false;
  let sharedHeld = 0;
  const waiting: { readonly mode: LockMode; readonly grant: () => void }[] = [];

  const isFree = (mode: LockMode): boolean => !exclusiveHeld && (mode === 'shared' || sharedHeld === 0);
  const take = (mode: LockMode): void => {
    if (mode === 'exclusive') exclusiveHeld = true;
    else sharedHeld += 1;
  };
  const release = (mode: LockMode): void => {
    if (mode === 'exclusive') exclusiveHeld = false;
    else sharedHeld -= 1;
    for (let next = waiting[0]; next && isFree(next.mode); next = waiting[0]) {
      waiting.shift();
      take(next.mode);
      next.grant();
    }
  };
  const acquire = (mode: LockMode): Promise<void> | undefined => {
    if (waiting.length > 0 || !isFree(mode))
      return new Promise((grant) => void waiting.push({ mode, grant }));
    take(mode);
    return undefined;
  };
  return {
    async hold(mode, run) {
      await acquire(mode);
      try {
        return await run();
      } finally {
        release(mode);
      }
    },
  };
}
