import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../host/clock.ts';
import type { Files } from '../../host/files.ts';
import { files as hostFiles } from '../../host/files.ts';
import type { Access, Engine } from './database.ts';
import { execute, LOG_GONE } from './execute.ts';
import type { Execution } from './execute.ts';
import { accessInPlace, fingerprintOf, lastWriteAtMs, lookAtDatabase } from './layout.ts';
import type { Layout } from './layout.ts';
import type { DatabaseRead } from './outcome.ts';
import { copyPrivately } from './private-copy.ts';
import { runInChild } from './run-in-child.ts';
import { isBrief, isDamage, mayBeEndless } from './tasks.ts';
import type { TaskName, TaskOutput, TaskRequest } from './tasks.ts';

export interface ReadOptions {
  /** Aborting ends the read with `timeout`; a child process is killed. */
  readonly signal?: AbortSignal;
  /** Milliseconds for everything: waiting for a lock, copying, reading, confirming. */
  readonly timeoutMs?: number;
  readonly files?: Files;
}

const DEFAULT_TIMEOUT_MS = 10_000;
/** From this size on a read takes long enough that it must be possible to stop it. */
const LARGE_BYTES = 16 * 1024 * 1024;
/** A healthy writer holds an exclusive lock for milliseconds; one that holds it this long is worth a report. */
const LOCK_PATIENCE_MS = 600;
/** Attempts at a file that changes while it is being read. */
const MAX_ATTEMPTS = 5;
const PAUSE_MS = 40;
/** mtimes advance in steps of up to 10 ms, so a write younger than this could hide a second one. */
const SETTLED_AFTER_MS = 30;

/**
 * Asks one question of a database without leaving a trace: no byte, no mtime and no directory entry changes around it.
 * Never throws. Large databases are read in a child process, because native code cannot be interrupted.
 *
 * Small ones are opened in this process: a caller that has the same file open in SQLite itself would lose its locks
 * when ours is closed, which is how POSIX locks work.
 * @example await readDatabase(path, { task: 'sizes', input: {} }, { signal, timeoutMs: 5_000 })
 */
export async function readDatabase<Name extends TaskName>(
  path: string,
  request: TaskRequest<Name>,
  { signal: outer, timeoutMs = DEFAULT_TIMEOUT_MS, files = hostFiles }: ReadOptions = {},
): Promise<DatabaseRead<TaskOutput<Name>>> {
  // Timers take whole milliseconds only; a caller hands on what is left of its own time.
  const timer = AbortSignal.timeout(Math.ceil(timeoutMs));
  const signal = outer ? AbortSignal.any([outer, timer]) : timer;
  let bytes = 0;
  let last: Execution & { kind: 'error' } = NEVER_STILL;
  for (let attempt = 0; attempt < MAX_ATTEMPTS && !signal.aborted; attempt += 1) {
    if (attempt > 0) await sleep(PAUSE_MS * attempt, undefined, { signal }).catch(() => undefined);
    const layout = lookAtDatabase(path, files);
    if (layout.kind !== 'standing') return layout;
    ({ bytes } = layout);
    const reading = await readLayout(layout, request, { signal, files });
    if (signal.aborted) break;
    if (reading.kind === 'settled') return outcomeOf(reading, layout);
    if (reading.execution?.kind === 'value' && attempt === MAX_ATTEMPTS - 1)
      return outcomeOf({ ...reading, execution: reading.execution }, layout);
    if (reading.execution?.kind === 'error') last = reading.execution;
  }
  if (signal.aborted) return { kind: 'timeout', timeoutMs, bytes };
  return { kind: 'failed', class: last.class, code: last.code, message: last.message, file: path };

  function outcomeOf(
    { execution, method }: { execution: Execution; method: Method },
    layout: Layout,
  ): DatabaseRead<TaskOutput<Name>> {
    if (execution.kind === 'value')
      return { kind: 'read', value: execution.value as TaskOutput<Name>, method, bytes: layout.bytes };
    const { class: failureClass, code, message } = execution;
    return { kind: 'failed', class: failureClass, code, message, file: layout.path };
  }
}

type Method = 'in_place' | 'copy';

type Reading =
  | { readonly kind: 'settled'; readonly execution: Execution; readonly method: Method }
  /** Somebody wrote meanwhile: look again. What was read under SQLite's own locks still counts if nothing better comes. */
  | { readonly kind: 'moving'; readonly execution?: Execution; readonly method: Method };

/** Code of a failure that says nothing about the file, only that its owner was too busy. */
export const KEPT_CHANGING = 'KEPT_CHANGING';

const NEVER_STILL: Execution & { kind: 'error' } = {
  kind: 'error',
  class: 'unreadable',
  code: KEPT_CHANGING,
  message: 'the file kept changing while it was being read',
  copyMayHelp: false,
};

interface Means {
  readonly signal: AbortSignal;
  readonly files: Files;
}

async function readLayout(layout: Layout, request: TaskRequest, means: Means): Promise<Reading> {
  const access = accessInPlace(layout);
  if (access === undefined) return readCopy(layout, request, 'node', means);
  const first = await run(layout.path, access, 'node', { layout, request, means });
  const isGone = first.kind === 'error' && first.code === LOG_GONE;
  if (isGone || (access === 'immutable' && hasChanged(layout, means.files)))
    return { kind: 'moving', method: 'in_place' };
  const settled: Reading = { kind: 'settled', execution: first, method: 'in_place' };
  if (first.kind === 'error' && first.copyMayHelp) {
    const copied = await readCopy(layout, request, 'node', means);
    return copied.execution?.kind === 'error' && copied.execution.code === COPY_FAILED ? settled : copied;
  }
  if (!isDamage(request, first)) return settled;

  const second = await readCopy(layout, request, 'better-sqlite3', means);
  // A writer that never rests: nothing still to copy, but under its locks SQLite saw a consistent state.
  if (second.kind === 'moving')
    return access === 'immutable' ? second : { kind: 'moving', execution: first, method: 'in_place' };
  if (second.execution.kind === 'error' && second.execution.code === COPY_FAILED) {
    const again = await run(layout.path, access, 'node', { layout, request, means });
    return { kind: 'settled', execution: again, method: 'in_place' };
  }
  return second;
}

const COPY_FAILED = 'COPY_FAILED';

async function readCopy(
  layout: Layout,
  request: TaskRequest,
  engine: Engine,
  means: Means,
): Promise<Reading> {
  if (Date.now() - lastWriteAtMs(layout) < SETTLED_AFTER_MS) return { kind: 'moving', method: 'copy' };
  const made = await copyPrivately(layout, { signal: means.signal, atOnce: layout.bytes <= LARGE_BYTES });
  if (made.kind === 'not_copied') {
    const { message } = made;
    const execution = { kind: 'error', class: 'unreadable', code: COPY_FAILED, message } as const;
    return { kind: 'settled', execution: { ...execution, copyMayHelp: false }, method: 'copy' };
  }
  try {
    if (hasChanged(layout, means.files)) return { kind: 'moving', method: 'copy' };
    const first = await run(made.copy.path, 'private', engine, { layout, request, means });
    if (engine === 'better-sqlite3' || !isDamage(request, first))
      return { kind: 'settled', execution: first, method: 'copy' };
  } finally {
    made.copy.remove();
  }
  // SQLite may have recovered or rolled back that copy, so the second build gets a fresh one.
  return readCopy(layout, request, 'better-sqlite3', means);
}

async function run(
  path: string,
  access: Access,
  engine: Engine,
  { layout, request, means }: { layout: Layout; request: TaskRequest; means: Means },
): Promise<Execution> {
  // A copy of a large file is made in the background, so nothing in this process may have the original open.
  const isLong = layout.bytes > LARGE_BYTES && (access === 'private' || !isBrief(request));
  if (isLong || mayBeEndless(request)) {
    const location = { path, access, engine, busyTimeoutMs: LOCK_PATIENCE_MS };
    return runInChild({ location, request }, means.signal);
  }
  const begun = systemClock.elapsed();
  for (;;) {
    const execution = await execute({ path, access, engine, busyTimeoutMs: 0 }, request);
    const isLocked = execution.kind === 'error' && execution.class === 'locked';
    if (!isLocked || systemClock.elapsed() - begun > LOCK_PATIENCE_MS || means.signal.aborted)
      return execution;
    await sleep(PAUSE_MS, undefined, { signal: means.signal }).catch(() => undefined);
  }
}

function hasChanged(layout: Layout, files: Files): boolean {
  const now = lookAtDatabase(layout.path, files);
  return now.kind !== 'standing' || fingerprintOf(now) !== fingerprintOf(layout);
}
