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
