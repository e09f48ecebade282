import { unlessAborted } from '../../../host/unless-aborted.ts';

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
