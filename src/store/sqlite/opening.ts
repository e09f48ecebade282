import type { OpenPhase, StoreWatch, WatchedDatabase } from '../watch.ts';
import type { StoreErrorClass } from './error-class.ts';

type Phase = OpenPhase['phase'];

/** Measures the phases of opening a database, which may take several tries. */
export interface Opening {
  enter(phase: Phase): void;
  /** @param error why the phase that was entered last failed for good */
  end(error?: StoreErrorClass): void;
}

const PHASES: readonly Phase[] = ['open', 'migrate'];

export function createOpening(database: WatchedDatabase, { elapsedMs, hear }: StoreWatch): Opening {
  const spentMs = new Map<Phase, number>();
  let current: Phase | undefined;
  let sinceMs = 0;
  const leave = (): void => {
    if (current) spentMs.set(current, (spentMs.get(current) ?? 0) + elapsedMs() - sinceMs);
  };
  return {
    enter(phase) {
      leave();
      current = phase;
      sinceMs = elapsedMs();
    },
    end(error) {
      leave();
      for (const phase of PHASES) {
        const hasFailed = error !== undefined && phase === current;
        const durationMs = spentMs.get(phase);
        if (durationMs !== undefined)
          hear({
            type: 'database_phase',
            database,
            phase,
            durationMs,
            ...(hasFailed && { errorClass: error }),
          });
        if (hasFailed) return;
      }
    },
  };
}
