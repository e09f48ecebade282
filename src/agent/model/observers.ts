import type { InferenceObserver, ModelObserver } from './observer.ts';

type TellEach<Listener> = (listeners: readonly Listener[], each: (listener: Listener) => void) => void;

/**
 * All of them as one. One that throws hinders nobody: neither the others nor the request.
 * @param onError told what was thrown
 */
export function observersAsOne(
  observers: readonly ModelObserver[],
  onError: (error: unknown) => void,
): ModelObserver {
  const tell = <Listener>(listeners: readonly Listener[], each: (listener: Listener) => void): void => {
    for (const listener of listeners)
      try {
        each(listener);
      } catch (error) {
        onError(error);
      }
  };
  const inferences = observers.flatMap((observer) => observer.inferences ?? []);
  return {
    attempt: (facts, scope) => tell(observers, (observer) => observer.attempt(facts, scope)),
    recovery: (facts, scope) => tell(observers, (observer) => observer.recovery(facts, scope)),
    fallback: () => tell(observers, (observer) => observer.fallback?.()),
    // Events come by the thousand, and are not even told of where nobody wants to hear of them.
    ...(observers.some((observer) => 'streamEvent' in observer) && {
      streamEvent: (facts, scope) => tell(observers, (observer) => observer.streamEvent?.(facts, scope)),
    }),
    ...(observers.some((observer) => 'streamDeltas' in observer) && {
      streamDeltas: (facts, scope) => tell(observers, (observer) => observer.streamDeltas?.(facts, scope)),
    }),
    ...(inferences[0] && { inferences: asOne(inferences[0], inferences, tell) }),
  };
}

/** The first one gives the ids, and the first context that anybody has is carried. */
function asOne(
  { newId }: InferenceObserver,
  all: readonly InferenceObserver[],
  tell: TellEach<InferenceObserver>,
): InferenceObserver {
  return {
    newId,
    started: (facts) => tell(all, (each) => each.started(facts)),
    ended: (facts) => tell(all, (each) => each.ended(facts)),
    traceContext: (scope) => {
      let context: ReturnType<InferenceObserver['traceContext']>;
      tell(all, (each) => {
        context ??= each.traceContext(scope);
      });
      return context;
    },
    areNamed: all.some(({ areNamed }) => areNamed),
  };
}
