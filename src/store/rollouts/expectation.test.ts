import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rolloutPlace, threadId } from '../../../fixtures/rollouts.ts';
import { expectationOf, isMet } from './expectation.ts';
import { createRolloutList } from './files.ts';
import { createThreadRows } from './thread-rows.ts';
import type { ThreadRow } from './thread-rows.ts';

const HOME = '/home/ada/.codex';
const HOMES = [HOME, '/mnt/real'];

interface Session {
  readonly number: number;
  readonly archived: boolean;
  readonly day: string;
}

const sessions = fc.uniqueArray(
  fc.record({ number: fc.nat(5), archived: fc.boolean(), day: fc.constantFrom('2026-11-20', '2026-11-21') }),
  { selector: ({ number }) => number },
);
const placeOf = ({ number, archived, day }: Session): string =>
  rolloutPlace({ id: threadId(number), archived, day });
const keyOf = (list: readonly Session[]): string => JSON.stringify(list.map(placeOf).toSorted());
const rowOf = (session: Session): ThreadRow => ({
  id: threadId(session.number),
  rolloutPath: `${HOME}/${placeOf(session)}`,
  archived: session.archived,
});

function expected(found: readonly Session[]) {
  const [active, archived] = [createRolloutList(), createRolloutList()];
  for (const session of found) {
    const place = placeOf(session);
    const cut = place.lastIndexOf('/');
    const file = { folder: place.slice(0, cut), name: place.slice(cut + 1), bytes: 1, modifiedAtMs: 1 };
    (session.archived ? archived : active).add(file);
  }
  return expectationOf(active, archived, HOMES);
}

function meets(found: readonly Session[], rows: readonly ThreadRow[]): boolean {
  const expectation = expected(found);
  const table = createThreadRows();
  for (const row of rows) table.add(row);
  return expectation !== undefined && isMet(structuredClone(expectation), table);
}

test('rows meet it exactly when they are those of the files, in any order', () => {
  fc.assert(
    fc.property(sessions, sessions, (found, indexed) => {
      expect(meets(found, indexed.map(rowOf))).toBe(keyOf(found) === keyOf(indexed));
      expect(meets(found, found.toReversed().map(rowOf))).toBe(true);
    }),
  );
});

const FOUND: readonly Session[] = [1, 2].map((number) => ({ number, archived: false, day: '2026-11-20' }));
const [FIRST, SECOND] = FOUND.map(rowOf) as [ThreadRow, ThreadRow];

test.each<[string, readonly ThreadRow[]]>([
  ['one is missing', [FIRST]],
  ['one stands twice', [FIRST, FIRST]],
  [
    'ids are exchanged',
    [
      { ...FIRST, id: SECOND.id },
      { ...SECOND, id: FIRST.id },
    ],
  ],
  ['an id in capitals', [{ ...FIRST, id: FIRST.id.toUpperCase() }, SECOND]],
  ['an archive flag', [{ ...FIRST, archived: true }, SECOND]],
  ['another home', [{ ...FIRST, rolloutPath: FIRST.rolloutPath.replace(HOME, '/old') }, SECOND]],
  ['a path that is no path', [{ ...FIRST, rolloutPath: 'x' }, SECOND]],
])('rows of which %s do not meet it', (_, rows) => {
  expect(meets(FOUND, rows)).toBe(false);
});

test('the home may be spelled in two ways, and files may be compressed', () => {
  const moved = { ...FIRST, rolloutPath: `${FIRST.rolloutPath.replace(HOME, '/mnt/real')}.zst` };
  expect(meets(FOUND, [moved, SECOND])).toBe(true);
});

test('a file with a name of its own takes a comparison in full', () => {
  const active = createRolloutList();
  active.add({ folder: 'sessions', name: 'rollout-x.jsonl', bytes: 1, modifiedAtMs: 1 });
  expect(expectationOf(active, createRolloutList(), HOMES)).toBeUndefined();
});
