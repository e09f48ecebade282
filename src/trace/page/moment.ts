/** A moment, `2026-11-20 17:28:56.123 UTC`; what is no moment of the calendar is told as its number. */
export function formatMoment(unixMs: number): string {
  const date = new Date(unixMs);
  return Number.isNaN(date.getTime())
    ? `${unixMs} ms`
    : date.toISOString().replace('T', ' ').replace('Z', ' UTC');
}
