import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseObjectPrefix } from './json-prefix.ts';

const object = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 }));
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown;

test('a whole object reads as JSON.parse reads it', () => {
  fc.assert(
    fc.property(object, fc.constantFrom(undefined, 2), (value, indent) => {
      const text = JSON.stringify(value, undefined, indent);
      expect(plain(parseObjectPrefix(text))).toEqual(plain(value));
    }),
  );
});

test('a cut object gives members of the whole one, as far as they are complete', () => {
  fc.assert(
    fc.property(
      fc.dictionary(
        fc.string({ minLength: 1 }),
        fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)),
      ),
      fc.nat(),
      (value, seed) => {
        const text = JSON.stringify(value);
        const cut = parseObjectPrefix(text.slice(0, 1 + (seed % text.length)));
        const whole = new Map(Object.entries(plain(value) as object));
        for (const [key, member] of Object.entries(cut ?? {})) expect(whole.get(key)).toEqual(member);
      },
    ),
  );
});

test('no text at all makes it throw', () => {
  const text = fc.oneof(
    fc.string(),
    fc.string().map((rest) => `{${rest}`),
  );
  fc.assert(
    fc.property(text, (any) => {
      expect(() => parseObjectPrefix(any)).not.toThrow();
    }),
  );
});

test.each([
  ['{"a":{"b":1,"c":"x', { a: { b: 1 } }],
  ['{"a":12', {}],
  ['{"a":12,', { a: 12 }],
  [String.raw`{"a":"\"}\\","b":true}`, { a: '"}\\', b: true }],
  ['{"a":[1,{"b":2},"', { a: [1, { b: 2 }] }],
  ['{"a":1,oops,"b":2}', { a: 1 }],
  ['{"a" 1}', {}],
])('%s', (text, expected) => {
  expect(plain(parseObjectPrefix(text))).toEqual(expected);
});

test.each(['', '[1]', '"a"', 'null', ' '])('%s is no object', (text) => {
  expect(parseObjectPrefix(text)).toBeUndefined();
});

test('a key named __proto__ is a key', () => {
  const parsed = parseObjectPrefix('{"__proto__":{"id":"x"},"id":1}');
  expect(Object.keys(parsed ?? {})).toEqual(['__proto__', 'id']);
  expect(({} as { id?: unknown }).id).toBeUndefined();
});

test('nesting without end does not exhaust the stack', () => {
  expect(parseObjectPrefix('{"a":'.repeat(100_000))).toBeDefined();
  expect(parseObjectPrefix(`{"a":${'['.repeat(100_000)}`)).toBeDefined();
});
