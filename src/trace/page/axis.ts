/** Something that took time; without an end it still ran when the trace ended. Milliseconds since the epoch. */
export interface TimeWindow {
  readonly startMs: number;
  readonly endMs: number | null;
}

/** Idle time that the axis makes short; places are fractions of its width. */
export interface AxisBreak {
  readonly fromMs: number;
  readonly toMs: number;
  readonly from: number;
  readonly to: number;
}

/** Where moments stand on a line from 0 to 1. */
export interface Axis {
  readonly startMs: number;
  readonly endMs: number;
  readonly breaks: readonly AxisBreak[];
  /** What lies outside stands at the nearer end. */
  at(ms: number): number;
}

/** A part of an axis, as fractions of its width. */
export interface Bar {
  readonly left: number;
  readonly width: number;
  /** It has no end, or one behind the end of the axis. */
  readonly goesOn: boolean;
}

/** A pause is made short that is longer than this part of all the time in which something ran: a user went for lunch. */
const LONG_IDLE = 0.15;
/** What a pause takes then, and what all of them may take together. */
const BREAK_WIDTH = 0.03;
const MAX_BREAKS_WIDTH = 0.3;

/** An axis over all windows. Time in which nothing ran is made short where it would be most of the picture. */
export function createAxis(windows: readonly TimeWindow[]): Axis {
  const startMs = earliest(windows.map((window) => window.startMs));
  const endMs = windows.reduce((last, window) => Math.max(last, lastMoment(window)), startMs);
  const idle = longPauses(windows, { startMs, endMs });
  const idleMs = idle.reduce((sum, pause) => sum + lengthOf(pause), 0);
  const shownMs = endMs - startMs - idleMs;
  // Where nothing took any time, the pauses are all that there is to see.
  const breakWidth =
    shownMs <= 0
      ? 1 / Math.max(1, idle.length)
      : Math.min(BREAK_WIDTH, MAX_BREAKS_WIDTH / Math.max(1, idle.length));
  const widthOf = (ms: number): number =>
    shownMs <= 0 ? 0 : (ms / shownMs) * (1 - breakWidth * idle.length);
  const at = (ms: number): number => {
    const moment = Math.min(Math.max(ms, startMs), endMs);
    let place = widthOf(moment - startMs);
    for (const { fromMs, toMs } of idle) {
      if (moment <= fromMs) break;
      const passed = Math.min(moment, toMs) - fromMs;
      place += (passed / (toMs - fromMs)) * breakWidth - widthOf(passed);
    }
    return Math.min(1, Math.max(0, place));
  };
  return {
    startMs,
    endMs,
    at,
    breaks: idle.map(({ fromMs, toMs }) => ({ fromMs, toMs, from: at(fromMs), to: at(toMs) })),
  };
}

const lastMoment = ({ startMs, endMs }: TimeWindow): number => Math.max(startMs, endMs ?? startMs);
// Not by Math.min(...values), which has a limit of its own.
const earliest = (values: readonly number[]): number =>
  values.reduce((one, other) => Math.min(one, other), values[0] ?? 0);

interface Pause {
  readonly fromMs: number;
  readonly toMs: number;
}

function longPauses(
  windows: readonly TimeWindow[],
  { startMs, endMs }: { readonly startMs: number; readonly endMs: number },
): readonly Pause[] {
  const pauses: Pause[] = [];
  let busyUntil = startMs;
  for (const window of windows.toSorted((one, other) => one.startMs - other.startMs)) {
    if (window.startMs > busyUntil) pauses.push({ fromMs: busyUntil, toMs: window.startMs });
    busyUntil = Math.max(busyUntil, lastMoment(window));
  }
  const busyMs = pauses.reduce((left, pause) => left - lengthOf(pause), endMs - startMs);
  return pauses.filter((pause) => lengthOf(pause) > busyMs * LONG_IDLE);
}

const lengthOf = ({ fromMs, toMs }: Pause): number => toMs - fromMs;

/** Where a window stands on an axis; undefined where it lies wholly outside. */
export function barOf(axis: Axis, { startMs, endMs }: TimeWindow): Bar | undefined {
  if (startMs > axis.endMs || (endMs !== null && endMs < axis.startMs)) return undefined;
  const left = axis.at(startMs);
  const right = endMs === null ? 1 : axis.at(Math.max(startMs, endMs));
  return { left, width: Math.max(0, right - left), goesOn: endMs === null || endMs > axis.endMs };
}

/** Lines across an axis without breaks: `count` parts of `stepMs`, which are a little more than what is asked for. */
export interface Grid {
  readonly stepMs: number;
  readonly count: number;
}

/** More labels than this do not fit beside each other. */
export const MAX_GRID_PARTS = 8;
/** Beyond seconds nobody counts in tens. Each is at most two and a half times the one before it. */
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS: readonly number[] = [
  ...[1, 10, 100, SECOND].flatMap((unit) => [1, 2, 5].map((factor) => factor * unit)),
  ...[10, 15, 30].map((factor) => factor * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((factor) => factor * MINUTE),
  ...[1, 2, 4, 6, 12].map((factor) => factor * HOUR),
  ...[1, 2, 5, 10, 20, 50, 100].map((factor) => factor * DAY),
];

/** Round steps that are easy to read, so that the last line stands at or behind the end. */
export function gridOf(durationMs: number): Grid {
  const least = durationMs / MAX_GRID_PARTS;
  const stepMs = STEPS.find((step) => step >= least) ?? least;
  return { stepMs, count: Math.min(MAX_GRID_PARTS, Math.max(1, Math.ceil(durationMs / stepMs))) };
}

export interface Tick {
  readonly at: number;
  readonly offsetMs: number;
}

/** Labels nearer than this part of the axis would run into each other. */
const LABEL_WIDTH = 0.08;

/** Round moments since the start of the axis that fall into no break and stand apart. */
export function ticksOf(axis: Axis): readonly Tick[] {
  const idleMs = axis.breaks.reduce((sum, pause) => sum + lengthOf(pause), 0);
  const { stepMs } = gridOf(axis.endMs - axis.startMs - idleMs);
  const ticks: Tick[] = [{ at: 0, offsetMs: 0 }];
  const add = (offsetMs: number): void => {
    const place = axis.at(axis.startMs + offsetMs);
    if (place - (ticks.at(-1)?.at ?? 0) >= LABEL_WIDTH && place <= 1 - LABEL_WIDTH / 2)
      ticks.push({ at: place, offsetMs });
  };
  let fromMs = axis.startMs;
  for (const pause of [...axis.breaks, { fromMs: axis.endMs, toMs: axis.endMs }]) {
    const first = Math.ceil((fromMs - axis.startMs) / stepMs) * stepMs;
    for (let offset = first; offset <= pause.fromMs - axis.startMs; offset += stepMs) add(offset);
    fromMs = pause.toMs;
  }
  return ticks;
}
