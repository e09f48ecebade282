import { plainName } from '../store/rollouts/name.ts';
import type { SessionFile, Subtree } from './subtree.ts';

/** Which attached session file belongs to which thread; members as release 0.169 names them. */
export interface ThreadIndex {
  readonly rollout_archive_filename: null;
  readonly threads: readonly {
    readonly thread_id: string;
    /** Null where no file was found; a thread may own several. */
    readonly rollout_filename: string | null;
    readonly further_rollout_filenames?: readonly string[];
  }[];
  /** Every thread that belongs here is listed, unless there are more than one report holds. */
  readonly is_complete: boolean;
  readonly notes: string;
}

export function threadIndex(
  { threadIds, isCut, indexFault }: Subtree,
  files: readonly Pick<SessionFile, 'name' | 'threadId'>[],
): ThreadIndex {
  return {
    rollout_archive_filename: null,
    threads: threadIds.map((id) => {
      const [first, ...more] = files
        .filter(({ threadId }) => threadId === id)
        .map(({ name }) => plainName(name));
      return {
        thread_id: id,
        rollout_filename: first ?? null,
        ...(more.length > 0 && { further_rollout_filenames: more }),
      };
    }),
    is_complete: !isCut,
    notes:
      indexFault === undefined
        ? 'What was found, not what was sent.'
        : `What was found, not what was sent. Sub-agents were found by the session files, since the thread index could not be used: ${indexFault}.`,
  };
}
