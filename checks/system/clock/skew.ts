import { describeAge } from '../../auth/token/time.ts';
import type { HttpObservation } from '../../../src/net/network.ts';

/** The clock of this machine against that of whoever answered. */
export interface Skew {
  /** Positive: this machine is fast. 0 where the measurement cannot tell the two clocks apart. */
  readonly certainMs: number;
  /** The likeliest difference, and how far it may be off to either side. */
  readonly likelyMs: number;
  readonly toleranceMs: number;
}

/** Nobody answered this program before: the clock of such a server was never set, and tells nothing about ours. */
const EARLIEST_DATE_MS = Date.UTC(2025, 0);
/** `Date` has whole seconds, cut off. */
const DATE_RESOLUTION_MS = 1000;

/**
 * The answer was dated at some moment between request and answer, so the round trip bounds what its `Date` can mean.
 * Undefined without an answer, or where it has no date that can be believed.
 */
export function skewOf(seen: HttpObservation | undefined): Skew | undefined {
  if (seen?.outcome.kind !== 'answered') return undefined;
  const { dateMs } = seen.outcome.answer;
  const { sentAtMs, answeredAtMs } = seen;
  if (dateMs === undefined || sentAtMs === undefined || answeredAtMs === undefined) return undefined;
  if (dateMs < EARLIEST_DATE_MS) return undefined;
  const lowest = sentAtMs - (dateMs + DATE_RESOLUTION_MS);
  const highest = answeredAtMs - dateMs;
  return {
    certainMs: lowest > 0 ? lowest : highest < 0 ? highest : 0,
    likelyMs: (lowest + highest) / 2,
    toleranceMs: (highest - lowest) / 2,
  };
}

/** From here on a user should know. */
export const NOTICEABLE_SKEW_MS = 60_000;
/** AWS refuses signatures from here on, and token services times. */
export const FATAL_SKEW_MS = 5 * 60_000;

export const isNoticeable = (skew: Skew | undefined): skew is Skew =>
  skew !== undefined && Math.abs(skew.certainMs) >= NOTICEABLE_SKEW_MS;

/** `119 minutes fast`, from two minutes on; below that in seconds. */
export function describeSkew({ certainMs }: Skew): string {
  const amount = Math.abs(certainMs);
  const words = amount < 120_000 ? `${Math.round(amount / 1000)} seconds` : describeAge(amount);
  return `${words} ${certainMs < 0 ? 'slow' : 'fast'}`;
}
