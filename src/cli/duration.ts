import { readDuration } from '../host/duration.ts';
import { UsageError } from './usage-error.ts';

/** Longer than this is a typing mistake, and timers cannot count much further. */
const MOST_MS = 24 * 60 * 60 * 1_000;

/**
 * Milliseconds of a length of time as options take it: `30s`, `1500ms`, `2m`, `1h`; a number alone is seconds.
 * @param option as it is typed, for the message
 * @throws UsageError when the text is no positive length of time
 */
export function parseDuration(text: string, option: string): number {
  const trimmed = text.trim();
  const durationMs = readDuration(/[a-z]$/.test(trimmed) ? trimmed : `${trimmed}s`) ?? 0;
  if (durationMs < 1 || durationMs > MOST_MS)
    throw new UsageError(`${option} ${text} is not a length of time.`, 'Write it as 30s, 1500ms or 2m.');
  return durationMs;
}
