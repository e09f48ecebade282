import type { PrewarmOutcome } from '../model/client.ts';
import type { Clock } from '../../host/clock.ts';
import { unlessAborted } from '../../host/unless-aborted.ts';
import type { Tell } from '../listening/tell.ts';
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
  readonly clock: Pick<Clock, 'elapsed'>;
  readonly tell?: Tell | undefined;
}

/** When its time is over, nobody waits for it any more, and the turn goes the way that its client chooses. */
export function startWarmUp<Ready>(options: WarmUpOptions<Ready>): WarmUp {
  const { after, begin, limitMs, wait, tell } = options;
  const given = new AbortController();
  const told = tell && tellWarmUp(tell, options.clock);
  let isOver = false;
  const run = async (): Promise<PrewarmOutcome> => {
    const ready = await after;
    told?.toolsReady();
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
  void over.then(told?.over, () => undefined);
  return {
    async ready(signal) {
      const hasToWait = !isOver;
      const consumed = told?.asked();
      try {
        const outcome = await unlessAborted(over, signal);
        consumed?.(outcome);
        return hasToWait && outcome === 'timed_out' ? 'ran_out' : 'over';
      } catch (error) {
        consumed?.('cancelled');
        given.abort();
        throw error;
      }
    },
    cancel: () => given.abort(),
  };
}

interface WarmUpTeller {
  readonly toolsReady: () => void;
  readonly over: (outcome: PrewarmOutcome) => void;
  /** The first time only: what to call when the turn goes on. */
  readonly asked: () => ((outcome: PrewarmOutcome) => void) | undefined;
}

function tellWarmUp(tell: Tell, clock: Pick<Clock, 'elapsed'>): WarmUpTeller {
  const beganMs = clock.elapsed();
  let toolsMs = 0;
  let wasAsked = false;
  return {
    toolsReady() {
      toolsMs = clock.elapsed() - beganMs;
    },
    over(status) {
      if (status === 'not_scheduled') return;
      tell({ type: 'warmed_up', status, durationMs: clock.elapsed() - beganMs, toolsMs });
    },
    asked() {
      if (wasAsked) return undefined;
      wasAsked = true;
      const askedMs = clock.elapsed();
      return (status) => {
        if (status === 'not_scheduled') return;
        const waitedMs = clock.elapsed() - askedMs;
        tell({ type: 'warm_up_consumed', status, ageMs: askedMs - beganMs, waitedMs });
      };
    },
  };
}
