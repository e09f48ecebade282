import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  NAME_WORDS,
  createPacking,
  isNamedBy,
  packId,
  packName,
  unpackId,
  unpackName,
} from './packed-name.ts';

const NAME = 'rollout-2026-11-20T07-41-40-01a1f7e7-6839-7680-a197-a5b63dcfb716.jsonl';

const digits = (count: number) => fc.stringMatching(new RegExp(`^\\d{${count}}$`));
const EXACT = /^rollout-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}\.jsonl$/;

function packed(name: string): string | undefined {
  const packing = createPacking(NAME_WORDS + 1);
  return packName(name, packing, 1) ? unpackName(packing, 1) : undefined;
}

test('every name that the agent writes comes back as it was', () => {
  fc.assert(
    fc.property(
      fc.tuple(digits(4), digits(2), digits(2)),
      fc.tuple(digits(2), digits(2), digits(2)),
      fc.uuid(),
      (date, time, id) => {
        const name = `rollout-${date.join('-')}T${time.join('-')}-${id}.jsonl`;
        expect(packed(name)).toBe(name);
      },
    ),
  );
});

test('a name that differs in a single character comes back as it is or is refused', () => {
  fc.assert(
    fc.property(
      fc.nat(NAME.length - 1),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
      (at, character) => {
        const name = NAME.slice(0, at) + character + NAME.slice(at + 1);
        expect(packed(name)).toBe(EXACT.test(name) ? name : undefined);
      },
    ),
  );
});

test.each(['', 'rollout-.jsonl', `${NAME}.zst`, NAME.toUpperCase(), NAME.replace('a1f7e7', 'A1F7E7')])(
  '%s is kept as text',
  (name) => {
    expect(packed(name)).toBeUndefined();
  },
);

test('ids come back as they were, others are refused', () => {
  const packing = createPacking(NAME_WORDS);
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uuid(),
        fc.string(),
        fc.uuid().map((id) => id.toUpperCase()),
      ),
      (id) => {
        const isLower = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(id);
        expect(packId(id, packing, 0) && unpackId(packing, 0)).toBe(isLower && id);
      },
    ),
  );
});

test('a name is named by its own id only', () => {
  const id = NAME.slice(28, 64);
  for (const [text, expected] of [
    [id, true],
    [id.toUpperCase(), false],
    [id.slice(1), false],
    ['', false],
    [`${id}.`, false],
  ] as const)
    expect(isNamedBy(NAME, text)).toBe(expected);
});
