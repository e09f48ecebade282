const FIRST_DELAY_MS = 200;
/** Jitter is a factor of at least 0.9 and below 1.1, so that many clients do not come back together (trap 45). */
const LEAST_FACTOR = 0.9;
const FACTOR_RANGE = 0.2;

/**
 * Milliseconds before a retry: twice as long each time (spec/transport.md 1.7).
 * @param retry 1 for the first
 * @param random uniform in [0, 1)
 */
export const backOffMs = (retry: number, random: () => number): number =>
  FIRST_DELAY_MS * 2 ** (retry - 1) * (LEAST_FACTOR + random() * FACTOR_RANGE);
