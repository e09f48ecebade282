/** Lets one through at a time, in the order of their coming; each gets what lets the next one through. */
export type Turnstile = (signal: AbortSignal) => Promise<() => void>;

export function createTurnstile(): Turnstile {
  let last: Promise<void> = Promise.resolve();
  return async (signal) => {
    const before = last;
    const { promise, resolve } = Promise.withResolvers<void>();
    last = before.then(() => promise);
    try {
      await unlessAborted(before, signal);
      return resolve;
    } catch (error) {
      resolve();
      throw error;
    }
  };
}

/** @throws the reason of `signal`, as soon as that is aborted */
export async function unlessAborted<Value>(awaited: Promise<Value>, signal: AbortSignal): Promise<Value> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(signal.reason);
  signal.addEventListener('abort', abort);
  try {
    return await Promise.race([awaited, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
