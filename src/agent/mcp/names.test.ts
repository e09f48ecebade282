import fc from 'fast-check';
import { expect, test } from 'vitest';
import { qualifyTools } from './names.ts';
import type { RawTool } from './names.ts';

const raw = (server: string, tool: string): RawTool => ({ server, tool });
const namesOf = (...tools: readonly RawTool[]): string[] => qualifyTools(tools).named.map(({ name }) => name);

test('32: a dash is no part of a name, and the raw names stay', () =>
  expect(qualifyTools([raw('my-srv', 'get-item')]).named).toEqual([
    { name: 'mcp__my_srv__get_item', raw: { server: 'my-srv', tool: 'get-item' } },
  ]));

test('33: two tools that differ by - and _ alone both get a suffix', () => {
  const names = namesOf(raw('s', 'get-item'), raw('s', 'get_item'));
  expect(new Set(names).size).toBe(2);
  for (const name of names) expect(name).toMatch(/^mcp__s__get_item_[0-9a-f]{12}$/);
});

test('servers that would share a name get the suffix in the place of the server', () => {
  const names = namesOf(raw('a-b', 'x'), raw('a_b', 'x'), raw('c', 'x'));
  expect(names[0]).toMatch(/^mcp__a_b_[0-9a-f]{12}__x$/);
  expect(names[1]).toMatch(/^mcp__a_b_[0-9a-f]{12}__x$/);
  expect(names[2]).toBe('mcp__c__x');
  expect(new Set(names).size).toBe(3);
});

test('what reads the same with the separator elsewhere is told apart', () =>
  expect(new Set(namesOf(raw('a', 'b__c'), raw('a__b', 'c'))).size).toBe(2));

test('the same tool twice is kept once', () => {
  const { named, skipped } = qualifyTools([raw('s', 't'), raw('s', 't')]);
  expect(named).toHaveLength(1);
  expect(skipped).toEqual([raw('s', 't')]);
});

test.each([
  [raw('', ''), 'mcp______'],
  [raw('Grüße', 'Ω'), 'mcp__Gr__e___'],
  [raw('s', 'a.b/c d'), 'mcp__s__a_b_c_d'],
])('%j is %s', (tool, name) => expect(namesOf(tool)).toEqual([name]));

const name = fc.oneof(fc.string({ maxLength: 90 }), fc.stringMatching(/^[ab_-]{1,4}$/));

test('names are distinct, short and safe, whatever servers call their tools and in whatever order', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ server: name, tool: name }), { maxLength: 40 }), (tools) => {
      const { named, skipped } = qualifyTools(tools);
      const names = named.map((tool) => tool.name);
      expect(named.length + skipped.length).toBe(tools.length);
      expect(new Set(names).size).toBe(names.length);
      for (const text of names) expect(text).toMatch(/^mcp__\w{1,59}$/);
      expect(namesOf(...tools.toReversed())).toEqual(names);
    }),
  );
});
