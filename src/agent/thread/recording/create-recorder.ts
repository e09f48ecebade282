import { files } from '../../../host/files.ts';
import type { Clock } from '../../../host/clock.ts';
import type { RolloutLine, SessionMeta } from '../../../store/rollouts/line.ts';
import { materialise } from '../../../store/rollouts/materialise.ts';
import { rolloutPath } from '../../../store/rollouts/path.ts';
import { claimWriter } from '../../../store/rollouts/writer-claim.ts';
import type { WriterClaim } from '../../../store/rollouts/writer-claim.ts';
import { createRolloutWriter } from '../../../store/rollouts/writer.ts';
import type { RolloutStart } from '../../../store/rollouts/writer.ts';
import type { StateStore } from '../../../store/state/store.ts';
import { createThreadRowBuilder } from '../../../store/state/thread-row.ts';
import type { Recorder } from '../recorder.ts';
import { diskLine } from './disk-line.ts';
import type { LoadedThread } from './load.ts';
import { createPaginator } from './paginated-line.ts';
import { ThreadInUse } from '../thread-errors.ts';

/** How a thread begins (spec/agent-core.md 1.2). */
export type RecordingStart =
  | { readonly kind: 'new'; readonly meta: SessionMeta }
  /** `lines` come from `forkLines`, and stand in the new file behind its own `session_meta`. */
  | { readonly kind: 'forked'; readonly meta: SessionMeta; readonly lines: readonly RolloutLine[] }
  | { readonly kind: 'resumed'; readonly thread: LoadedThread };

export interface RecorderOptions {
  readonly home: string;
  readonly start: RecordingStart;
  readonly clock: Clock;
  /** The index; undefined: only the rollout is written. */
  readonly state?: StateStore | undefined;
  readonly onWarning: (message: string) => void;
  /** Told how long the file is when it is let go of, if there is one. */
  readonly onSize?: ((bytes: number) => void) | undefined;
}

/**
 * Puts a thread on disk: its rollout at once, its row in the index where a turn begins or ends. The file of a new thread is
 * made with its first line. Lines that a rollout does not keep are passed over, so that whatever happened can be given.
 * @throws ThreadInUse
 */
export async function createRecorder({
  home,
  start,
  clock,
  state,
  onWarning,
  onSize,
}: RecorderOptions): Promise<Recorder> {
  const meta = start.kind === 'resumed' ? start.thread.meta : start.meta;
  const claim = await claimThread({ home, threadId: meta.id, onWarning });
  let path: string;
  try {
    path = await placeOf({ home, start });
  } catch (error) {
    claim?.release();
    throw error;
  }
  const shaped = meta.history_mode === 'paginated' ? createPaginator({ threadId: meta.id, clock }) : asItIs;
  const writer = createRolloutWriter({ path, start: writerStart(start), clock });
  const builder = createThreadRowBuilder(path);
  if (start.kind === 'resumed') for (const line of start.thread.lines) builder.take(line);
  else builder.take({ type: 'session_meta', payload: meta });
  let ahead = start.kind === 'forked' ? start.lines : [];
  for (const line of ahead) builder.take(line);
  let isIndexed = start.kind === 'resumed';
  let isClosed = false;

  const index = (): void => {
    const row = builder.row(clock.now());
    if (row && state) isIndexed = state.upsertThread(row);
  };
  return {
    path,
    async append(...lines) {
      // The claim is gone: another process may write by now.
      if (isClosed) throw new Error(`the recorder of thread ${meta.id} is closed`);
      const kept = lines.flatMap((line) => {
        const disk = diskLine(line, meta.id);
        return disk ? [shaped(disk)] : [];
      });
      if (kept.length === 0) return;
      for (const line of kept) builder.take(line);
      const all = [...ahead, ...kept];
      ahead = [];
      await writer.append(all);
      if (!isIndexed || kept.some(changesRow)) index();
    },
    flush: () => writer.flush(),
    async close() {
      if (isClosed) return;
      isClosed = true;
      try {
        await writer.close();
        const written = isIndexed && !onSize ? undefined : files.look(path);
        if (isIndexed || written?.kind === 'found') index();
        if (written?.kind === 'found') onSize?.(written.size);
      } finally {
        claim?.release();
      }
    },
  };
}

async function placeOf({ home, start }: Pick<RecorderOptions, 'home' | 'start'>): Promise<string> {
  if (start.kind !== 'resumed') {
    const { id, timestamp } = start.meta;
    return rolloutPath({ home, threadId: id, createdAtMs: Date.parse(timestamp) });
  }
  if (hasChanged(start.thread)) throw new ThreadInUse(start.thread.meta.id, 'another');
  return materialise(start.thread.path);
}

const hasChanged = ({ path, bytes }: LoadedThread): boolean => {
  const seen = files.look(path);
  return seen.kind !== 'found' || seen.size !== bytes;
};

/** For a thread that leaves nothing on disk. */
export const createEphemeralRecorder = (): Recorder => ({
  path: undefined,
  append: () => Promise.resolve(),
  flush: () => Promise.resolve(),
  close: () => Promise.resolve(),
});

async function claimThread({
  home,
  threadId,
  onWarning,
}: {
  readonly home: string;
  readonly threadId: string;
  readonly onWarning: (message: string) => void;
}): Promise<WriterClaim | undefined> {
  const claimed = await claimWriter({ home, threadId }).catch((error: unknown) => {
    // Where not even a lock can be made, the rollout will say the same, and a turn goes on without both.
    onWarning(`The thread cannot be locked: ${error instanceof Error ? error.message : 'unknown reason'}`);
    return undefined;
  });
  if (claimed?.kind === 'held') throw new ThreadInUse(threadId, claimed.by);
  return claimed?.claim;
}

function writerStart(start: RecordingStart): RolloutStart {
  return start.kind === 'resumed'
    ? { kind: 'resumed', nextOrdinal: start.thread.nextOrdinal }
    : { kind: 'new', meta: start.meta };
}

const asItIs = (line: RolloutLine): RolloutLine => line;

const ROW_EVENTS: ReadonlySet<unknown> = new Set([
  'user_message',
  'item_completed',
  'task_complete',
  'turn_aborted',
]);

/** A list of threads shows these changes; the rest is told with them. */
const changesRow = ({ type, payload }: RolloutLine): boolean =>
  type === 'event_msg' && ROW_EVENTS.has(payload['type']);
