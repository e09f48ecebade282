import type { Clock } from '../../host/clock.ts';

/** One look at the patient. */
export interface Look {
  readonly isReached: boolean;
  /** The same for two looks that found the same. */
  readonly state: string;
}

export interface Waiting<Seen extends Look> {
  /** Longest time altogether, milliseconds. */
  readonly forMs: number;
  /** First pause between two looks, milliseconds. */
  readonly everyMs: number;
  readonly clock: Pick<Clock, 'elapsed'>;
  readonly signal: AbortSignal;
  /** Takes at most this many milliseconds. */
  readonly look: (timeoutMs: number) => Promise<Seen>;
  /** Ends early when the signal is aborted. */
  readonly pause: (durationMs: number) => Promise<void>;
  /** Told after each look but one that ends the waiting. */
  readonly onLook: (seen: Seen, more: { readonly isNew: boolean; readonly pauseMs: number }) => void;
}

export interface Waited<Seen extends Look> {
  readonly outcome: 'reached' | 'late' | 'interrupted';
  readonly last: Seen;
  readonly looks: number;
  readonly durationMs: number;
}

/** A pause grows by this as long as nothing changes, so that a provider which is down is not asked 30 times a minute. */
const GROWTH = 1.5;
const LONGEST_PAUSE_MS = 15_000;
/** Also where somebody says `--every 1ms`: an examination costs more than this. */
const SHORTEST_PAUSE_MS = 100;

/**
 * Looks until it is reached, the time is over or somebody interrupts; always at least once. A pause is at least as long as
 * the look before it, so that no more than half of the time is spent asking, and short enough that another look fits in.
 */
export async function waitUntil<Seen extends Look>(waiting: Waiting<Seen>): Promise<Waited<Seen>> {
  const { forMs, everyMs, clock, signal, look, pause, onLook } = waiting;
  const begun = clock.elapsed();
  const left = (): number => forMs - (clock.elapsed() - begun);
  let pauseMs = everyMs;
  let state: string | undefined;
  for (let looks = 1; ; looks += 1) {
    const lookBegun = clock.elapsed();
    const last = await look(Math.max(SHORTEST_PAUSE_MS, left()));
    const lookMs = clock.elapsed() - lookBegun;
    const ended = (outcome: Waited<Seen>['outcome']): Waited<Seen> => ({
      outcome,
      last,
      looks,
      durationMs: clock.elapsed() - begun,
    });
    if (signal.aborted) return ended('interrupted');
    if (last.isReached) return ended('reached');
    const isNew = last.state !== state;
    pauseMs = isNew ? everyMs : Math.min(pauseMs * GROWTH, Math.max(LONGEST_PAUSE_MS, everyMs));
    state = last.state;
    if (left() <= SHORTEST_PAUSE_MS) return ended('late');
    const wanted = Math.max(pauseMs, lookMs, SHORTEST_PAUSE_MS);
    const nextMs = Math.max(SHORTEST_PAUSE_MS, Math.min(wanted, left() - lookMs));
    onLook(last, { isNew, pauseMs: nextMs });
    await pause(nextMs);
    if (signal.aborted) return ended('interrupted');
    if (left() <= 0) return ended('late');
  }
}
