import { expect, test } from 'vitest';
import { sampleCheck } from '../../fixtures/checks.ts';
import { createRegistry } from './registry.ts';

test('a check is found by its id', () => {
  const check = sampleCheck('a.one');
  expect(createRegistry([check]).get('a.one')).toBe(check);
  expect(createRegistry([check]).get('a.two')).toBeUndefined();
});

test('two checks of one id are refused', () => {
  expect(() => createRegistry([sampleCheck('a.one'), sampleCheck('a.one')])).toThrow(
    'two checks are called a.one',
  );
});

test('a check may only need what stands before it, so that no circle is possible', () => {
  const late = sampleCheck('a.late');
  const early = sampleCheck('a.early', { needs: ['a.late'] });
  expect(() => createRegistry([early, late])).toThrow('a.early needs a.late');
  expect(createRegistry([late, early]).checks).toHaveLength(2);
});
