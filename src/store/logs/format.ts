import type { Row } from '../sqlite/database.ts';

/** Longest level, `ERROR` and the like: shorter ones are moved to the right. */
const LEVEL_WIDTH = 5;
const MAX_DATE_SECONDS = 8_640_000_000_000;

/** A log row as one or more whole lines: `1970-01-01T00:00:01.123456Z  INFO alpha` (spec/observability.md 2.3). */
export function formatLogLine(row: Row): string {
  const body = String(row['feedback_log_body']);
  const time = formatTime(Number(row['ts']), Number(row['ts_nanos']));
  const line = `${time} ${String(row['level']).padStart(LEVEL_WIDTH)} ${body}`;
  return line.endsWith('\n') ? line : `${line}\n`;
}

/** RFC 3339 with microseconds; where that cannot be said, the seconds and nanoseconds themselves. */
function formatTime(seconds: number, nanos: number): string {
  const isDate = Math.abs(seconds) <= MAX_DATE_SECONDS && nanos >= 0 && nanos < 1_000_000_000;
  const date = isDate ? new Date(seconds * 1_000).toISOString() : '';
  if (!/^\d{4}-/.test(date)) return `${seconds}.${String(nanos).padStart(9, '0')}Z`;
  const micros = String(Math.floor(nanos / 1_000)).padStart(6, '0');
  return `${date.slice(0, -'.000Z'.length)}.${micros}Z`;
}
