import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { makeBaseHome } from '../../fixtures/hostile/base-home.ts';
import { makeTemplates, whileDamaged } from '../../fixtures/hostile/damages.ts';
import type { Damage } from '../../fixtures/hostile/damages.ts';
import { READ_PLACES } from '../../fixtures/hostile/places.ts';
import { brokenPromises, contextOf } from '../../fixtures/hostile/promises.ts';

/*
 * Several faults at once: none may hide another one's row, crash it, or make the doctor touch the home. fast-check prints
 * the seed of a failure and shrinks it to the fewest damages.
 */

const base = makeBaseHome();
afterAll(base.remove);
const templates = await makeTemplates(base.root);

const RUNS = 60;

interface Choice {
  readonly path: string;
  readonly damage: Damage;
  readonly [fc.toStringMethod]: () => string;
}

/** Places inside one another cannot both be spoiled. */
const PLACES = READ_PLACES.filter(
  ({ path }) => !READ_PLACES.some((other) => path.startsWith(`${other.path}/`)),
);

const choice = fc
  .constantFrom(...PLACES)
  .chain(({ path, damages }) =>
    fc
      .constantFrom(...damages)
      .map((damage): Choice => ({ path, damage, [fc.toStringMethod]: () => `${path} ${damage.name}` })),
  );
const mixtures = fc.record({
  choices: fc.uniqueArray(choice, { minLength: 3, maxLength: 6, selector: ({ path }) => path }),
  deep: fc.boolean(),
});

test('three to six faults at once', { timeout: 120_000 }, () =>
  fc.assert(
    fc.asyncProperty(mixtures, async ({ choices, deep }) => {
      const spoil = (left: readonly Choice[]): Promise<string[]> => {
        const [next, ...rest] = left;
        if (!next)
          return brokenPromises({
            context: { ...contextOf(base), deep },
            untouched: base.home,
            secrets: base.secrets,
          });
        const { path, damage } = next;
        return whileDamaged({ home: base.home, places: [path], damage, templates }, () => spoil(rest));
      };
      expect(await spoil(choices)).toEqual([]);
    }),
    { numRuns: RUNS, endOnFailure: false },
  ),
);
