import type { Check } from './check.ts';
import type { SharedContext } from './context.ts';
import type { CheckResult } from './report.ts';
import { runChecks } from './runner.ts';
import type { RunOptions, RunOutcome } from './runner.ts';

export interface SelectedChecks {
  /** Ids to run; all when absent. */
  readonly selected?: ReadonlySet<string>;
  /** Ids that must not run, whatever would be learnt from them. */
  readonly unwanted?: ReadonlySet<string>;
}

/**
 * Runs the selected checks. Where one of them was skipped because of a fault that another check reports, that other one
 * runs too: a selection that could not be judged must not look healthy. Results come in registry order.
 */
export async function runSelected(
  checks: readonly Check[],
  shared: SharedContext,
  { selected, unwanted, ...options }: RunOptions & SelectedChecks,
): Promise<RunOutcome> {
  const endsAtMs = shared.clock.elapsed() + options.timeoutMs;
  const outcomes = [
    await runChecks(
      checks.filter(({ id }) => selected?.has(id) ?? true),
      shared,
      options,
    ),
  ];
  while (!options.signal.aborted) {
    const results = outcomes.flatMap((outcome) => outcome.results);
    const explaining = explainingChecks(checks, results).filter(({ id }) => unwanted?.has(id) !== true);
    if (explaining.length === 0) break;
    const timeoutMs = Math.max(1, endsAtMs - shared.clock.elapsed());
    // oxlint-disable-next-line no-await-in-loop -- what explains may be skipped for a fault that a third one reports
    outcomes.push(await runChecks(explaining, shared, { ...options, timeoutMs }));
  }
  const places = new Map(checks.map(({ id }, place) => [id, place]));
  const placeOf = (id: string): number => places.get(id) ?? 0;
  return {
    results: outcomes
      .flatMap(({ results }) => results)
      .toSorted((one, other) => placeOf(one.id) - placeOf(other.id)),
    notes: outcomes
      .flatMap(({ notes }) => notes)
      .toSorted((one, other) => placeOf(one.check) - placeOf(other.check)),
  };
}

/** Checks that did not run, and that a skipped row names as its reason. */
function explainingChecks(checks: readonly Check[], results: readonly CheckResult[]): readonly Check[] {
  const judged = new Set(results.map(({ id }) => id));
  const named = new Set(results.map(({ skippedBecause }) => skippedBecause));
  return checks.filter(({ id }) => named.has(id) && !judged.has(id));
}
