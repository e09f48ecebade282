import { unlessAborted } from './abortable.ts';
import type { World } from './core.ts';

/** The connection that is made before the first turn needs it (spec/transport.md 2.6). */
export interface WarmUp {
  /** Resolves once it is made, has failed or has run out of time. An abort of `signal` rejects, and gives it up. */
  ready(signal: AbortSignal): Promise<void>;
  cancel(): void;
}

export interface WarmUpOptions<Ready> {
  /** What has to be there first; its time does not count. Never rejects. */
  readonly after: Promise<Ready>;
  /** Never rejects. */
  readonly begin: (ready: Ready, signal: AbortSignal) => Promise<unknown>;
  /** From its start, not from the turn that waits for it (trap 23). */
  readonly limitMs: number;
  readonly wait: World['wait'];
}

/** When its time is over, nobody waits for it any more, and the turn goes the way that its client chooses. */
export function startWarmUp<Ready>({ after, begin, limitMs, wait }: WarmUpOptions<Ready>): WarmUp {
  const given = new AbortController();
  const run = async (): Promise<void> => {
    const ready = await after;
    if (given.signal.aborted) return;
    const settled = new AbortController();
    const expired = wait(limitMs, settled.signal).catch(() => undefined);
    const abandoned = unlessAborted(expired, given.signal).catch(() => undefined);
    await Promise.race([begin(ready, given.signal), abandoned]);
    settled.abort();
  };
  const over = run();
  // Tools that cannot be put together fail the turn that asks for them, not the warm-up.
  over.catch(() => undefined);
  return {
    async ready(signal) {
      try {
        await unlessAborted(over, signal);
      } catch (error) {
        given.abort();
        throw error;
      }
    },
    cancel: () => given.abort(),
  };
}
