import type { Change, Comparison } from '../../doctor/compare/comparison.ts';

/** What to think of a comparison, in few words. */
export interface ComparisonVerdict {
  readonly word: string;
  /** `2 new failures`, `1 recovered`. */
  readonly counts: readonly string[];
  readonly role: 'fail' | 'warning' | 'ok';
}

/** In words, by importance; what is not named here is told check by check. */
const COUNTED: readonly (readonly [one: string, many: string, changes: readonly Change[]])[] = [
  ['new failure', 'new failures', ['failed', 'other_failure']],
  ['new warning', 'new warnings', ['warned', 'other_warning']],
  ['check without an answer', 'checks without an answer', ['unanswered']],
  ['recovered', 'recovered', ['recovered']],
];

export function verdictOf({ checks, surroundings }: Comparison): ComparisonVerdict {
  const count = (changes: readonly Change[]): number =>
    checks.filter(({ change }) => changes.includes(change)).length;
  const counts = COUNTED.flatMap(([one, many, changes]) => {
    const number = count(changes);
    return number === 0 ? [] : [`${number} ${number === 1 ? one : many}`];
  });
  const isWorse = count(['failed', 'other_failure', 'warned', 'other_warning', 'unanswered']) > 0;
  const isBetter = count(['recovered']) > 0;
  const hasChanged = checks.length > 0 || surroundings.length > 0;
  const word = isWorse ? 'worse' : isBetter ? 'better' : hasChanged ? 'neither better nor worse' : 'the same';
  return {
    word,
    counts,
    role: count(['failed', 'other_failure']) > 0 ? 'fail' : isWorse ? 'warning' : 'ok',
  };
}
