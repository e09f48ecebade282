import { setTimeout as sleep } from 'node:timers/promises';
import type { Files } from '../../host/files.ts';
import { lookAtDatabase, walOf } from './layout.ts';
import type { Layout } from './layout.ts';
import { findExclusiveHolder, findSustainedHolder, SUSTAINED_MS } from './lock-holders.ts';
import type { LockHolder, LockLine } from './lock-holders.ts';
import type { DatabaseRead } from './outcome.ts';
import { readDatabase } from './read.ts';
import type { Integrity, IntegrityInput } from './tasks/integrity.ts';
import { examineLog } from './write-ahead-log.ts';
import type { LogState } from './write-ahead-log.ts';

/** Everything that can be said about one database's health from outside. Plain data. */
export interface DatabaseExamination {
  readonly reading: DatabaseRead<Integrity>;
  /** `zeroed` and `foreign`: the main file does not begin as a database does. */
  readonly header: 'sound' | 'zeroed' | 'foreign' | 'not_looked_at';
  /** Size of the main file, and the size that its header promises; only where the header says so. */
  readonly size: { readonly bytes: number; readonly promisedBytes: number } | undefined;
  readonly log: LogState;
  /** A process that keeps others from reading, or from writing for longer than a healthy one does. */
  readonly held:
    | { readonly from: 'reading'; readonly by: LockHolder | undefined }
    | { readonly from: 'writing'; readonly by: LockHolder; readonly forMs: number }
    | undefined;
}

interface ExaminationOptions {
  readonly depth: IntegrityInput['depth'];
  readonly files: Files;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** From `readLocks`, one look for all databases. */
  readonly locks: Promise<readonly LockLine[]>;
}

export async function examineDatabase(
  path: string,
  options: ExaminationOptions,
): Promise<DatabaseExamination> {
  const { depth, files, signal, timeoutMs } = options;
  const reading = await readDatabase(
    path,
    { task: 'integrity', input: { depth } },
    { files, signal, timeoutMs },
  );
  const layout = lookAtDatabase(path, files);
  if (layout.kind !== 'standing')
    return { reading, header: 'not_looked_at', size: undefined, log: { kind: 'absent' }, held: undefined };
  const { header, main } = layout;
  return {
    reading,
    header: header.kind === 'header' ? 'sound' : header.allZero ? 'zeroed' : 'foreign',
    size:
      header.kind === 'header' && header.pageCount !== undefined
        ? { bytes: main.size, promisedBytes: header.pageCount * header.pageSizeBytes }
        : undefined,
    log: await settledLog(walOf(layout.path), files, signal),
    held: await holderFor(reading, layout, options),
  };
}

const SECOND_LOOK_MS = 60;

/** A log that is just being started over looks broken for a moment, so damage is looked at twice. */
async function settledLog(path: string, files: Files, signal: AbortSignal): Promise<LogState> {
  const first = examineLog(path, files);
  if (first.kind !== 'bad_header' && first.kind !== 'broken_frame') return first;
  await sleep(SECOND_LOOK_MS, undefined, { signal }).catch(() => undefined);
  return examineLog(path, files);
}

async function holderFor(
  reading: DatabaseRead<Integrity>,
  { path, sharedMemory }: Layout,
  { files, signal, locks }: ExaminationOptions,
): Promise<DatabaseExamination['held']> {
  if (reading.kind === 'failed' && reading.class === 'locked')
    return { from: 'reading', by: await findExclusiveHolder(path, files) };
  const watch = { files, signal, locks: await locks };
  // Without an index we read without locks, and others can be shut out all the same: SQLite's exclusive locking mode.
  const from = sharedMemory ? 'writing' : 'reading';
  const by = await findSustainedHolder(from, path, watch);
  return by && { from, by, forMs: SUSTAINED_MS };
}
