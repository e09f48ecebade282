import type { PrewarmOutcome } from '../model/client.ts';
import { unlessAborted } from '../../host/unless-aborted.ts';
import type { World } from './core.ts';

/** The connection that is made before the first turn needs it (spec/transport.md 2.6). */
export interface WarmUp {
  /** Resolves once it is made, has failed or has run out of time. An abort of `signal` rejects, and gives it up. */
  ready(signal: AbortSignal): Promise<WarmUpEnd>;
  cancel(): void;
}

/** `ran_out`: whoever asked has waited, and in vain. */
export type WarmUpEnd = 'ran_out' | 'over';

export interface WarmUpOptions<Ready> {
  /** What has to be there first; its time does not count. Never rejects. */
  readonly after: Promise<Ready>;
  /** Never rejects. */
  readonly begin: (ready: Ready, signal: AbortSignal) => Promise<PrewarmOutcome>;
  /** From its start, not from the turn that waits for it (trap 23). */
  readonly limitMs: number;
  readonly wait: World['wait'];
}

/** When its time is over, nobody waits for it any more, and the turn goes the way that its client chooses. */
export function startWarmUp<Ready>({ after, begin, limitMs, wait }: WarmUpOptions<Ready>): WarmUp {
  const given = new AbortController();
  let isOver = false;
  const run = async (): Promise<PrewarmOutcome> => {
    const ready = await after;
    if (given.signal.aborted) return 'cancelled';
    const settled = new AbortController();
    const expired = wait(limitMs, settled.signal).then(() => 'timed_out' as const);
    const abandoned = unlessAborted(expired, given.signal).catch(() => 'cancelled' as const);
    const outcome = await Promise.race([begin(ready, given.signal), abandoned]);
    settled.abort();
    isOver = true;
    return outcome;
  };
  const over = run();
  // Tools that cannot be put together fail the turn that asks for them, not the warm-up.
  over.catch(() => undefined);
  return {
    async ready(signal) {
      const hasToWait = !isOver;
      try {
        const outcome = await unlessAborted(over, signal);
        return hasToWait && outcome === 'timed_out' ? 'ran_out' : 'over';
      } catch (error) {
        given.abort();
        throw error;
      }
    },
    cancel: () => given.abort(),
  };
}
