import type { Clock } from '../../host/clock.ts';

/** What a turn is doing with its time (spec/agent-core.md 1.3). */
export type TurnPhase =
  | 'beforeFirstSampling'
  | 'sampling'
  | 'betweenSampling'
  | 'tools'
  | 'afterLastSampling';

/** Whole milliseconds; the phases add up to `totalMs`. */
export interface TurnProfile {
  readonly phasesMs: Readonly<Record<TurnPhase, number>>;
  readonly totalMs: number;
  readonly timeToFirstTokenMs: number | null;
  readonly requests: number;
  readonly retries: number;
}

export interface TurnTimer {
  readonly startedAtMs: number;
  enter(phase: TurnPhase): void;
  /** The first word, thought or call of the model is there. Later calls change nothing. */
  firstToken(): void;
  countRequest(): void;
  countRetry(): void;
  profile(): TurnProfile;
}

export function createTurnTimer(clock: Clock): TurnTimer {
  const startedAtMs = clock.now();
  const start = clock.elapsed();
  const spent: Record<TurnPhase, number> = {
    beforeFirstSampling: 0,
    sampling: 0,
    betweenSampling: 0,
    tools: 0,
    afterLastSampling: 0,
  };
  let phase: TurnPhase = 'beforeFirstSampling';
  let since = start;
  let firstTokenAt: number | undefined;
  let requests = 0;
  let retries = 0;
  const enter = (next: TurnPhase): void => {
    const now = clock.elapsed();
    spent[phase] += now - since;
    since = now;
    phase = next;
  };
  return {
    startedAtMs,
    enter,
    firstToken: () => void (firstTokenAt ??= clock.elapsed()),
    countRequest: () => void (requests += 1),
    countRetry: () => void (retries += 1),
    profile() {
      enter(phase);
      const totalMs = Math.round(since - start);
      const phasesMs = { ...spent };
      for (const name of Object.keys(phasesMs) as TurnPhase[]) phasesMs[name] = Math.floor(phasesMs[name]);
      // What rounding leaves over belongs to the phase at the end.
      const sum = Object.values(phasesMs).reduce((before, ms) => before + ms, 0);
      phasesMs[phase] += totalMs - sum;
      const timeToFirstTokenMs = firstTokenAt === undefined ? null : Math.round(firstTokenAt - start);
      return { phasesMs, totalMs, timeToFirstTokenMs, requests, retries };
    },
  };
}
