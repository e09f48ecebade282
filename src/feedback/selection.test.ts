import { expect, test } from 'vitest';
import type { ItemKind, StagedItem } from './item.ts';
import { itemsNamed, select } from './selection.ts';

const item = (kind: ItemKind, name: string): StagedItem => ({
  kind,
  name,
  contentType: 'text/plain',
  format: 'text',
  path: `/staging/${name}`,
  bytes: 1,
  sha256: '',
  bytesBefore: 1,
  hidden: [],
  confident: 0,
  findings: [],
});
const ITEMS = [
  item('logs', 'a.log'),
  item('doctor', 'd.json'),
  item('rollouts', 'r.jsonl'),
  item('rollouts', 'r.jsonl'),
];

test.each<[string[], string[], number[], string[]]>([
  [[], [], [0, 1, 2, 3], []],
  [['rollouts'], [], [2, 3], []],
  [['a.log', '4'], [], [0, 3], []],
  [[], ['doctor', '3'], [0, 3], []],
  [['rollouts'], ['4'], [2], []],
  [['nothing'], ['5'], [], ['nothing', '5']],
])('include %j, exclude %j', (include, exclude, kept, unknown) =>
  expect(select(ITEMS, { include, exclude })).toEqual({ items: kept.map((index) => ITEMS[index]), unknown }),
);

test('a word may name several', () => expect(itemsNamed(ITEMS, 'r.jsonl')).toHaveLength(2));
