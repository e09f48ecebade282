import { FIRST_TABLES, KNOWN_MIGRATIONS } from './known-migrations.ts';
import type { AppliedMigration, Migrations } from './tasks/migrations.ts';

/** A reason for the agent to refuse the database at its next start. */
export type SchemaFault =
  /** Begun and not recorded as finished. */
  | { readonly kind: 'unfinished'; readonly versions: readonly number[] }
  /** Recorded with another checksum than the release carries. */
  | {
      readonly kind: 'altered';
      readonly versions: readonly number[];
      /** All of them are the same texts with Windows line endings. */
      readonly byLineEndings: boolean;
    }
  /** Not recorded although later ones are: the agent would run them again, over what they made already. */
  | { readonly kind: 'gap'; readonly versions: readonly number[] }
  /** The migrations are recorded, and the table that the first of them makes is gone. */
  | { readonly kind: 'dropped'; readonly table: string; readonly readAtStart: boolean }
  /** Tables without a migration record; `collides` when the agent's own first table is among them. */
  | { readonly kind: 'unrecorded'; readonly tables: readonly string[]; readonly collides: boolean };

export interface SchemaAssessment {
  /** Highest recorded version, or undefined when none is. */
  readonly version: number | undefined;
  /** Highest version that we know; undefined for a database whose migrations are not known. */
  readonly knownVersion: number | undefined;
  readonly faults: readonly SchemaFault[];
}

interface KnownMigration {
  readonly version: number;
  readonly checksum: string;
  readonly windowsChecksum: string;
}

/**
 * Compares what a database records about its own making with what the agent carries. The agent tolerates versions that
 * are newer than its own and applies those that are missing at the end.
 * @param file name of the database file, which also tells its schema's epoch
 */
export function assessSchema(file: string, migrations: Migrations): SchemaAssessment {
  const known = knownMigrations(file);
  const knownVersion = known.at(-1)?.version;
  const { applied } = migrations;
  const tables = migrations.tables.filter(
    (name) => name !== '_sqlx_migrations' && !name.startsWith('sqlite_'),
  );
  if (applied.length === 0) {
    const collides = tables.includes(FIRST_TABLES[file] ?? '');
    return {
      version: undefined,
      knownVersion,
      faults: tables.length > 0 ? [{ kind: 'unrecorded', tables, collides }] : [],
    };
  }
  const version = Math.max(...applied.map((migration) => migration.version));
  return {
    version,
    knownVersion,
    faults: [
      ...unfinished(applied),
      ...altered(applied, known),
      ...gaps(applied, known, version),
      // A newer release may have renamed its tables.
      ...(version === knownVersion ? dropped(file, tables) : []),
    ],
  };
}

function knownMigrations(file: string): KnownMigration[] {
  const text = Object.hasOwn(KNOWN_MIGRATIONS, file) ? KNOWN_MIGRATIONS[file] : undefined;
  return (text ?? '')
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [version, checksum = '', windowsChecksum = ''] = line.split(' ');
      return { version: Number(version), checksum, windowsChecksum };
    });
}

/** Measured with 0.169: of all databases it is only the thread index that it reads before it serves anybody. */
const READ_AT_START = 'threads';

function dropped(file: string, tables: readonly string[]): SchemaFault[] {
  const table = FIRST_TABLES[file];
  if (table === undefined || tables.includes(table)) return [];
  return [{ kind: 'dropped', table, readAtStart: table === READ_AT_START }];
}

function unfinished(applied: readonly AppliedMigration[]): SchemaFault[] {
  const versions = applied.filter(({ success }) => !success).map(({ version }) => version);
  return versions.length > 0 ? [{ kind: 'unfinished', versions }] : [];
}

function altered(applied: readonly AppliedMigration[], known: readonly KnownMigration[]): SchemaFault[] {
  const byVersion = new Map(known.map((migration) => [migration.version, migration]));
  const differing = applied.flatMap(({ version, checksum }) => {
    const expected = byVersion.get(version);
    if (!expected || checksum.startsWith(expected.checksum)) return [];
    return [{ version, isWindows: checksum.startsWith(expected.windowsChecksum) }];
  });
  if (differing.length === 0) return [];
  return [
    {
      kind: 'altered',
      versions: differing.map(({ version }) => version),
      byLineEndings: differing.every(({ isWindows }) => isWindows),
    },
  ];
}

function gaps(
  applied: readonly AppliedMigration[],
  known: readonly KnownMigration[],
  highest: number,
): SchemaFault[] {
  const recorded = new Set(applied.map(({ version }) => version));
  const versions = known
    .map(({ version }) => version)
    .filter((version) => version < highest && !recorded.has(version));
  return versions.length > 0 ? [{ kind: 'gap', versions }] : [];
}
