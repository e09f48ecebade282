/** A program that was started, with a terminal or with pipes. */
export interface RunningProcess {
  /** When it ended and its last output was told; a program that was killed has 128 and the signal's number, as in a shell. */
  readonly exited: Promise<{ readonly exitCode: number }>;
  /** Undefined: its input is closed. */
  readonly write: ((text: string) => void) | undefined;
  /** As Ctrl-C at a terminal would. */
  interrupt(): void;
  /** Ends it and everything that it started; what does not end by itself is killed. */
  end(): Promise<void>;
}

export type OutputListener = (stream: 'stdout' | 'stderr', chunk: Buffer) => void;

export type Started =
  | { readonly kind: 'started'; readonly process: RunningProcess }
  /** `message` says what is wrong, in words for the model. */
  | { readonly kind: 'failed'; readonly message: string };

/** As a shell tells it: what a signal ended has 128 and its number. */
export const SIGNAL_EXIT_BASE = 128;
/**
 * After a program ended, its last output is already in the pipe; a pipe that is still open then is held by something
 * that went into a session of its own.
 */
export const DRAIN_MS = 100;
