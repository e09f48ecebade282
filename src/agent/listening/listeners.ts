import { atMost } from '../../host/at-most.ts';
import type { Clock } from '../../host/clock.ts';
import { once } from '../../host/once.ts';
import type { Network } from '../../net/network.ts';
import type { AgentObserver } from '../../telemetry/observer.ts';
import type { Environment } from '../../target/home.ts';
import type { Target } from '../../target/target.ts';
import type { EntryPoint } from '../config/policies.ts';
import type { IdSource } from '../protocol/ids.ts';

/** What a listener is opened with. */
export interface ListenerPlace {
  readonly target: Target;
  readonly network: Network;
  /** With the home's `.env`. */
  readonly env: Environment;
  /** Absolute. */
  readonly cwd: string;
  readonly entryPoint: EntryPoint;
  readonly client: { readonly name: string; readonly version: string };
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly onWarning: (message: string) => void;
}

/** Somebody who listens to the whole agent, and what it takes to let go of them. */
export interface Listener {
  readonly observer: AgentObserver;
  /** Called after the last flush. */
  readonly close?: () => Promise<void>;
}

/** Decides whether there is anybody to listen, and loads what is heavy only then. Undefined: there is not. */
export type OpenListener = (place: ListenerPlace) => Promise<Listener | undefined>;

export interface Listeners {
  /** Everybody; opened at the first call. */
  all(): Promise<readonly AgentObserver[]>;
  /** Everything told is where it belongs, or the time is over. Never rejects. */
  close(): Promise<void>;
}

export interface ListenersOptions {
  /** Of whoever embeds the agent. */
  readonly observer: AgentObserver | undefined;
  readonly makers: readonly OpenListener[];
  readonly place: ListenerPlace;
  /** For tests. */
  readonly closeLimitMs?: number;
}

/** A run that is interrupted waits for its tools as well, and for no longer than five seconds in all. */
const CLOSE_LIMIT_MS = 3_000;

/**
 * Whoever listens to an agent, put together where the agent starts and not where a program does: so that each way to start
 * it tells the same (peers B 51). A listener that cannot be opened is a warning, and the agent works without.
 */
export function createListeners({
  observer,
  makers,
  place,
  closeLimitMs = CLOSE_LIMIT_MS,
}: ListenersOptions): Listeners {
  let isOpened = false;
  const open = async (make: OpenListener): Promise<Listener | undefined> => {
    try {
      return await make(place);
    } catch (error) {
      // Its words may quote an address with a login.
      const reason = error instanceof Error ? error.name : 'for an unknown reason';
      place.onWarning(`Telemetry is left out: ${reason}.`);
      return undefined;
    }
  };
  const opened = once(async (): Promise<readonly Listener[]> => {
    isOpened = true;
    const made = await Promise.all(makers.map(open));
    return [...(observer ? [{ observer }] : []), ...made.filter((listener) => listener !== undefined)];
  });
  return {
    all: async () => (await opened()).map((listener) => listener.observer),
    close: once(async () => {
      if (isOpened) await atMost(closeLimitMs, closeAll(opened()));
    }),
  };
}

const closeAll = async (opened: Promise<readonly Listener[]>): Promise<unknown> =>
  Promise.all((await opened).map(closeOne));

/** Who cannot be flushed or closed keeps nobody from the end; what is lost they count themselves. */
async function closeOne({ observer, close }: Listener): Promise<void> {
  for (const step of [() => observer.flush?.(), () => close?.()])
    try {
      await step();
    } catch {
      // The next step all the same.
    }
}
