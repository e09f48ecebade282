import { warn } from '../../../src/doctor/check.ts';
import type { VerdictIssue } from '../../../src/doctor/check.ts';
import type { FailureClass } from '../../../src/doctor/failure.ts';
import { describe } from '../../../src/store/rollouts/walk.ts';
import type { TakenPlace } from '../../../src/target/places.ts';

/** Something stands where the agent keeps a file or folder of its own, and it is not that. */
export function placeIssue({ path, type, holds, look }: TakenPlace, agent: string): VerdictIssue {
  const wanted = type === 'file' ? 'file' : 'folder';
  const found = look.kind === 'found' ? describe({ kind: 'wrong_type', type: look.type }) : describe(look);
  const isRefused = look.kind === 'denied' || look.kind === 'failed';
  return warn({
    class: classOf(look),
    cause: isRefused
      ? `${path} (${holds}) cannot be looked at: ${found}`
      : `${path} should be a ${wanted} (${holds}) and is a ${found}`,
    measured: found,
    expected: `a ${wanted}, or nothing yet`,
    remedy: isRefused
      ? `Check the owner and mode of ${path} and of the folders above it, and the disk that holds them.`
      : `Move ${path} aside${look.kind === 'dangling' ? ', or bring back what the link leads to' : ''}; ${agent} does without, or makes a new one.`,
    fields: [],
    ...(isRefused && { failure: { code: look.code } }),
  });
}

function classOf(look: TakenPlace['look']): FailureClass {
  switch (look.kind) {
    case 'found':
    case 'loop':
      return 'wrong_type';
    case 'dangling':
      return 'missing';
    case 'denied':
      return 'permissions';
    case 'failed':
      return 'unreadable';
  }
}
