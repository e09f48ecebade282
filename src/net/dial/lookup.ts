/** Addresses of one family; rejects with an error that has a `code`. */
export type Lookup = (host: string, family: 4 | 6) => Promise<readonly string[]>;

/** Whom the dialer asks for the addresses of a name. */
export interface NameResolver {
  readonly lookup: Lookup;
  /** Resolves when the next look-up would begin at once, for whoever measures how long it takes. Never rejects. */
  ready(): Promise<void>;
}

/**
 * Whoever asks for a name that is being looked up waits for the same answer: a look-up that hangs cannot be stopped, and
 * it holds one of few places.
 */
export function shareLookups(lookup: Lookup): Lookup {
  const underway = new Map<string, Promise<readonly string[]>>();
  return (host, family) => {
    const key = `${family} ${host}`;
    const shared = underway.get(key) ?? lookup(host, family).finally(() => underway.delete(key));
    underway.set(key, shared);
    return shared;
  };
}

/**
 * The system's own resolver, hosts file and all, as the agent's clients ask it. Node runs only two look-ups at a time,
 * and a process does not end before the last one has.
 */
export const systemLookup = shareLookups(async (host, family) => {
  const { promises } = process.getBuiltinModule('node:dns');
  return (await promises.lookup(host, { family, all: true })).map(({ address }) => address);
});

/** Looks names up in this process. */
export const systemResolver: NameResolver = { lookup: systemLookup, ready: () => Promise.resolve() };
