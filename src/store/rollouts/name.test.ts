import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseRolloutName, plainName } from './name.ts';

const ID = '01a1f7e7-6839-7680-a197-a5b63dcfb716';

test.each([
  [`rollout-2026-11-20T07-41-40-${ID}.jsonl`, { kind: 'rollout', threadId: ID, compressed: false }],
  [`rollout-2026-11-20T07-41-40-${ID}.jsonl.zst`, { kind: 'rollout', threadId: ID, compressed: true }],
  [`rollout-2026-11-20T07-41-40-${ID.toUpperCase()}.jsonl`, { kind: 'rollout', threadId: ID }],
  [`rollout-${ID}.jsonl`, { kind: 'malformed', compressed: false }],
  ['rollout-2026-11-20T07-41-40.jsonl.zst', { kind: 'malformed', compressed: true }],
  ['rollout-.jsonl', { kind: 'malformed' }],
  [`rollout-2026-11-20T07-41-40-${ID}.jsonl.tmp`, { kind: 'other' }],
  ['.DS_Store', { kind: 'other' }],
  ['', { kind: 'other' }],
])('%s', (name, expected) => {
  expect(parseRolloutName(name)).toMatchObject(expected);
});

test('whatever stands in the name, an id is only taken from its end', () => {
  fc.assert(
    fc.property(fc.string(), fc.uuid(), (noise, id) => {
      const parsed = parseRolloutName(`rollout-${noise}-${id}.jsonl`);
      expect([
        { kind: 'rollout', threadId: id, compressed: false },
        { kind: 'malformed', compressed: false },
      ]).toContainEqual(parsed);
    }),
  );
});

test('a compressed file and its plain twin share a name', () => {
  expect(plainName('a/rollout-x.jsonl.zst')).toBe(plainName('a/rollout-x.jsonl'));
});
