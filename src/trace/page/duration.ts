const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** A duration for a reader: `412 ms`, `1.24 s`, `3 min 05 s`, `2 h 05 min`. */
export function formatDuration(ms: number): string {
  if (ms < SECOND) return `${Math.round(ms)} ms`;
  // What would be rounded to 60.0 s is a minute.
  if (Math.round(ms / 100) * 100 < MINUTE) return `${trimmed(ms / SECOND)} s`;
  const seconds = Math.round(ms / SECOND);
  if (seconds * SECOND < HOUR) return `${Math.floor(seconds / 60)} min ${twoDigits(seconds % 60)} s`;
  const minutes = Math.round(ms / MINUTE);
  return `${Math.floor(minutes / 60)} h ${twoDigits(minutes % 60)} min`;
}

const trimmed = (seconds: number): string => seconds.toFixed(seconds < 10 ? 2 : 1);
const twoDigits = (value: number): string => String(value).padStart(2, '0');

/** A moment, `2026-11-20 17:28:56.123 UTC`; what is no moment of the calendar is told as its number. */
export function formatMoment(unixMs: number): string {
  const date = new Date(unixMs);
  return Number.isNaN(date.getTime())
    ? `${unixMs} ms`
    : date.toISOString().replace('T', ' ').replace('Z', ' UTC');
}
