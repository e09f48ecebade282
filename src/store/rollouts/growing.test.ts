import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createGrowing } from './growing.ts';

test('what is set comes back, wherever it stands, and the rest is 0', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(100_000), fc.integer())), fc.nat(100_000), (writes, other) => {
      const list = createGrowing(Int32Array);
      const model = new Map<number, number>();
      for (const [index, value] of writes) {
        list.set(index, value);
        model.set(index, value);
      }
      for (const [index] of [...writes, [other]])
        expect(list.at(index ?? 0)).toBe(model.get(index ?? 0) ?? 0);
      const copy = createGrowing(Int32Array, list.chunks);
      expect(copy.at(other)).toBe(list.at(other));
    }),
  );
});
