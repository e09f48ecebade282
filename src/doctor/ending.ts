/** The time that one probe has. */
export interface Turn {
  /** Aborted when the turn is over. */
  readonly signal: AbortSignal;
  /** Settles when the turn is over before it was ended, with the reason in words. */
  readonly over: Promise<{ readonly reason: string }>;
  /** The probe has answered: nothing more will happen. */
  end(): void;
}

/**
 * Everything that can end a probe early: its own budget, the deadline of the run, the user. One timer for the run and one
 * for each probe; composed abort signals would cost more time than many checks take.
 */
export class Ending {
  readonly #turns = new Set<(reason: string) => void>();
  readonly #signal: AbortSignal;
  readonly #deadline: NodeJS.Timeout;
  #reason: string | undefined;

  constructor({ timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal }) {
    this.#signal = signal;
    // This timer also keeps the process alive: a run in which every probe waits for nothing in particular must not end
    // without a word.
    this.#deadline = setTimeout(() => this.#endAll(`the run's ${timeoutMs} ms were used up`), timeoutMs);
    if (signal.aborted) this.#interrupt();
    signal.addEventListener('abort', this.#interrupt);
  }

  turnFor(budgetMs: number): Turn {
    const controller = new AbortController();
    const { promise, resolve } = Promise.withResolvers<{ reason: string }>();
    const finish = (reason: string): void => {
      end();
      resolve({ reason });
      controller.abort();
    };
    const timer = setTimeout(() => finish(`no answer within its ${budgetMs} ms`), budgetMs);
    const end = (): void => {
      clearTimeout(timer);
      this.#turns.delete(finish);
    };
    this.#turns.add(finish);
    if (this.#reason !== undefined) finish(this.#reason);
    return { signal: controller.signal, over: promise, end };
  }

  /** Every turn is over: lets go of the timer and of the user's signal. */
  close(): void {
    clearTimeout(this.#deadline);
    this.#signal.removeEventListener('abort', this.#interrupt);
  }

  readonly #interrupt = (): void => this.#endAll('interrupted');

  #endAll(reason: string): void {
    this.#reason ??= reason;
    for (const finish of this.#turns) finish(reason);
  }
}
