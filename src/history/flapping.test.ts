import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Status } from '../doctor/report.ts';
import { changingChecks, FLAPPING_LIMITS, stateOf } from './flapping.ts';
import type { ChangingCheck, CheckRow } from './flapping.ts';

const at = (run: number): string => `2026-11-${String(run).padStart(2, '0')}T10:00:00.000Z`;

/** One check over the runs from the first day of the month on; `i` is an interrupted, incomplete one, `-` a run without it. */
const LETTERS: Readonly<Record<string, Status>> = {
  o: 'ok',
  d: 'idle',
  w: 'warning',
  f: 'fail',
  s: 'skipped',
  c: 'crashed',
  t: 'incomplete',
  i: 'incomplete',
};
const rowsOf = (letters: string, check = 'network.dns'): CheckRow[] =>
  Array.from(letters).flatMap((letter, index) => {
    const status = LETTERS[letter];
    const run = index + 1;
    return status ? [{ run, at: at(run), check, status, isInterrupted: letter === 'i' }] : [];
  });

const summaryOf = ({ kind, changes, state, since, stateSince }: ChangingCheck): string =>
  `${kind} ${changes} ${state} ${since.slice(8, 10)} ${stateSince.slice(8, 10)}`;

test.each<[letters: string, told: string | undefined]>([
  ['', undefined],
  ['o', undefined],
  ['ooood', undefined],
  ['fffwf', undefined],
  ['ooff', 'broke 1 bad 03 03'],
  ['offo', 'recovered 2 good 02 04'],
  ['fo', 'recovered 1 good 02 02'],
  ['ofof', 'flapping 3 bad 02 04'],
  ['ofofo', 'flapping 4 good 02 05'],
  ['ofofoooo', 'flapping 4 good 02 05'],
  // A run that skipped it neither ends nor continues anything.
  ['ossf', 'broke 1 bad 04 04'],
  ['fssf', undefined],
  ['o-f-o-f', 'flapping 3 bad 03 07'],
  // Somebody ended the run: that is no news of the network.
  ['oioio', undefined],
  ['ototo', 'flapping 4 good 02 05'],
  ['ocoo', 'recovered 2 good 02 03'],
  // What is older than ten runs is forgotten.
  ['ofofoooooooooo', undefined],
  ['ofooooooooof', 'broke 1 bad 12 12'],
])('%s: %s', (letters, told) => {
  expect(changingChecks(rowsOf(letters)).map(summaryOf)).toEqual(told === undefined ? [] : [told]);
});

test('which runs those were', () => {
  const [check] = changingChecks(rowsOf('ofsof'));
  expect(check?.runs.map(({ run, status }) => `${status} ${run}`)).toEqual([
    'ok 1',
    'fail 2',
    'ok 4',
    'fail 5',
  ]);
});

test('the most changing one comes first, then by name', () => {
  const rows = [...rowsOf('ofof', 'b.b'), ...rowsOf('ofof', 'a.a'), ...rowsOf('ofofo', 'c.c')];
  expect(changingChecks(rows).map(({ check }) => check)).toEqual(['c.c', 'a.a', 'b.b']);
});

test('the line may be drawn elsewhere', () => {
  expect(changingChecks(rowsOf('of'), { runs: 10, changes: 1 }).map(({ kind }) => kind)).toEqual([
    'flapping',
  ]);
  expect(changingChecks(rowsOf('ofof'), { runs: 2, changes: 1 }).map(({ changes }) => changes)).toEqual([1]);
});

const letters = fc.string({ unit: fc.constantFrom(...Object.keys(LETTERS), '-'), maxLength: 25 });

test('the order of rows is no matter, and neither are runs that say nothing', () => {
  fc.assert(
    fc.property(letters, fc.nat(), (text, seed) => {
      const rows = rowsOf(text);
      const pivot = rows.length === 0 ? 0 : seed % rows.length;
      const rotated = [...rows.slice(pivot), ...rows.slice(0, pivot)].toReversed();
      expect(changingChecks(rotated)).toEqual(changingChecks(rows));
    }),
  );
});

test('changes are exactly the neighbours that differ, and the state is that of the last run with a verdict', () => {
  fc.assert(
    fc.property(letters, (text) => {
      const window = rowsOf(text).slice(-FLAPPING_LIMITS.runs);
      const states = window.flatMap((row) => stateOf(row) ?? []);
      const changes = states.filter((state, index) => index > 0 && state !== states[index - 1]).length;
      const [check] = changingChecks(window);
      expect(check?.changes ?? 0).toBe(changes);
      expect(check?.state ?? states.at(-1)).toBe(states.at(-1));
      expect(check?.kind === 'flapping').toBe(changes >= FLAPPING_LIMITS.changes);
    }),
  );
});
