import { files as hostFiles } from '../../../host/files.ts';
import type { Files } from '../../../host/files.ts';
import type { RolloutLine, SessionMeta } from '../../../store/rollouts/line.ts';
import { findThread } from '../../../store/rollouts/list.ts';
import { readRollout } from '../../../store/rollouts/read.ts';
import { historyFrom } from './history-from.ts';
import type { RestoredHistory } from './history-from.ts';
import { metaFault } from './meta-fault.ts';

/** A thread that was on disk, with everything that a resume or a fork needs. */
export interface LoadedThread {
  readonly path: string;
  /** Of the file when it was read: a recorder goes on only where nobody else has. */
  readonly bytes: number;
  readonly meta: SessionMeta;
  /** Its own lines behind those that it builds on, without the `session_meta` lines of other files. */
  readonly lines: readonly RolloutLine[];
  readonly history: RestoredHistory;
  /** Lines that said nothing readable. */
  readonly badLines: number;
  readonly nextOrdinal: number | undefined;
}

export type LoadResult =
  | { readonly kind: 'loaded'; readonly thread: LoadedThread }
  | { readonly kind: 'missing' }
  /** There is a file, and no thread to go on with in it; `reason` is for a person. */
  | { readonly kind: 'unusable'; readonly path: string; readonly reason: string };

interface LoadOptions {
  readonly home: string;
  readonly path: string;
  readonly files?: Files;
  readonly signal?: AbortSignal;
}

/** Reads a thread, also one that codex wrote. A paginated child begins in its parent's file, which is read as well. */
export async function loadThread(options: LoadOptions): Promise<LoadResult> {
  const { home, path, files = hostFiles, signal = new AbortController().signal } = options;
  const own = await readLines(files, path);
  if (own.kind !== 'lines') return own;
  const [first] = own.lines;
  if (own.firstType !== 'session_meta' || first?.type !== 'session_meta')
    return { kind: 'unusable', path, reason: 'the file does not begin with the metadata of a session' };
  const meta = first.payload;
  const fault = metaFault(meta);
  if (fault !== undefined) return { kind: 'unusable', path, reason: fault };
  let lines = own.lines;
  let { badLines } = own;
  const seen = new Set([own.path]);
  for (let base = meta.history_base; base;) {
    // An older file of the same thread, or the thread that this one was forked from.
    const parent = await findThread({ files, home, signal, idOrName: base.thread_id, except: seen });
    const before = parent && (await readLines(files, parent.path, base.end_byte_offset));
    if (!before || before.kind !== 'lines')
      return { kind: 'unusable', path, reason: `the thread ${base.thread_id}, which it continues, is gone` };
    seen.add(before.path);
    badLines += before.badLines;
    const [parentMeta, ...rest] = before.lines;
    lines = [...rest, ...lines];
    const parentFault = parentMeta?.type === 'session_meta' ? metaFault(parentMeta.payload) : undefined;
    if (parentFault !== undefined) return { kind: 'unusable', path: before.path, reason: parentFault };
    base = parentMeta?.type === 'session_meta' ? parentMeta.payload.history_base : undefined;
  }
  const ownFirst: RolloutLine = { type: 'session_meta', payload: meta };
  const ordered = [
    ownFirst,
    ...lines.filter((line) => line.type !== 'session_meta' || line.payload !== meta),
  ];
  return {
    kind: 'loaded',
    thread: {
      path: own.path,
      bytes: own.bytes,
      meta,
      lines: ordered,
      history: historyFrom(ordered),
      badLines,
      nextOrdinal: own.nextOrdinal,
    },
  };
}

type Lines =
  | {
      readonly kind: 'lines';
      readonly path: string;
      readonly bytes: number;
      readonly lines: readonly RolloutLine[];
      readonly firstType: string | undefined;
      readonly badLines: number;
      readonly nextOrdinal: number | undefined;
    }
  | Exclude<LoadResult, { readonly kind: 'loaded' }>;

async function readLines(files: Files, path: string, endByteOffset?: number): Promise<Lines> {
  const lines: RolloutLine[] = [];
  const reading = await readRollout({
    files,
    path,
    endByteOffset,
    onLine: ({ line }) => void lines.push(line),
  });
  switch (reading.kind) {
    case 'read':
      return { ...reading, kind: 'lines', lines };
    case 'missing':
      return { kind: 'missing' };
    case 'empty':
      return { kind: 'unusable', path, reason: 'the file is empty' };
    case 'damaged':
      return { kind: 'unusable', path, reason: `the file does not unpack (${reading.code})` };
    default:
      return { kind: 'unusable', path, reason: `the file cannot be read (${reading.kind})` };
  }
}
