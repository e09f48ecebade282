/**
 * Whether a SQLite can damage a WAL database when two connections write and checkpoint in the same instant, the
 * "WAL-reset bug" (https://sqlite.org/wal.html#walresetbug): 3.7.0 to 3.51.2, mended in 3.51.3 and in two older lines.
 * @param version such as `3.46.1`
 */
export function hasWriteAheadResetBug(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  if (major !== 3 || minor < 7 || minor > 51) return false;
  const mendedFrom = MENDED_FROM.get(minor);
  return mendedFrom === undefined || patch < mendedFrom;
}

/** First mended patch by minor version. */
const MENDED_FROM: ReadonlyMap<number, number> = new Map([
  [44, 6],
  [50, 7],
  [51, 3],
]);
