/** As after a Ctrl-C in every command. */
export const EXIT_INTERRUPTED = 130;
/** What is under way gets this long to end by itself. */
const GRACE_MS = 3_000;

/**
 * Ctrl-C and its kin. The first one aborts: what was begun is cleaned up. The second one, or the end of patience, leaves at
 * once; private folders go with the process either way.
 */
export function watchInterrupts(): { readonly signal: AbortSignal; readonly interrupt: () => void } {
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) process.exit(EXIT_INTERRUPTED);
    controller.abort(new Error('interrupted'));
    setTimeout(() => process.exit(EXIT_INTERRUPTED), GRACE_MS).unref();
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, interrupt);
  return { signal: controller.signal, interrupt };
}
