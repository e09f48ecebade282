import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatKeyPath, splitKeyPath } from './key-path.ts';

test.each([
  ['a.b', ['a', 'b']],
  ['projects."/home/a.b".trust_level', ['projects', '/home/a.b', 'trust_level']],
  ["a.'b.c'", ['a', 'b.c']],
  ['"a"b.c', ['"a"b', 'c']],
  ['"', ['"']],
  ['', ['']],
  ['a.', ['a', '']],
])('%s', (text, keys) => expect(splitKeyPath(text)).toEqual(keys));

test('what was formatted is split again as it was', () =>
  fc.assert(
    fc.property(fc.array(fc.string({ minLength: 1, maxLength: 20 }), { minLength: 1 }), (keys) => {
      expect(splitKeyPath(formatKeyPath(keys))).toEqual(keys);
    }),
  ));

test('no text makes it hang or throw', () =>
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('"', "'", '.', '\\', 'a', ' ') }), (text) => {
      expect(splitKeyPath(text).length).toBeGreaterThan(0);
    }),
  ));

test('indices and long keys are shown short', () => {
  expect(formatKeyPath(['hooks', 'Stop', 0, 'type'])).toBe('hooks.Stop[0].type');
  expect(formatKeyPath(['x'.repeat(5_000)]).length).toBeLessThan(100);
  expect(formatKeyPath(['a\u001b[31m'])).not.toContain('\u001b');
});
