import type { Socket } from 'node:net';
import { systemClock } from '../../host/clock.ts';
import type { NetworkPhase } from '../failure.ts';
import type { DialOutcome, Hop } from '../outcome.ts';
import { sinceMs } from './resolve.ts';
import type { DialTrace, ProxyTrace } from './trace.ts';

/** What is filled in on the way. */
export type Draft<T> = { -readonly [Key in keyof T]: T[Key] };

/** Thrown by a journey to leave the way from wherever it is; caught where the journey ends. */
export class JourneyEnded extends Error {
  override readonly name = 'JourneyEnded';
  readonly outcome: DialOutcome;

  constructor(outcome: DialOutcome) {
    super(outcome.kind);
    this.outcome = outcome;
  }
}

/** One dial under way: its time limit, where it is, what it has seen and the sockets that it holds. */
export class Journey {
  readonly seen: Draft<Omit<DialTrace, 'totalMs' | 'proxy'>> & { proxy?: Draft<ProxyTrace> } = {};
  readonly #begunAt = systemClock.elapsed();
  readonly #limit = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #sockets: Socket[] = [];
  readonly #caller: AbortSignal | undefined;
  #place: { readonly hop: Hop; readonly phase: NetworkPhase } = { hop: 'endpoint', phase: 'resolve' };

  constructor({ timeoutMs, signal }: { readonly timeoutMs: number; readonly signal?: AbortSignal }) {
    this.#timer = setTimeout(this.#stop, timeoutMs);
    this.#caller = signal;
    signal?.addEventListener('abort', this.#stop);
    if (signal?.aborted) this.#stop();
  }

  /** Aborts when the time is up or the caller has had enough. */
  get signal(): AbortSignal {
    return this.#limit.signal;
  }

  enter(hop: Hop, phase: NetworkPhase): void {
    this.#place = { hop, phase };
    if (this.signal.aborted) this.fail();
  }

  /**
   * Leaves the way: with what a phase says went wrong, or else because the signal aborted. Whether the caller did that
   * is for whoever catches it to ask.
   * @throws JourneyEnded
   */
  fail(outcome?: DialOutcome): never {
    const afterMs = Math.round(sinceMs(this.#begunAt));
    throw new JourneyEnded(outcome ?? { kind: 'silent', ...this.#place, afterMs });
  }

  /** Keeps a socket, to destroy it when the journey fails. */
  hold(socket: Socket): Socket {
    this.#sockets.push(socket);
    return socket;
  }

  trace(): DialTrace {
    return { ...this.seen, totalMs: sinceMs(this.#begunAt) };
  }

  /** Lets go of the time limit; nothing of the journey goes on after that. */
  end({ isArrived }: { readonly isArrived: boolean }): void {
    clearTimeout(this.#timer);
    this.#caller?.removeEventListener('abort', this.#stop);
    if (isArrived) return;
    this.#limit.abort();
    for (const socket of this.#sockets.toReversed()) socket.destroy();
  }

  readonly #stop = (): void => this.#limit.abort();
}
