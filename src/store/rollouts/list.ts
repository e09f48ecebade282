import { join } from 'node:path';
import type { Files } from '../../host/files.ts';
import type { RolloutFile } from './files.ts';
import type { SessionMeta } from './line.ts';
import { parseRolloutName } from './name.ts';
import { readRollout } from './read.ts';
import { readThreadNames } from './session-index.ts';
import { previewOf } from './preview.ts';
import { walkRollouts } from './walk.ts';

/** A thread as its rollout tells it. */
export interface ListedThread {
  /** Of the first `session_meta`; beats the id in the file name. */
  readonly id: string;
  /** Absolute. */
  readonly path: string;
  readonly isArchived: boolean;
  readonly updatedAtMs: number;
  readonly meta: SessionMeta;
  /** Given by the user. */
  readonly name: string | undefined;
  /** The beginning of the conversation. */
  readonly preview: string;
}

export interface ThreadFilter {
  readonly cwd?: string;
  readonly modelProvider?: string;
  /** Plain sources such as `cli` and `exec`; undefined: all. */
  readonly sources?: readonly string[];
}

interface ListOptions {
  readonly files: Files;
  readonly home: string;
  readonly signal: AbortSignal;
}

/** So many files are looked at, newest first, before a search gives up (spec/observability.md 3). */
const MAX_FILES = 10_000;
/** Head records that are read for a preview: instructions and context come before the first words of the user. */
const MAX_HEAD_LINES = 210;

/** Active (or archived) threads that can be resumed, the one that was used last first. */
export async function listThreads(
  options: ListOptions & {
    readonly limit: number;
    readonly filter?: ThreadFilter;
    readonly archived?: boolean;
  },
): Promise<readonly ListedThread[]> {
  const found: ListedThread[] = [];
  if (options.limit > 0)
    for await (const thread of threads(options, options.archived ? 'archived_sessions' : 'sessions'))
      if (matches(thread, options.filter ?? {}) && found.push(thread) >= options.limit) break;
  return found;
}

/** What `resume --last` means. */
export async function findLastThread(
  options: ListOptions & { readonly filter: ThreadFilter },
): Promise<ListedThread | undefined> {
  const [last] = await listThreads({ ...options, limit: 1 });
  return last;
}

/** A thread by its id, or by the name that the user gave it; archived ones are found as well, by id. */
export async function findThread(
  options: ListOptions & {
    readonly idOrName: string;
    /** Files that are not meant: a thread may own several. */
    readonly except?: ReadonlySet<string>;
  },
): Promise<ListedThread | undefined> {
  const { files, home, idOrName, except } = options;
  const wanted = idOrName.toLowerCase();
  const names = readThreadNames(files, home);
  // The newest naming of the name; `Map` keeps the order of the file's first mention, so the last match will do.
  const named = [...names].findLast(([, name]) => name === idOrName)?.[0];
  const ids = new Set([wanted, ...(named === undefined ? [] : [named])]);
  for (const folder of FOLDERS) {
    const rest: RolloutFile[] = [];
    for (const file of await newestFirst(options, folder)) {
      if (except?.has(join(home, file.folder, file.name))) continue;
      const parsed = parseRolloutName(file.name);
      if (parsed.kind !== 'rollout' || !ids.has(parsed.threadId)) rest.push(file);
      else {
        const thread = await readHead(options, file, names);
        if (thread && ids.has(thread.id)) return thread;
      }
    }
    if (!UUID.test(wanted)) continue;
    // The id in the file may be another than that of its name.
    for (const file of rest.slice(0, MAX_FILES)) {
      if (options.signal.aborted) return undefined;
      const thread = await readHead(options, file, names);
      if (thread?.id === wanted) return thread;
    }
  }
  return undefined;
}

const FOLDERS = ['sessions', 'archived_sessions'] as const;
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

async function newestFirst({ files, home, signal }: ListOptions, folder: string): Promise<RolloutFile[]> {
  const tree = await walkRollouts(files, home, folder, signal);
  return [...tree.files].toSorted((a, b) => b.modifiedAtMs - a.modifiedAtMs);
}

async function* threads(
  options: ListOptions,
  folder: (typeof FOLDERS)[number],
): AsyncGenerator<ListedThread> {
  const names = readThreadNames(options.files, options.home);
  const all = await newestFirst(options, folder);
  for (const file of all.slice(0, MAX_FILES)) {
    if (options.signal.aborted) return;
    const thread = await readHead(options, file, names);
    if (thread && thread.preview !== '') yield thread;
  }
}

async function readHead(
  { files, home }: ListOptions,
  file: RolloutFile,
  names: ReadonlyMap<string, string>,
): Promise<ListedThread | undefined> {
  let meta: SessionMeta | undefined;
  let preview = '';
  let left = MAX_HEAD_LINES;
  const path = join(home, file.folder, file.name);
  await readRollout({
    files,
    path,
    onLine: ({ line }) => {
      if (line.type === 'session_meta') meta ??= line.payload;
      else preview = previewOf(line) ?? '';
      left -= 1;
      return left > 0 && (meta === undefined || preview === '');
    },
  });
  if (!meta) return undefined;
  const id = meta.id.toLowerCase();
  return {
    id,
    path,
    isArchived: file.folder.startsWith('archived_sessions'),
    updatedAtMs: file.modifiedAtMs,
    meta,
    name: names.get(id),
    // A paginated fork tells its beginning in the parent's file.
    preview: preview || (meta.history_base ? 'fork' : ''),
  };
}

function matches({ meta }: ListedThread, { cwd, modelProvider, sources }: ThreadFilter): boolean {
  return (
    (cwd === undefined || meta.cwd === cwd) &&
    (modelProvider === undefined || meta.model_provider === modelProvider) &&
    (sources === undefined || (typeof meta.source === 'string' && sources.includes(meta.source)))
  );
}
