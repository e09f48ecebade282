import { expect, test } from 'vitest';
import { KNOWN_MIGRATIONS } from './known-migrations.ts';
import { assessSchema } from './schema-assessment.ts';
import type { SchemaFault } from './schema-assessment.ts';
import type { AppliedMigration } from './tasks/migrations.ts';

const FILE = 'thread_history_1.sqlite';

/** The record that codex 0.169 leaves, changed as wanted. */
function recorded(change: (migration: AppliedMigration) => AppliedMigration | undefined): AppliedMigration[] {
  return lines().flatMap(([version = '', checksum = '']) => {
    const migration = { version: Number(version), success: true, checksum: checksum.padEnd(96, '0') };
    return change(migration) ?? [];
  });
}

const lines = (): string[][] =>
  (KNOWN_MIGRATIONS[FILE] ?? '')
    .trim()
    .split('\n')
    .map((line) => line.split(' '));

const windows = (version: number): string => (lines()[version - 1]?.[2] ?? '').padEnd(96, '0');
const zeros = '0'.repeat(96);

const faultsOf = (
  applied: AppliedMigration[],
  tables = ['_sqlx_migrations', 'thread_turns'],
): readonly SchemaFault[] => assessSchema(FILE, { applied, tables }).faults;

test('every known migration has a version of its own and two different checksums', () => {
  for (const text of Object.values(KNOWN_MIGRATIONS)) {
    const rows = text.trim().split('\n');
    rows.forEach((row, index) => expect(row).toMatch(new RegExp(`^${index + 1} [0-9a-f]{16} [0-9a-f]{16}$`)));
    expect(new Set(rows.flatMap((row) => row.split(' ').slice(1))).size).toBe(2 * rows.length);
  }
});

test('what the agent wrote has no fault', () => {
  expect(
    assessSchema(FILE, { applied: recorded((same) => same), tables: ['_sqlx_migrations', 'thread_turns'] }),
  ).toEqual({
    version: 8,
    knownVersion: 8,
    faults: [],
  });
});

test('a table that was dropped is missed, unless a newer release may have done without it', () => {
  const applied = recorded((same) => same);
  const newer = { version: 9, success: true, checksum: zeros };
  expect(faultsOf(applied, ['_sqlx_migrations'])).toEqual([
    { kind: 'dropped', table: 'thread_turns', readAtStart: false },
  ]);
  expect(faultsOf([...applied, newer], ['_sqlx_migrations'])).toEqual([]);
});

test.each<[string, (migration: AppliedMigration) => AppliedMigration | undefined, SchemaFault[]]>([
  ['none at the end', (it) => (it.version > 5 ? undefined : it), []],
  [
    'one altered',
    (it) => (it.version === 3 ? { ...it, checksum: zeros } : it),
    [{ kind: 'altered', versions: [3], byLineEndings: false }],
  ],
  [
    'an empty checksum',
    (it) => (it.version === 3 ? { ...it, checksum: '' } : it),
    [{ kind: 'altered', versions: [3], byLineEndings: false }],
  ],
  [
    'all with Windows line endings',
    (it) => ({ ...it, checksum: windows(it.version) }),
    [{ kind: 'altered', versions: [1, 2, 3, 4, 5, 6, 7, 8], byLineEndings: true }],
  ],
  [
    'one with Windows line endings, one otherwise',
    (it) =>
      it.version === 1 ? { ...it, checksum: windows(1) } : it.version === 2 ? { ...it, checksum: zeros } : it,
    [{ kind: 'altered', versions: [1, 2], byLineEndings: false }],
  ],
  [
    'one unfinished',
    (it) => (it.version === 8 ? { ...it, success: false } : it),
    [{ kind: 'unfinished', versions: [8] }],
  ],
  [
    'some left out',
    (it) => (it.version === 2 || it.version === 4 ? undefined : it),
    [{ kind: 'gap', versions: [2, 4] }],
  ],
  [
    'nothing recorded beside its tables',
    () => undefined,
    [{ kind: 'unrecorded', tables: ['thread_turns'], collides: true }],
  ],
])('%s', (_name, change, expected) => {
  expect(faultsOf(recorded(change))).toEqual(expected);
});

test('versions newer than the known ones are tolerated', () => {
  const newer = [...recorded((same) => same), { version: 99, success: true, checksum: zeros }];
  expect(assessSchema(FILE, { applied: newer, tables: [] })).toEqual({
    version: 99,
    knownVersion: 8,
    faults: [],
  });
});

test.each([
  ['no table at all', [], []],
  [
    'tables of something else',
    ['bookmarks', 'sqlite_sequence'],
    [{ kind: 'unrecorded', tables: ['bookmarks'], collides: false }],
  ],
])('%s', (_name, tables, expected) => {
  expect(faultsOf([], tables)).toEqual(expected);
});

test('a database whose migrations are not known is judged by its own record alone', () => {
  const applied = [
    { version: 1, success: true, checksum: zeros },
    { version: 3, success: false, checksum: zeros },
  ];
  expect(assessSchema('memories_v2_1.sqlite', { applied, tables: [] })).toEqual({
    version: 3,
    knownVersion: undefined,
    faults: [{ kind: 'unfinished', versions: [3] }],
  });
});
