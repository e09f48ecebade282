import type { Files } from '../host/files.ts';
import { walkRollouts } from '../store/rollouts/walk.ts';
import type { RolloutTree } from '../store/rollouts/walk.ts';

/** The session files of a home, found by one walk that every check shares. */
export interface RolloutInventory {
  readonly active: RolloutTree;
  readonly archived: RolloutTree;
}

const ACTIVE_FOLDER = 'sessions';
const ARCHIVED_FOLDER = 'archived_sessions';

/** Counts and stats the files of both folders without opening one. Never rejects; see `RolloutTree.complete`. */
export async function findRollouts(
  files: Files,
  home: string,
  signal: AbortSignal,
): Promise<RolloutInventory> {
  const active = await walkRollouts(files, home, ACTIVE_FOLDER, signal);
  const archived = await walkRollouts(files, home, ARCHIVED_FOLDER, signal);
  return { active, archived };
}
