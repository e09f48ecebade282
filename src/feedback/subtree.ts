import { join } from 'node:path';
import type { Files } from '../host/files.ts';
import { parseRolloutName } from '../store/rollouts/name.ts';
import type { RolloutFile } from '../store/rollouts/files.ts';
import { readRollout } from '../store/rollouts/read.ts';
import type { SessionMeta } from '../store/rollouts/line.ts';
import { walkRollouts } from '../store/rollouts/walk.ts';
import { readDatabase } from '../store/sqlite/read.ts';
import { parentOf } from './thread-parent.ts';

/** A thread with everything that it spawned. */
export interface Subtree {
  /** The thread itself first. */
  readonly threadIds: readonly string[];
  /** There are more than one report holds. */
  readonly isCut: boolean;
  /** Why the thread index was not asked, when it could not be. */
  readonly indexFault: string | undefined;
}

export interface SubtreeMeans {
  readonly files: Files;
  readonly home: string;
  /** Of the thread index. */
  readonly stateDatabase: string | undefined;
  readonly signal: AbortSignal;
}

/** More sub-agents than a session has; each may bring a rollout. */
export const MAX_THREADS = 100;
/** Heads of session files that are read where the index does not answer: two seconds' work. */
const MAX_HEADS = 2_000;
const INDEX_TIMEOUT_MS = 10_000;

/**
 * The thread and its sub-agents, from the index; where that is damaged or missing, from what the session files say about
 * their parents.
 */
export async function findSubtree(threadId: string, means: SubtreeMeans): Promise<Subtree> {
  const { stateDatabase, signal } = means;
  if (stateDatabase === undefined) return fromRollouts(threadId, means, 'there is none');
  const read = await readDatabase(
    stateDatabase,
    { task: 'descendants', input: { threadId, limit: MAX_THREADS - 1 } },
    { signal, timeoutMs: INDEX_TIMEOUT_MS, files: means.files },
  );
  if (read.kind === 'read' && read.value.kind === 'found')
    return { threadIds: [threadId, ...read.value.ids], isCut: read.value.isCut, indexFault: undefined };
  const fault = read.kind === 'failed' ? read.code : read.kind === 'read' ? 'it holds no edges' : read.kind;
  return fromRollouts(threadId, means, fault);
}

async function fromRollouts(threadId: string, means: SubtreeMeans, indexFault: string): Promise<Subtree> {
  const children = new Map<string, string[]>();
  for (const { path } of (await sessionFiles(means)).slice(0, MAX_HEADS)) {
    if (means.signal.aborted) break;
    // oxlint-disable-next-line no-await-in-loop -- one open file at a time
    const meta = await readMeta(means.files, path);
    const parent = meta && parentOf(meta);
    if (!meta || parent === undefined) continue;
    children.set(parent, [...(children.get(parent) ?? []), meta.id.toLowerCase()]);
  }
  const seen = new Set([threadId]);
  for (const id of seen) for (const child of (children.get(id) ?? []).toSorted()) seen.add(child);
  const ids = [...seen];
  return { threadIds: ids.slice(0, MAX_THREADS), isCut: ids.length > MAX_THREADS, indexFault };
}

async function readMeta(files: Files, path: string): Promise<SessionMeta | undefined> {
  let meta: SessionMeta | undefined;
  await readRollout({
    files,
    path,
    onLine: ({ line }) => {
      if (line.type === 'session_meta') meta = line.payload;
      return false;
    },
  });
  return meta;
}

/** A session file by its place in the home. */
export interface SessionFile extends RolloutFile {
  readonly path: string;
  /** By its name; undefined where that tells none. */
  readonly threadId: string | undefined;
}

/** Active and archived session files, the one that was written last first. No link is followed, nothing is opened. */
export async function sessionFiles({
  files,
  home,
  signal,
}: Pick<SubtreeMeans, 'files' | 'home' | 'signal'>): Promise<SessionFile[]> {
  const trees = [
    await walkRollouts(files, home, 'sessions', signal),
    await walkRollouts(files, home, 'archived_sessions', signal),
  ];
  return trees
    .flatMap((tree) => [...tree.files])
    .map((file) => {
      const name = parseRolloutName(file.name);
      const threadId = name.kind === 'rollout' ? name.threadId : undefined;
      return { ...file, path: join(home, file.folder, file.name), threadId };
    })
    .toSorted((a, b) => b.modifiedAtMs - a.modifiedAtMs);
}
