import type { Status } from '../doctor/report.ts';

/** One check of one run. */
export interface CheckRow {
  readonly run: number;
  /** RFC 3339. */
  readonly at: string;
  readonly check: string;
  readonly status: Status;
  /** Somebody ended the run before its time, so that an incomplete row says nothing. */
  readonly isInterrupted: boolean;
}

export type CheckState = 'good' | 'bad';

/** A check that was good and bad within a few runs of the same home. */
export interface ChangingCheck {
  readonly check: string;
  /** `broke` and `recovered` did so at last, after fewer changes than make it flap. */
  readonly kind: 'flapping' | 'broke' | 'recovered';
  readonly state: CheckState;
  /** When the first run stood in `state` without a change since; RFC 3339. */
  readonly stateSince: string;
  readonly changes: number;
  /** The first change; RFC 3339. */
  readonly since: string;
  /** Every run that had a verdict about it, oldest first. */
  readonly runs: readonly { readonly run: number; readonly at: string; readonly status: Status }[];
}

export interface FlappingLimits {
  /** The last so many runs are looked at. */
  readonly runs: number;
  /** So many changes make it flap. */
  readonly changes: number;
}

/** Good, bad, good again and bad again: twice is no accident any more. One that broke and was mended has two changes. */
export const FLAPPING_LIMITS: FlappingLimits = { runs: 10, changes: 3 };

/** What a status says of the health of its subject; undefined where it says nothing. */
export function stateOf({
  status,
  isInterrupted,
}: Pick<CheckRow, 'status' | 'isInterrupted'>): CheckState | undefined {
  switch (status) {
    case 'ok':
    case 'idle':
      return 'good';
    case 'warning':
    case 'fail':
    case 'crashed':
      return 'bad';
    case 'incomplete':
      return isInterrupted ? undefined : 'bad';
    case 'skipped':
      return undefined;
  }
}

/**
 * Which checks changed between good and bad, those that changed most first. A run that skipped a check is passed over: it
 * neither ends nor continues anything.
 * @param rows of one home, in any order
 */
export function changingChecks(
  rows: readonly CheckRow[],
  limits: FlappingLimits = FLAPPING_LIMITS,
): readonly ChangingCheck[] {
  const last = [...new Set(rows.map(({ run }) => run))].toSorted((a, b) => a - b).slice(-limits.runs);
  const window = new Set(last);
  const byCheck = Map.groupBy(
    rows.filter(({ run }) => window.has(run)).toSorted((a, b) => a.run - b.run),
    ({ check }) => check,
  );
  return [...byCheck]
    .flatMap(([check, own]) => changingCheck(check, own, limits) ?? [])
    .toSorted((a, b) => b.changes - a.changes || (a.check < b.check ? -1 : 1));
}

function changingCheck(
  check: string,
  rows: readonly CheckRow[],
  { changes: most }: FlappingLimits,
): ChangingCheck | undefined {
  const judged = rows.flatMap((row) => {
    const state = stateOf(row);
    return state === undefined ? [] : [{ ...row, state }];
  });
  const turns = judged.filter(({ state }, index) => index > 0 && judged[index - 1]?.state !== state);
  const [first] = turns;
  const latest = turns.at(-1);
  if (!first || !latest) return undefined;
  const settled = latest.state === 'bad' ? 'broke' : 'recovered';
  return {
    check,
    kind: turns.length >= most ? 'flapping' : settled,
    state: latest.state,
    stateSince: latest.at,
    changes: turns.length,
    since: first.at,
    runs: judged.map(({ run, at, status }) => ({ run, at, status })),
  };
}
