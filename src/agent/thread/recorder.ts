import type { RolloutLine } from '../../store/rollouts/line.ts';

/**
 * Puts a thread on disk. A line is acknowledged when its promise resolves: it has reached the file by then, so that killing
 * the process at any point loses no acknowledged item (spec/agent-core.md 8.2).
 */
export interface Recorder {
  readonly path: string | undefined;
  /** Appends in order of the calls. Rejects when the disk refuses; the unwritten lines stay queued and are tried again. */
  append(...lines: readonly RolloutLine[]): Promise<void>;
  /** Everything appended so far is in the file. */
  flush(): Promise<void>;
  /** Flushes, updates the index row and lets the file go. */
  close(): Promise<void>;
}
