import type { Clock } from '../../host/clock.ts';
import type { StartStep, StartStepName } from '../../telemetry/facts/start.ts';
import type { Tell } from './tell.ts';

/** Measures the start of one thread. Made only where somebody listens. */
export interface StartWatch {
  /** Begins a step; call what it gives back at its end. */
  step(step: StartStepName): () => void;
  /** The thread is there, or is refused. */
  end(status: 'ready' | 'failed'): void;
}

export interface StartWatchOptions {
  readonly clock: Clock;
  readonly tell: Tell;
  readonly began: Began;
}

/** The moment in which somebody asked for the thread, by both clocks. */
export interface Began {
  readonly atMs: number;
  readonly elapsedMs: number;
}

export const moment = (clock: Clock): Began => ({ atMs: clock.now(), elapsedMs: clock.elapsed() });

export function createStartWatch({ clock, tell, began }: StartWatchOptions): StartWatch {
  const initBeganAtMs = clock.now();
  const steps: StartStep[] = [];
  return {
    step(step) {
      const stepBegan = moment(clock);
      return () => {
        const durationMs = clock.elapsed() - stepBegan.elapsedMs;
        steps.push({ step, beganAtMs: stepBegan.atMs, durationMs });
      };
    },
    end: (status) =>
      tell({
        type: 'thread_spawned',
        status,
        beganAtMs: began.atMs,
        durationMs: clock.elapsed() - began.elapsedMs,
        initBeganAtMs,
        steps,
      }),
  };
}
