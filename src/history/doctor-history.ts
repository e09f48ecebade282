import type { Note, RedactedReport, TargetSummary } from '../doctor/report.ts';
import { changingChecks, FLAPPING_LIMITS, stateOf } from './flapping.ts';
import type { CheckRow } from './flapping.ts';
import { useHistory } from './open.ts';
import { homeKey } from './place.ts';
import { checkRows } from './read.ts';

/* What the doctor does with the history: a bundle of its own, loaded only where history is on. */

export { historyPath } from './place.ts';
export { recordRun } from './record.ts';

/**
 * The checks of the last runs of a home, as it is spelt on disk. Never rejects: a history that cannot be read is as good as none here, and
 * `recordRun` says why.
 */
export async function earlierRows(
  path: string,
  { profile, home }: Pick<TargetSummary, 'profile' | 'home'>,
): Promise<readonly CheckRow[]> {
  // The run at hand is the last of those that are looked at.
  const runs = FLAPPING_LIMITS.runs - 1;
  const use = await useHistory(path, { create: false }, (database) =>
    checkRows(database, { profile, homeKey: homeKey(home), runs }),
  );
  return use.kind === 'done' ? use.value : [];
}

/** What the history makes of a report: which of its checks come and go. Holds ids and numbers alone. */
export function flappingNotes(
  earlier: readonly CheckRow[],
  { generatedAt, interrupted, checks }: Pick<RedactedReport, 'generatedAt' | 'interrupted' | 'checks'>,
): readonly Note[] {
  const run = Math.max(0, ...earlier.map((row) => row.run)) + 1;
  const now = Object.values(checks).map(({ id, status }): CheckRow => ({
    run,
    at: generatedAt,
    check: id,
    status,
    isInterrupted: interrupted,
  }));
  // One that this run did not judge is no news of this run.
  const judged = new Set(now.flatMap((row) => (stateOf(row) ? [row.check] : [])));
  return changingChecks([...earlier, ...now])
    .filter(({ kind, check }) => kind === 'flapping' && judged.has(check))
    .map(({ check, changes, runs, state }) => ({
      kind: state === 'bad' ? 'warning' : 'info',
      check,
      text: `flapping: ${changes} changes between good and bad in the last ${runs.length} runs, ${state} now`,
    }));
}
