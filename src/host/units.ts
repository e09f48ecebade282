const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'];

/** A size for a reader, in steps of 1,024 as the agent's own reports count them: `2.53 GB`, `36.2 KB`, `512 B`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = unit === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${value.toFixed(digits)} ${UNITS[unit]}`;
}

/** `1,526`. Not by `toLocaleString`: the first use of Intl costs more than the rest of a small examination. */
export function formatNumber(number: number): string {
  const [whole = '', fraction] = String(number).split('.');
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** A number with its noun, such as `1,526 files` or `1 file`. */
export function formatCount(number: number, noun: string): string {
  return `${formatNumber(number)} ${noun}${number === 1 ? '' : 's'}`;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** A duration for a reader: `412 ms`, `1.24 s`, `3 min 05 s`, `2 h 05 min`. */
export function formatElapsed(ms: number): string {
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
