import type { HrTime } from '@opentelemetry/api';

/**
 * A moment in milliseconds since the epoch as the SDK takes it. A Date knows no parts of a millisecond, and a small plain
 * number would count from the start of the process.
 */
export function timeOf(milliseconds: number): HrTime {
  const seconds = Math.floor(milliseconds / 1_000);
  return [seconds, Math.floor((milliseconds - seconds * 1_000) * 1e6)];
}
