import { files } from '../../host/files.ts';
import type { RolloutLine, SessionMeta } from '../../store/rollouts/line.ts';
import { findThread, listThreads } from '../../store/rollouts/list.ts';
import type { ListedThread, ThreadFilter } from '../../store/rollouts/list.ts';
import { sessionId, threadId } from '../protocol/ids.ts';
import type { IdSource, ThreadId } from '../protocol/ids.ts';
import type { RecordingStart } from './recording/create-recorder.ts';
import { forkLines } from './recording/fork-lines.ts';
import type { ForkPoint } from './recording/fork-lines.ts';
import { historyFrom } from './recording/history-from.ts';
import type { RestoredHistory } from './recording/history-from.ts';
import { loadThread } from './recording/load.ts';
import type { LoadedThread } from './recording/load.ts';
import type { AgentThread } from './thread.ts';
import { ThreadNotFound } from './thread-errors.ts';

/** How a thread is to begin, with everything that is known of it already. */
export interface ThreadStart {
  readonly threadId: ThreadId;
  readonly forkedFrom: ThreadId | undefined;
  readonly restored: RestoredHistory | undefined;
  readonly recording: RecordingStart;
  /** To be called when the thread has ended. */
  readonly onClosed: () => void;
}

export interface BegunThread {
  readonly thread: AgentThread;
  /** Rejects, and the thread is shut down, where it misses what it must not start without. */
  readonly ready: Promise<void>;
}

export interface ThreadManagerOptions<Extra> {
  readonly home: string;
  readonly ids: IdSource;
  /** What the file of a new thread begins with, apart from its ids; `parent` is that of a thread that it is forked from. */
  readonly meta: (
    extra: Extra,
    parent?: SessionMeta,
  ) => Omit<SessionMeta, 'id' | 'session_id' | 'forked_from_id'>;
  readonly begin: (start: ThreadStart, extra: Extra) => Promise<BegunThread>;
}

/** The threads of one home. `Extra` is what the caller of a start may choose. */
export interface ThreadManager<Extra> {
  start(extra: Extra): Promise<AgentThread>;
  /** The same thread goes on in the same file. @throws ThreadNotFound, ThreadInUse */
  resume(idOrName: string, extra: Extra): Promise<AgentThread>;
  /** A new thread with the beginning of another one. @throws ThreadNotFound */
  fork(idOrName: string, point: ForkPoint, extra: Extra): Promise<AgentThread>;
  list(options: {
    readonly limit: number;
    readonly filter?: ThreadFilter;
    readonly signal: AbortSignal;
  }): Promise<readonly ListedThread[]>;
  /** Shuts every thread down that runs or is about to; none starts any more. */
  close(): Promise<void>;
}

const CLOSED = 'the agent is closed';

export function createThreadManager<Extra>(options: ThreadManagerOptions<Extra>): ThreadManager<Extra> {
  const { home, ids, meta, begin } = options;
  const running = new Set<AgentThread>();
  const starting = new Set<Promise<BegunThread>>();
  let isClosed = false;

  const enter = async (start: Omit<ThreadStart, 'onClosed'>, extra: Extra): Promise<BegunThread> => {
    let thread: AgentThread | undefined;
    const onClosed = (): void => {
      if (thread) running.delete(thread);
    };
    const entered = await begin({ ...start, onClosed }, extra);
    ({ thread } = entered);
    running.add(thread);
    return entered;
  };
  const begun = async (start: Omit<ThreadStart, 'onClosed'>, extra: Extra): Promise<AgentThread> => {
    if (isClosed) throw new Error(CLOSED);
    const entering = enter(start, extra);
    starting.add(entering);
    try {
      const { thread, ready } = await entering;
      await ready;
      if (isClosed) throw new Error(CLOSED);
      return thread;
    } finally {
      starting.delete(entering);
    }
  };
  /** Every root is a tree of its own: its session id is its thread id (trap 1). */
  const newMeta = (id: ThreadId, extra: Extra, parent?: SessionMeta): SessionMeta => ({
    id,
    session_id: sessionId(id),
    ...(parent && { forked_from_id: parent.id }),
    ...meta(extra, parent),
  });
  const load = async (idOrName: string): Promise<LoadedThread> => {
    const { signal } = new AbortController();
    const found = await findThread({ files, home, signal, idOrName });
    if (!found) throw new ThreadNotFound(`there is no thread ${idOrName} in ${home}`);
    const loaded = await loadThread({ home, path: found.path });
    if (loaded.kind === 'loaded') return loaded.thread;
    const reason = loaded.kind === 'missing' ? 'its file is gone' : loaded.reason;
    throw new ThreadNotFound(`the thread ${idOrName} cannot be resumed: ${reason}`);
  };

  return {
    start(extra) {
      const id = threadId(ids.timeOrdered());
      return begun(
        {
          threadId: id,
          forkedFrom: undefined,
          restored: undefined,
          recording: { kind: 'new', meta: newMeta(id, extra) },
        },
        extra,
      );
    },
    async resume(idOrName, extra) {
      const thread = await load(idOrName);
      const forkedFrom = thread.meta.forked_from_id;
      return begun(
        {
          threadId: threadId(thread.meta.id),
          forkedFrom: forkedFrom === undefined ? undefined : threadId(forkedFrom),
          restored: thread.history,
          recording: { kind: 'resumed', thread },
        },
        extra,
      );
    },
    async fork(idOrName, point, extra) {
      const parent = await load(idOrName);
      const id = threadId(ids.timeOrdered());
      const lines: readonly RolloutLine[] = forkLines(parent, point);
      return begun(
        {
          threadId: id,
          forkedFrom: threadId(parent.meta.id),
          restored: historyFrom(lines),
          recording: { kind: 'forked', meta: newMeta(id, extra, parent.meta), lines },
        },
        extra,
      );
    },
    list: (listing) => listThreads({ files, home, ...listing }),
    async close() {
      isClosed = true;
      await Promise.allSettled(starting);
      await Promise.all([...running].map((thread) => thread.shutdown()));
    },
  };
}
