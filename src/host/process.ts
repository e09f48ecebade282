/** Outcome of a helper that was asked to run under the trust rule. */
export type ProcessRun =
  | {
      readonly kind: 'exited';
      readonly path: string;
      readonly exitCode: number;
      readonly stdout: string;
      readonly stderr: string;
      readonly durationMs: number;
    }
  | { readonly kind: 'timeout'; readonly path: string; readonly timeoutMs: number }
  | { readonly kind: 'signalled'; readonly path: string; readonly signal: string }
  | { readonly kind: 'spawn_failed'; readonly path: string; readonly code: string }
  /** Not on the search path. */
  | { readonly kind: 'not_found' }
  /** Found, but a folder or the file could have been planted by somebody else. */
  | { readonly kind: 'untrusted'; readonly path: string; readonly reason: string }
  /** The user asked that nothing be executed. */
  | { readonly kind: 'disabled' };

/** Runs well-known helpers only: resolved absolute path, argument list, clean environment, closed stdin, time limit. */
export interface Helpers {
  /**
   * @param command a bare name looked up on the examined PATH, or an absolute path
   * @param args arguments that only read
   */
  run(
    command: string,
    args: readonly string[],
    options?: {
      readonly timeoutMs?: number;
      readonly env?: Readonly<Record<string, string>>;
      readonly cwd?: string;
    },
  ): Promise<ProcessRun>;
}

/** Helpers for a run in which nothing may be executed. */
export const noHelpers: Helpers = { run: () => Promise.resolve({ kind: 'disabled' }) };
