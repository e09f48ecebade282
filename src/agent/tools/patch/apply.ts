import { perform, reasonOf } from './disk.ts';
import type { PlannedChange } from './plan.ts';

/** What was written. Not atomic: what stands before a failure stays (spec/agent-core.md, trap 27). */
export interface Applied {
  /** Whole, in the order of the patch. */
  readonly applied: readonly PlannedChange[];
  /** Why the change behind the last of them failed; absent when all of them are applied. */
  readonly failure?: string;
}

/** Writes what was planned, until the end or the first failure. */
export function applyChanges(changes: readonly PlannedChange[]): Applied {
  for (const [index, change] of changes.entries()) {
    const failure = applyChange(change);
    if (failure !== undefined) return { applied: changes.slice(0, index), failure };
  }
  return { applied: changes };
}

function applyChange({ operations }: PlannedChange): string | undefined {
  for (const [index, operation] of operations.entries()) {
    try {
      perform(operation);
    } catch (error) {
      const reason = `cannot ${operation.kind} ${operation.target} (${reasonOf(error)})`;
      const done = operations.slice(0, index).map(({ target }) => target);
      return done.length === 0 ? reason : `${reason}; ${done.join(', ')} was written before`;
    }
  }
  return undefined;
}

const LABELS = ['A', 'M', 'D'] as const;

/** The list that ends every report: added files first, then changed ones, then deleted ones. */
export function listOf(changes: readonly PlannedChange[]): string {
  return LABELS.flatMap((label) =>
    changes.filter((change) => change.label === label).map(({ shown }) => `${label} ${shown}`),
  ).join('\n');
}

/** What the model and the caller of the stand-alone command are told. */
export function successText(changes: readonly PlannedChange[]): string {
  return `Success. Updated the following files:\n${listOf(changes)}\n`;
}

export function failureText({ applied, failure }: Required<Applied>): string {
  return applied.length === 0
    ? `${failure}\nNo file was changed.`
    : `${failure}\nThese files were changed before that, and stay so:\n${listOf(applied)}`;
}
