import type { TurnId } from '../protocol/ids.ts';
import { SubmissionRefused } from './thread.ts';
import type { TurnKind } from './task.ts';
import type { OwnedTurn } from './turn-state.ts';

/** A turn that is open to input, as far as its kind takes any. */
interface Steerable {
  readonly kind: TurnKind;
  readonly turn: OwnedTurn;
}

/** The turn that input goes into; undefined when it opens one (spec/agent-core.md 1.4). */
export function steerable(open: Steerable | undefined, expected: TurnId | undefined): OwnedTurn | undefined {
  if (!open) {
    if (expected !== undefined) throw refused({ kind: 'no_active_turn' });
    return undefined;
  }
  if (expected !== undefined && expected !== open.turn.id)
    throw refused({ kind: 'expected_turn_mismatch', activeTurnId: open.turn.id });
  if (open.kind === 'compact') throw refused({ kind: 'active_turn_not_steerable', turnKind: 'compact' });
  return open.turn;
}

/** Why there is nothing to roll back now; undefined where there is. */
export function rollbackProblem({
  numTurns,
  isBusy,
  isSaved,
}: {
  readonly numTurns: number;
  readonly isBusy: boolean;
  readonly isSaved: boolean;
}): string | undefined {
  if (!(numTurns >= 1)) return 'at least one turn has to be rolled back';
  if (isBusy) return 'a turn is running; interrupt it first';
  return isSaved ? undefined : 'this thread is not saved, so that it cannot be rolled back';
}

export function refused(reason: SubmissionRefused['reason']): SubmissionRefused {
  return new SubmissionRefused(reason, REFUSALS[reason.kind]);
}

const REFUSALS: Readonly<Record<SubmissionRefused['reason']['kind'], string>> = {
  no_active_turn: 'no turn is running that could be steered',
  expected_turn_mismatch: 'another turn is running than the one that was meant',
  active_turn_not_steerable: 'the turn that is running cannot be steered',
  empty_input: 'there is nothing to say in this input',
  shut_down: 'the thread is shut down',
};
