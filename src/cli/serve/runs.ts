import type { Clock } from '../../host/clock.ts';
import type { RedactedReport } from '../../doctor/report.ts';

/** What came of one examination. */
export type RunOutcome =
  | { readonly kind: 'report'; readonly report: RedactedReport }
  /** `isUsage`: the doctor does not take its options or settings, and will not later either. */
  | { readonly kind: 'none'; readonly reason: string; readonly isUsage: boolean };

export interface LastReport {
  readonly report: RedactedReport;
  /** Wall time, milliseconds. */
  readonly finishedAtMs: number;
  readonly durationMs: number;
}

/** Everything that answers are made of. */
export interface RunState {
  readonly last: LastReport | undefined;
  /** Why the newest run has no report; undefined where it has one. */
  readonly failure: string | undefined;
  readonly isRunning: boolean;
  readonly counts: { readonly finished: number; readonly failed: number };
}

export interface CachedRuns {
  state(): RunState;
  /** Begins a run, or takes part in the one that is under way. */
  refresh(): Promise<RunOutcome>;
  /** The same where the last report is older than that; nobody waits for it. */
  refreshIfOlderThan(ageMs: number): void;
  /** No run begins any more. */
  stop(): void;
}

interface Options {
  readonly examine: () => Promise<RunOutcome>;
  /** From the beginning of one run to the beginning of the next. */
  readonly everyMs: number;
  readonly clock: Clock;
  /** Told after each run. */
  readonly onRun?: (outcome: RunOutcome, state: RunState) => void;
}

/** One examination at a time, again and again; whoever asks meanwhile is told of the last one. */
export function createRuns({ examine, everyMs, clock, onRun }: Options): CachedRuns {
  let last: LastReport | undefined;
  let failure: string | undefined;
  let current: Promise<RunOutcome> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  const counts = { finished: 0, failed: 0 };

  async function run(): Promise<RunOutcome> {
    clearTimeout(timer);
    const begun = clock.elapsed();
    const outcome = await examine();
    const durationMs = clock.elapsed() - begun;
    if (outcome.kind === 'report') {
      last = { report: outcome.report, finishedAtMs: clock.now(), durationMs };
      failure = undefined;
      counts.finished += 1;
    } else {
      failure = outcome.reason;
      counts.failed += 1;
    }
    current = undefined;
    // What cannot be kept up with is not piled up.
    if (!isStopped) timer = setTimeout(() => void refresh(), Math.max(0, everyMs - durationMs));
    onRun?.(outcome, state());
    return outcome;
  }

  const refresh = (): Promise<RunOutcome> => (current ??= run());
  const state = (): RunState => ({ last, failure, isRunning: current !== undefined, counts: { ...counts } });
  return {
    state,
    refresh,
    refreshIfOlderThan: (ageMs) => {
      if (!isStopped && last !== undefined && clock.now() - last.finishedAtMs > ageMs) void refresh();
    },
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
