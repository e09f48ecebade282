import { expect, test } from 'vitest';
import { systemLookup } from './lookup.ts';

test('the system is asked once for a name that is being looked up, and again afterwards', async () => {
  const first = systemLookup('localhost', 4);
  expect(systemLookup('localhost', 4)).toBe(first);
  expect(await first).toEqual(['127.0.0.1']);
  expect(systemLookup('localhost', 4)).not.toBe(first);
});
