/** Lets a test wait for what a server received. */
export interface Announcer {
  /** Something was received: whoever waits looks again. */
  readonly tell: () => void;
  /** Resolves when the condition is true. */
  readonly until: (condition: () => boolean) => Promise<void>;
}

export function createAnnouncer(): Announcer {
  const waiting = new Set<() => void>();
  return {
    tell: () => waiting.forEach((look) => look()),
    until: (condition) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!condition()) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
  };
}
