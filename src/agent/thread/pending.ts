/**
 * Questions that wait for somebody outside: approvals, answers of the user, results of a client's tools. One idea for
 * all of them: asked under an id, answered once, withdrawn when the turn is.
 */
export interface Pending<Answer> {
  /** The answer; undefined when `signal` withdrew the question first. */
  ask(id: string, signal: AbortSignal): Promise<Answer | undefined>;
  /** False when nobody waits under that id: answered already, withdrawn, or never asked. */
  answer(id: string, answer: Answer): boolean;
}

export function createPending<Answer>(): Pending<Answer> {
  const waiting = new Map<string, (answer: Answer | undefined) => void>();
  return {
    async ask(id, signal) {
      if (signal.aborted) return undefined;
      const { promise, resolve } = Promise.withResolvers<Answer | undefined>();
      // A second question under one id takes the place of the first.
      waiting.get(id)?.(undefined);
      waiting.set(id, resolve);
      const withdraw = (): void => resolve(undefined);
      signal.addEventListener('abort', withdraw, { once: true });
      try {
        return await promise;
      } finally {
        signal.removeEventListener('abort', withdraw);
        if (waiting.get(id) === resolve) waiting.delete(id);
      }
    },
    answer(id, answer) {
      const resolve = waiting.get(id);
      waiting.delete(id);
      resolve?.(answer);
      return resolve !== undefined;
    },
  };
}
