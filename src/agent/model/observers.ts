import type { ModelObserver } from './observer.ts';

/**
 * All of them as one. One that throws hinders nobody: neither the others nor the request.
 * @param onError told what was thrown
 */
export function observersAsOne(
  observers: readonly ModelObserver[],
  onError: (error: unknown) => void,
): ModelObserver {
  const tell = (each: (observer: ModelObserver) => void): void => {
    for (const observer of observers)
      try {
        each(observer);
      } catch (error) {
        onError(error);
      }
  };
  return {
    attempt: (facts) => tell((observer) => observer.attempt(facts)),
    recovery: (facts) => tell((observer) => observer.recovery(facts)),
    fallback: () => tell((observer) => observer.fallback?.()),
    // Events come by the thousand, and are not even told of where nobody wants to hear of them.
    ...(observers.some((observer) => 'streamEvent' in observer) && {
      streamEvent: (facts) => tell((observer) => observer.streamEvent?.(facts)),
    }),
  };
}
