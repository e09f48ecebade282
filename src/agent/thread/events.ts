import type { AgentEvent } from '../protocol/event.ts';

/** Hands the events of a thread to everybody who asked for them. */
export interface EventHub {
  emit(event: AgentEvent): void;
  /** See `AgentThread.events`. */
  events(): AsyncIterable<AgentEvent>;
  /** See `AgentThread.subscribe`. */
  subscribe(listener: (event: AgentEvent) => void): () => void;
  /** Ends every iteration once it has given what it holds. */
  close(): void;
}

/**
 * A thread says things before anybody can listen: that it is configured, and what its configuration warns of. They wait
 * for the first subscriber. This many waiting events mean that nobody will come, and they are let go.
 */
const MAX_HELD_EVENTS = 4096;

/**
 * Every subscriber has its own queue: none loses an event, and none slows another down (DECISIONS 24).
 * @param onListenerError told of a listener that threw; the others do not notice
 * @param witness hears everything as it happens, and is no subscriber for whom events would wait
 */
export function createEventHub(
  onListenerError: (error: unknown) => void,
  witness: (event: AgentEvent) => void = () => undefined,
): EventHub {
  const listeners = new Set<(event: AgentEvent) => void>();
  const endings = new Set<() => void>();
  let held: AgentEvent[] | undefined = [];
  let isClosed = false;

  const deliver = (listener: (event: AgentEvent) => void, event: AgentEvent): void => {
    try {
      listener(event);
    } catch (error) {
      onListenerError(error);
    }
  };
  const subscribe = (listener: (event: AgentEvent) => void): (() => void) => {
    const waiting = held ?? [];
    held = undefined;
    listeners.add(listener);
    for (const event of waiting) deliver(listener, event);
    return () => void listeners.delete(listener);
  };

  return {
    emit(event) {
      if (isClosed) return;
      deliver(witness, event);
      if (held) {
        held.push(event);
        if (held.length > MAX_HELD_EVENTS) held = undefined;
        return;
      }
      for (const listener of listeners) deliver(listener, event);
    },
    subscribe,
    events() {
      const queue = createEventQueue();
      const stop = subscribe(queue.push);
      const leave = (): void => {
        stop();
        endings.delete(queue.end);
        queue.end();
      };
      if (isClosed) leave();
      else endings.add(queue.end);
      return queue.iterate(leave);
    },
    close() {
      isClosed = true;
      for (const end of endings) end();
      endings.clear();
      listeners.clear();
    },
  };
}

interface EventQueue {
  readonly push: (event: AgentEvent) => void;
  readonly end: () => void;
  iterate(onLeave: () => void): AsyncIterable<AgentEvent>;
}

function createEventQueue(): EventQueue {
  let queue: AgentEvent[] = [];
  let isEnded = false;
  let wake: (() => void) | undefined;
  const rouse = (): void => {
    wake?.();
    wake = undefined;
  };
  return {
    push: (event) => {
      queue.push(event);
      rouse();
    },
    end: () => {
      isEnded = true;
      rouse();
    },
    async *iterate(onLeave) {
      try {
        for (;;) {
          // All that came meanwhile is taken at once: one wait for a burst of deltas, not one for each.
          const batch = queue;
          queue = [];
          yield* batch;
          if (queue.length > 0) continue;
          if (isEnded) return;
          await new Promise<void>((resolve) => void (wake = resolve));
        }
      } finally {
        onLeave();
      }
    },
  };
}
