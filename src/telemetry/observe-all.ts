import type { AgentObserver } from './observer.ts';

/**
 * Several listeners as one. One that throws hinders nobody: neither the others nor whoever tells.
 * @param onError told what was thrown
 * @returns undefined where there are none, so that nothing is made for nobody
 */
export function observeAll(
  observers: readonly AgentObserver[],
  onError: (error: unknown) => void,
): AgentObserver | undefined {
  if (observers.length === 0) return undefined;
  const guarded = <Value>(ask: () => Value): Value | undefined => {
    try {
      return ask();
    } catch (error) {
      onError(error);
      return undefined;
    }
  };
  return {
    observe(fact) {
      for (const observer of observers) guarded(() => observer.observe(fact));
    },
    traceContext(scope) {
      for (const observer of observers) {
        const context = guarded(() => observer.traceContext?.(scope));
        if (context) return context;
      }
      return undefined;
    },
    namesInferences: observers.some(({ namesInferences }) => namesInferences === true),
    async flush() {
      await Promise.all(observers.map((observer) => flushed(observer, onError)));
    },
  };
}

async function flushed(observer: AgentObserver, onError: (error: unknown) => void): Promise<void> {
  try {
    await observer.flush?.();
  } catch (error) {
    onError(error);
  }
}
