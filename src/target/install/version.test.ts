import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareVersions, isUpdate } from './version.ts';

test.each([
  ['0.169.0', '0.170.0', -1],
  ['0.9.0', '0.10.0', -1],
  ['1.0.0', '1.0.0', 0],
  ['v1.0.0', '1.0.0', 0],
  ['1.0.0+build', '1.0.0', 0],
  ['1.0.0-alpha', '1.0.0', -1],
  ['1.0.0-alpha', '1.0.0-alpha.1', -1],
  ['1.0.0-alpha.1', '1.0.0-alpha.beta', -1],
  ['1.0.0-alpha.2', '1.0.0-alpha.10', -1],
  ['1.0.0-beta', '1.0.0-alpha', 1],
  ['1.0', '1.0.0', undefined],
  ['', '1.0.0', undefined],
  ['1.0.0\n2.0.0', '1.0.0', undefined],
])('%s against %s', (a, b, expected) => {
  expect(compareVersions(a, b)).toBe(expected);
});

test.each([
  ['0.170.0', '0.169.0', true],
  ['0.169.0', '0.169.0', false],
  ['0.168.0', '0.169.0', false],
  ['0.171.0-alpha.1', '0.169.0', false],
  ['0.170.0', '0.170.0-alpha.3', true],
  ['latest', '0.169.0', false],
  ['0.170.0', 'unknown', false],
])('%s is an update of %s: %s', (latest, current, expected) => {
  expect(isUpdate({ latest, current })).toBe(expected);
});

const number = fc.nat({ max: 20 });
const preRelease = fc.array(fc.constantFrom('alpha', 'beta', '1', '2', '10'), { maxLength: 3 });
const version = fc
  .tuple(number, number, number, preRelease)
  .map(([a, b, c, parts]) => `${a}.${b}.${c}${parts.length > 0 ? `-${parts.join('.')}` : ''}`);

const compare = (left: string, right: string): number => compareVersions(left, right) ?? Number.NaN;

test('the order is total: reflexive, antisymmetric and transitive', () => {
  fc.assert(
    fc.property(version, version, version, (a, b, c) => {
      expect(compare(a, a)).toBe(0);
      expect(compare(a, b) + compare(b, a)).toBe(0);
      const [low, middle, high] = [a, b, c].toSorted(compare);
      expect(compare(low ?? '', high ?? '')).toBeLessThanOrEqual(0);
      expect(compare(low ?? '', middle ?? '')).toBeLessThanOrEqual(0);
    }),
  );
});

test('no text makes the comparison throw', () => {
  fc.assert(
    fc.property(fc.string(), version, (text, other) => {
      expect([-1, 0, 1, undefined]).toContain(compareVersions(text, other));
    }),
  );
});
