import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rolloutPlace, threadId } from '../../../fixtures/rollouts.ts';
import { parseRolloutName, plainName } from './name.ts';
import { NONE, createNumbering } from './numbering.ts';
import { createPathTable, numberOfId } from './path-table.ts';

const names = fc
  .record({
    number: fc.nat(3),
    time: fc.constantFrom('07-41-40', '07-41-41'),
    suffix: fc.constantFrom('', '.zst'),
    spell: fc.constantFrom<(name: string) => string>(
      (name) => name,
      (name) => name.replaceAll('a', 'A'),
      (name) => name.replace('.jsonl', '-copy.jsonl'),
    ),
  })
  .map(({ number, time, suffix, spell }) => {
    const place = rolloutPlace({ id: threadId(number), time });
    return spell(place.slice(place.lastIndexOf('/') + 1)) + suffix;
  });
const paths = fc.array(
  fc.record({
    folder: fc.constantFrom('', '/h/sessions/2026/11/20/', 'C:\\h\\', '/h/'),
    name: fc.oneof(names, fc.string()),
    marked: fc.boolean(),
  }),
  { maxLength: 40 },
);

test('every path comes back as it was, here and in another process', () => {
  fc.assert(
    fc.property(paths, (given) => {
      const table = createPathTable();
      for (const path of given) table.add(path);
      for (const one of [table, createPathTable(structuredClone(table.pack()))]) {
        expect(one.length).toBe(given.length);
        for (const [index, { folder, name, marked }] of given.entries()) {
          expect(one.pathAt(index)).toBe(folder + name);
          expect(one.nameAt(index)).toBe(name);
          expect(one.folders[one.folderAt(index)]).toBe(folder);
          expect(one.isMarked(index)).toBe(marked);
          expect(one.isCompressed(index)).toBe(name.endsWith('.zst'));
          const parsed = parseRolloutName(name);
          expect(one.idAt(index)).toBe(parsed.kind === 'rollout' ? parsed.threadId : undefined);
        }
      }
    }),
  );
});

test('two paths have one number where they differ in compression only, two ids where they are the same', () => {
  fc.assert(
    fc.property(paths, (given) => {
      const table = createPathTable();
      for (const path of given) table.add(path);
      const numberings = { ids: createNumbering(0), folders: createNumbering(0), paths: createNumbering(0) };
      const places = table.numberPaths(table.folders, numberings);
      const ids = table.numberIds(numberings.ids);
      for (const [first, one] of given.entries())
        for (const [second, other] of given.entries()) {
          const isSame = one.folder + plainName(one.name) === other.folder + plainName(other.name);
          expect(places[first] === places[second]).toBe(isSame);
          expect(ids[first] === ids[second]).toBe(table.idAt(first) === table.idAt(second));
        }
      for (const [index, id] of ids.entries())
        expect(id).toBe(id === NONE ? NONE : numberOfId(numberings.ids, table.idAt(index) ?? ''));
    }),
  );
});

test('folders that lead outside, and ids that do not count', () => {
  const table = createPathTable();
  for (const folder of ['/in/', '/out/'])
    table.add({ folder, name: rolloutPlace({ id: threadId(1) }).slice('sessions/2026/11/20/'.length) });
  const numberings = { ids: createNumbering(0), folders: createNumbering(0), paths: createNumbering(0) };
  expect([...table.numberPaths(['in/', undefined], numberings)]).toEqual([0, NONE]);
  expect([...table.numberIds(createNumbering(0), new Set([0]))]).toEqual([NONE, 0]);
});

const nameOf = (index: number): string =>
  rolloutPlace({ id: threadId(index), archived: true }).slice('archived_sessions/'.length);

test('tens of thousands of paths', () => {
  const table = createPathTable();
  for (let index = 0; index < 30_000; index += 1) table.add({ folder: `${index % 7}/`, name: nameOf(index) });
  for (let index = 0; index < 30_000; index += 999)
    expect(table.pathAt(index)).toBe(`${index % 7}/${nameOf(index)}`);
});
