import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NONE, createNumbering } from './numbering.ts';

/** Few different words, so that keys repeat and differ in one word only. */
const word = fc.oneof(fc.constantFrom(0, 1, -1, -(2 ** 31), 2 ** 31 - 1), fc.integer({ min: -3, max: 3 }));
const key = fc.oneof(fc.tuple(word, word, word, word), fc.constantFrom('', 'a', '0,0,0,0', '__proto__'));

test('numbers are those of a map that counts what is new', () => {
  fc.assert(
    fc.property(fc.array(key, { maxLength: 400 }), fc.nat(50), (keys, expected) => {
      const numbering = createNumbering(expected);
      const model = new Map<string, number>();
      for (const one of keys) {
        const name = JSON.stringify(one);
        if (!model.has(name)) model.set(name, model.size);
        const number = typeof one === 'string' ? numbering.ofText(one) : numbering.ofWords(...one);
        expect(number).toBe(model.get(name));
      }
      expect(numbering.size).toBe(model.size);
    }),
  );
});

test('many more keys than were expected', () => {
  const numbering = createNumbering(0);
  for (const round of [1, 2])
    for (let index = 0; index < 5_000; index += 1)
      expect([round, numbering.ofWords(index, 0, index, index >> 3)]).toEqual([round, index]);
});

const KEY = [1, 2, 3, 4] as const;
const OTHER_KEY = [1, 2, 3, 5] as const;

test('once closed it knows what it knew', () => {
  const numbering = createNumbering(2);
  const known = [numbering.ofWords(...KEY), numbering.ofText('x')];
  numbering.close();
  expect([numbering.ofWords(...KEY), numbering.ofText('x')]).toEqual(known);
  expect([numbering.ofWords(...OTHER_KEY), numbering.ofText('y'), numbering.size]).toEqual([NONE, NONE, 2]);
});
