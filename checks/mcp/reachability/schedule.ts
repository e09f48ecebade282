/** How the time of one probe is shared among servers. */
export interface Schedule {
  /** Asked at the same time; more would slow each other down, above all while programs start. */
  readonly concurrency: number;
  /** For one server. */
  readonly perServerMs: number;
  /** For all; what has not begun well before is not asked. */
  readonly totalMs: number;
  /** A server with less time left than this is not asked any more. */
  readonly leastMs: number;
}

/** Ends well before the runner would give up on the whole row. */
export const SCHEDULE: Schedule = { concurrency: 8, perServerMs: 6_000, totalMs: 7_500, leastMs: 1_000 };

/**
 * Asks all, in the order given and some at the same time. Undefined stands for one whose turn came too late.
 * @param elapsedMs monotonic milliseconds
 */
export async function askInTime<Item, Answer>(
  items: readonly Item[],
  ask: (item: Item, timeoutMs: number) => Promise<Answer>,
  { schedule, elapsedMs }: { readonly schedule: Schedule; readonly elapsedMs: () => number },
): Promise<readonly (Answer | undefined)[]> {
  const { concurrency, perServerMs, totalMs, leastMs } = schedule;
  const begunMs = elapsedMs();
  const answers: (Answer | undefined)[] = items.map(() => undefined);
  const queue = items.entries();
  const work = async (): Promise<void> => {
    for (const [index, item] of queue) {
      const remainingMs = totalMs - (elapsedMs() - begunMs);
      if (remainingMs < leastMs) return;
      answers[index] = await ask(item, Math.floor(Math.min(perServerMs, remainingMs)));
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return answers;
}
