import { setTimeout as sleepFor } from 'node:timers/promises';
import { EXIT } from '../../../doctor/report.ts';
import type { RedactedReport } from '../../../doctor/report.ts';
import type { Clock } from '../../../host/clock.ts';
import { changesBetween } from './changes.ts';
import { frameForFile, frameForTerminal } from './frame.ts';

/** Examining without a pause would be a load, and nobody reads that fast. */
export const SHORTEST_EVERY_MS = 1_000;

/** A terminal that does not say how high it is. */
const USUAL_ROWS = 24;

export interface WatchedRun {
  /** The report as it is shown. */
  readonly text: string;
  readonly exitCode: number;
  readonly report: RedactedReport;
}

export interface WatchOutput {
  readonly isTerminal: boolean;
  /** Asked for every frame, since windows change. */
  rows(): number | undefined;
  /** @returns false when nobody reads any more */
  write(text: string): boolean;
}

export interface Watching {
  /** Examines once; the signal is the user's interrupt. */
  readonly run: (signal: AbortSignal) => Promise<WatchedRun>;
  /** From the end of one run to the start of the next, milliseconds. */
  readonly everyMs: number;
  readonly clock: Pick<Clock, 'now'>;
  readonly out: WatchOutput;
  readonly signal: AbortSignal;
  /** Rejects when the signal is aborted. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Examines again and again, never twice at the same time, and says what changed since the run before. Ends with the user's
 * interrupt, or when nobody reads any more.
 * @returns the exit code: that of an interrupt, or of the last run
 */
export async function watchDoctor({
  run,
  everyMs,
  clock,
  out,
  signal,
  sleep = pause,
}: Watching): Promise<number> {
  const pauseMs = Math.max(everyMs, SHORTEST_EVERY_MS);
  let before: RedactedReport | undefined;
  for (let number = 1; !signal.aborted; number += 1) {
    const examined = await run(signal);
    // What was found until an interrupt says nothing about the rest.
    if (signal.aborted) break;
    const time = new Date(clock.now()).toISOString().slice(0, 19);
    const frame = {
      head: `${time.replace('T', ' ')} UTC, run ${number}, every ${pauseMs / 1_000} s, Ctrl-C ends`,
      changes: before ? changesBetween(before, examined.report) : [],
      text: examined.text,
    };
    const shown = out.isTerminal ? frameForTerminal(frame, out.rows() ?? USUAL_ROWS) : frameForFile(frame);
    if (!out.write(shown)) return examined.exitCode;
    before = examined.report;
    try {
      await sleep(pauseMs, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
  return EXIT.interrupted;
}

const NO_VALUE = undefined;

const pause = async (ms: number, signal: AbortSignal): Promise<void> => {
  await sleepFor(ms, NO_VALUE, { signal });
};
