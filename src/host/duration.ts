/** A number and a unit: `500ms`, `30s`, `1.5h`. */
export const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Milliseconds of a {@link DURATION}; undefined for any other text. */
export function readDuration(text: string): number | undefined {
  const [, number, unit] = DURATION.exec(text) ?? [];
  const unitMs = UNIT_MS[unit ?? ''];
  return number === undefined || unitMs === undefined ? undefined : Math.round(Number(number) * unitMs);
}

/** `250 ms`, `5 s`, `3 days`: in the largest unit of which it holds a few. */
export function formatDuration(durationMs: number): string {
  const [, name, unitMs] = NAMES.find(([atLeastMs]) => durationMs >= atLeastMs) ?? ['', 'ms', 1];
  return `${Math.round((durationMs / unitMs) * 10) / 10} ${name}`;
}

const NAMES: readonly (readonly [atLeastMs: number, name: string, unitMs: number])[] = [
  [2 * 86_400_000, 'days', 86_400_000],
  [2 * 3_600_000, 'hours', 3_600_000],
  [2 * 60_000, 'minutes', 60_000],
  [1_000, 's', 1_000],
];
