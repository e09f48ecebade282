import { basename } from 'node:path';
import { conclude, defineCheck, fail, idle, skip, warn } from '../../src/doctor/check.ts';
import type { VerdictIssue } from '../../src/doctor/check.ts';
import type { DetailValue } from '../../src/doctor/report.ts';
import type { DatabaseFailure } from '../../src/store/sqlite/outcome.ts';
import { readDatabase } from '../../src/store/sqlite/read.ts';
import { assessSchema } from '../../src/store/sqlite/schema-assessment.ts';
import type { SchemaAssessment, SchemaFault } from '../../src/store/sqlite/schema-assessment.ts';

interface SeenSchema {
  readonly label: string;
  readonly path: string;
  /** The agent refuses to start on a fault in this one. */
  readonly neededToStart: boolean;
  readonly breaks: string;
  readonly outcome:
    | { readonly kind: 'assessed'; readonly assessment: SchemaAssessment }
    /** The agent's migration table is there and not as its SQL library makes it. */
    | { readonly kind: 'unexpected'; readonly message: string }
    /** Something that `state.integrity` reports. */
    | { readonly kind: 'unread'; readonly why: string };
}

interface Evidence {
  readonly agent: string;
  readonly command: string;
  readonly databases: readonly SeenSchema[];
}

export default defineCheck<Evidence>({
  id: 'state.schema',
  section: 'Environment',
  category: 'schema',
  title: 'The agent can use the databases as they were set up',
  budgetMs: 10_000,
  async probe({ target, files, signal }) {
    const databases: SeenSchema[] = [];
    for (const { label, path, look, profile } of target.databases().databases) {
      if (!profile || look.kind === 'missing') continue;
      const { neededToStart = false, breaks } = profile;
      const read = await readDatabase(path, { task: 'migrations', input: {} }, { files, signal });
      databases.push({ label, path, neededToStart, breaks, outcome: outcomeOf(read, basename(path)) });
    }
    const { name, command } = target.home.profile;
    return { agent: name, command, databases };
  },
  judge: ({ agent, command, databases }) => {
    const details: Record<string, DetailValue> = {};
    for (const { label, outcome } of databases) details[`${label} schema`] = stateOf(outcome);
    if (databases.length === 0) return idle({ summary: `${agent} has not made any databases yet` });
    const judged = databases.filter(({ outcome }) => outcome.kind !== 'unread');
    if (judged.length === 0)
      return skip({ because: 'state.integrity', summary: 'no database could be read', details });
    return conclude({
      summary: `${judged.length} ${judged.length === 1 ? 'database is' : 'databases are'} set up as ${agent} expects`,
      details,
      issues: judged.flatMap((database) => issuesOf(database, { agent, command })),
    });
  },
});

function outcomeOf(
  read: Awaited<ReturnType<typeof readDatabase<'migrations'>>>,
  file: string,
): SeenSchema['outcome'] {
  if (read.kind === 'read') return { kind: 'assessed', assessment: assessSchema(file, read.value) };
  if (read.kind !== 'failed') return { kind: 'unread', why: read.kind };
  return isUnexpected(read)
    ? { kind: 'unexpected', message: read.message }
    : { kind: 'unread', why: read.class.replaceAll('_', ' ') };
}

const isUnexpected = (failure: DatabaseFailure): boolean => failure.class === 'schema';

function stateOf(outcome: SeenSchema['outcome']): string {
  if (outcome.kind === 'unread') return `not read (${outcome.why})`;
  if (outcome.kind === 'unexpected') return 'migration table not as expected';
  const { version, knownVersion } = outcome.assessment;
  if (version === undefined) return 'not set up';
  if (knownVersion === undefined) return `version ${version}, not verified`;
  if (version > knownVersion) return `version ${version}, newer than the ${knownVersion} known here`;
  return version < knownVersion
    ? `version ${version}, up to ${knownVersion} at the next start`
    : `version ${version}`;
}

interface Names {
  readonly agent: string;
  readonly command: string;
}

function issuesOf(database: SeenSchema, names: Names): VerdictIssue[] {
  const { outcome } = database;
  if (outcome.kind === 'unread') return [];
  if (outcome.kind === 'unexpected')
    return [
      issueOf(database, names, {
        cause: 'has a migration table of another shape',
        measured: outcome.message,
        expected: `the table that ${names.agent} keeps its migrations in`,
      }),
    ];
  return outcome.assessment.faults.map((fault) => faultIssue(database, names, fault));
}

function faultIssue(database: SeenSchema, names: Names, fault: SchemaFault): VerdictIssue {
  switch (fault.kind) {
    case 'unfinished':
      return issueOf(database, names, {
        cause: `holds an unfinished migration: ${listed(fault.versions)}`,
        measured: `begun and not recorded as done: ${listed(fault.versions)}`,
        expected: 'every migration recorded as done',
      });
    case 'altered':
      return issueOf(database, names, {
        cause: fault.byLineEndings
          ? `was set up by a build with Windows line endings in its migrations: ${listed(fault.versions)}`
          : `records migrations that ${names.agent} does not know in this form: ${listed(fault.versions)}`,
        measured: `${fault.versions.length} ${fault.versions.length === 1 ? 'checksum differs' : 'checksums differ'}: ${listed(fault.versions)}`,
        expected: `the checksums that ${names.agent} carries`,
        instead: fault.byLineEndings
          ? `Run the build of ${names.agent} that made this database, or start over: `
          : `If another build of ${names.agent} shares this home, give each its own. To start over: `,
      });
    case 'gap':
      return issueOf(database, names, {
        cause: `lacks the record of migrations that later ones build on: ${listed(fault.versions)}`,
        measured: `not recorded: ${listed(fault.versions)}`,
        expected: 'no version left out',
      });
    case 'dropped':
      return issueOf(fault.readAtStart ? database : { ...database, neededToStart: false }, names, {
        cause: `has lost its table ${fault.table}`,
        measured: `every migration recorded, and no table ${fault.table}`,
        expected: `the table ${fault.table}, which the first migration makes`,
      });
    case 'unrecorded':
      return issueOf(fault.collides ? database : { ...database, neededToStart: false }, names, {
        cause: fault.collides ? `has lost the record of its migrations` : `holds tables of something else`,
        measured: `tables without a migration record: ${fault.tables.slice(0, SHOWN).join(', ')}`,
        expected: 'a record of every migration, or no table at all',
      });
  }
  return fault satisfies never;
}

const SHOWN = 8;

function listed(versions: readonly number[]): string {
  const more = versions.length > SHOWN ? ` and ${versions.length - SHOWN} more` : '';
  return versions.slice(0, SHOWN).join(', ') + more;
}

function issueOf(
  { label, path, neededToStart, breaks }: SeenSchema,
  { agent, command }: Names,
  said: {
    readonly cause: string;
    readonly measured: string;
    readonly expected: string;
    readonly instead?: string;
  },
): VerdictIssue {
  const effect = neededToStart
    ? `${agent} refuses to start`
    : `${agent} starts without it and does without ${breaks}`;
  const { cause, measured, expected, instead = '' } = said;
  return (neededToStart ? fail : warn)({
    class: 'schema',
    cause: `the ${label} (${basename(path)}) ${cause}; ${effect}`,
    measured,
    expected,
    remedy: `${instead}${instead ? 'q' : 'Q'}uit every ${command}, move ${path} with its -wal and -shm files to a backup folder, and start ${command}: it makes a new one. Session files stay.`,
    fields: [`${label} schema`],
  });
}
