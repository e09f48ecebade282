import type { Clock } from '../../host/clock.ts';
import { NO_USAGE } from '../protocol/usage.ts';
import type { TokenUsage } from '../protocol/usage.ts';
import { addUsage } from './tokens.ts';

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
  readonly toolCalls: number;
  /** Of all its responses. */
  readonly usage: TokenUsage;
}

/** What a turn is waited for. */
export type FirstOfTurn = 'first_token' | 'first_message';

export interface TurnTimer {
  readonly startedAtMs: number;
  /** So far. */
  readonly retries: number;
  enter(phase: TurnPhase): void;
  /** The first word, thought or call of the model is there. Later calls change nothing. */
  firstToken(): void;
  /** The first word of its message is there. Later calls change nothing. */
  firstMessage(): void;
  countRequest(): void;
  countRetry(): void;
  countToolCall(): void;
  countUsage(usage: TokenUsage | undefined): void;
  profile(): TurnProfile;
}

/** @param onFirst told of each first once, with the milliseconds since the start */
export function createTurnTimer(
  clock: Clock,
  onFirst: (what: FirstOfTurn, durationMs: number) => void = () => undefined,
): TurnTimer {
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
  let hasMessage = false;
  let requests = 0;
  let retries = 0;
  let toolCalls = 0;
  let usage = NO_USAGE;
  const enter = (next: TurnPhase): void => {
    const now = clock.elapsed();
    spent[phase] += now - since;
    since = now;
    phase = next;
  };
  return {
    startedAtMs,
    get retries() {
      return retries;
    },
    enter,
    firstToken() {
      if (firstTokenAt !== undefined) return;
      firstTokenAt = clock.elapsed();
      onFirst('first_token', Math.round(firstTokenAt - start));
    },
    firstMessage() {
      if (hasMessage) return;
      hasMessage = true;
      onFirst('first_message', Math.round(clock.elapsed() - start));
    },
    countRequest: () => void (requests += 1),
    countRetry: () => void (retries += 1),
    countToolCall: () => void (toolCalls += 1),
    countUsage(more) {
      if (more) usage = addUsage(usage, more);
    },
    profile() {
      enter(phase);
      const totalMs = Math.round(since - start);
      const phasesMs = { ...spent };
      for (const name of Object.keys(phasesMs) as TurnPhase[]) phasesMs[name] = Math.floor(phasesMs[name]);
      // What rounding leaves over belongs to the phase at the end.
      const sum = Object.values(phasesMs).reduce((before, ms) => before + ms, 0);
      phasesMs[phase] += totalMs - sum;
      const timeToFirstTokenMs = firstTokenAt === undefined ? null : Math.round(firstTokenAt - start);
      return { phasesMs, totalMs, timeToFirstTokenMs, requests, retries, toolCalls, usage };
    },
  };
}
