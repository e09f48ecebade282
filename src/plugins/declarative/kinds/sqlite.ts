import { conclude } from '../../../doctor/check.ts';
import type { Verdict } from '../../../doctor/check.ts';
import type { CheckContext } from '../../../doctor/context.ts';
import { firstLine } from '../../../host/first-line.ts';
import { readDuration } from '../../../host/duration.ts';
import type { DatabaseRead } from '../../../store/sqlite/outcome.ts';
import { readDatabase } from '../../../store/sqlite/read.ts';
import type { FirstValue } from '../../../store/sqlite/tasks/first-value.ts';
import type { Integrity } from '../../../store/sqlite/tasks/integrity.ts';
import { issuesOf, quoted } from '../issue.ts';
import type { Fault } from '../issue.ts';
import { pathOf } from '../kind.ts';
import type { Place, Work } from '../kind.ts';
import { bareQuery } from '../query.ts';
import type { SpecOf } from '../vocabulary.ts';

type Spec = SpecOf<'sqlite'>;

export interface SeenDatabase {
  readonly path: string;
  readonly integrity?: DatabaseRead<Integrity>;
  readonly table?: DatabaseRead<boolean>;
  readonly query?: DatabaseRead<FirstValue>;
}

/** A database is whole, has a table, or gives the value that it should. It is read without leaving a trace. */
export const sqlite = (spec: Spec, place: Place): Work<SeenDatabase> => ({
  title: `${spec.path} is a database as it should be`,
  probe: (context) => look(spec, place, context),
  judge: (seen) => judgeSqlite(spec, seen),
});

async function look(spec: Spec, place: Place, context: CheckContext): Promise<SeenDatabase> {
  const { table, query, integrity = table === undefined && query === undefined } = spec;
  const { files, signal, clock } = context;
  const path = pathOf(spec.path, place, context);
  context.waitingFor(spec.path);
  const until = clock.elapsed() + (readDuration(spec.timeout) ?? 0);
  const limits = () => ({ files, signal, timeoutMs: Math.max(1, until - clock.elapsed()) });
  return {
    path,
    ...(integrity && {
      integrity: await readDatabase(path, { task: 'integrity', input: { depth: 'quick' } }, limits()),
    }),
    ...(table !== undefined && {
      table: await readDatabase(path, { task: 'hasTable', input: { name: table } }, limits()),
    }),
    ...(query !== undefined && {
      query: await readDatabase(path, { task: 'firstValue', input: { query: bareQuery(query) } }, limits()),
    }),
  };
}

export function judgeSqlite(spec: Spec, seen: SeenDatabase): Verdict {
  const { integrity, table, query, path } = seen;
  const faults = [
    integrity && (unreadable(spec, integrity) ?? damage(spec, integrity)),
    table && (unreadable(spec, table) ?? missingTable(spec, table)),
    query && (unreadable(spec, query) ?? wrongValue(spec, query)),
  ].filter((fault) => fault !== undefined);
  // Unreadable for one question is unreadable for all.
  const distinct = faults.filter(
    (fault, index) => faults.findIndex(({ cause }) => cause === fault.cause) === index,
  );
  return conclude({
    summary: `${spec.path} is as it should be`,
    details: {
      database: path,
      integrity: integrity?.kind === 'read' ? stateOf(integrity.value) : undefined,
      [`table ${spec.table}`]: table?.kind === 'read' ? (table.value ? 'exists' : 'missing') : undefined,
      'first value': query?.kind === 'read' ? shownValue(query.value) : undefined,
    },
    issues: issuesOf(distinct, spec),
  });
}

const stateOf = ({ findings }: Integrity): string => (findings.length === 0 ? 'ok' : 'corrupt');

function shownValue(first: FirstValue): string | number {
  switch (first.kind) {
    case 'no_row':
      return 'no row';
    case 'blob':
      return `binary data of ${first.bytes} bytes`;
    case 'value':
      return typeof first.value === 'number'
        ? first.value
        : first.value === null
          ? 'null'
          : firstLine(first.value);
  }
}

function unreadable(spec: Spec, read: DatabaseRead<unknown>): Fault | undefined {
  const { path } = spec;
  const base = { expected: 'a database that can be read', failure: { phase: 'database' } } as const;
  switch (read.kind) {
    case 'read':
      return undefined;
    case 'missing':
      return {
        ...base,
        class: 'missing',
        cause: `${path} does not exist`,
        measured: 'no such file',
        remedy: 'Let the program that owns it make it, or correct its path in the declaration.',
      };
    case 'empty':
      return {
        ...base,
        class: 'not_a_database',
        cause: `${path} holds no byte`,
        measured: '0 bytes',
        remedy: 'Restore it from a backup, or let the program that owns it make a new one.',
      };
    case 'timeout':
      return {
        ...base,
        class: 'timeout',
        cause: `${path} gave no answer within ${Math.round(read.timeoutMs)} ms`,
        measured: `${read.bytes} bytes, no answer`,
        remedy: 'Ask for less, or give it a longer timeout in the declaration.',
      };
    case 'failed':
      return {
        ...base,
        class: read.class,
        cause: `${path} cannot be read: ${firstLine(read.message)}`,
        measured: read.code,
        remedy: REMEDIES[read.class],
        failure: { phase: 'database', code: read.code },
      };
  }
}

/** None endangers data: nothing is moved, deleted or unlocked by force. */
const REMEDIES: Readonly<Record<Extract<DatabaseRead<unknown>, { kind: 'failed' }>['class'], string>> = {
  locked: 'Wait until the program that holds it is done, or quit that program.',
  permissions: 'Give this account the right to read it and its folder.',
  not_a_database: 'Correct the path in the declaration, or restore the file from a backup.',
  corrupt: 'Quit the program that owns it, copy the file away, then restore it from a backup.',
  wrong_type: 'Correct the path in the declaration: it is no file.',
  unreadable: 'Look at the disk and the folder that it stands on.',
  schema: 'Correct the query in the declaration, or the schema of the database.',
};

function damage({ path }: Spec, read: DatabaseRead<Integrity>): Fault | undefined {
  if (read.kind !== 'read' || read.value.findings.length === 0) return undefined;
  return {
    class: 'corrupt',
    cause: `${path} is corrupt`,
    measured: read.value.findings.slice(0, SHOWN_FINDINGS).map(firstLine).join('; '),
    expected: 'ok',
    remedy: REMEDIES.corrupt,
  };
}

const SHOWN_FINDINGS = 3;

function missingTable({ path, table }: Spec, read: DatabaseRead<boolean>): Fault | undefined {
  if (read.kind !== 'read' || read.value) return undefined;
  return {
    class: 'schema',
    cause: `${path} has no table ${table}`,
    measured: 'no such table',
    expected: `a table ${table}`,
    remedy: 'Let the program that owns the database bring it up to date.',
  };
}

function wrongValue(spec: Spec, read: DatabaseRead<FirstValue>): Fault | undefined {
  if (read.kind !== 'read') return undefined;
  const { path, equals, min, max } = spec;
  const first = read.value;
  const value = first.kind === 'value' ? first.value : undefined;
  const isWithin =
    (min === undefined && max === undefined) ||
    (typeof value === 'number' && value >= (min ?? -Infinity) && value <= (max ?? Infinity));
  const hasRow = first.kind !== 'no_row';
  // 1 and '1' are one to who wrote the query.
  const isEqual =
    equals === undefined || (value !== undefined && value !== null && String(value) === String(equals));
  if (hasRow && isEqual && isWithin) return undefined;
  return {
    class: 'mismatch',
    cause: `the query of ${path} gives another value than it should`,
    measured: String(shownValue(first)),
    expected: wantedValue(spec),
    remedy: 'Find out what the program that owns the database has done, or correct the declaration.',
  };
}

function wantedValue({ equals, min, max }: Spec): string {
  const parts = [
    equals !== undefined && (typeof equals === 'string' ? quoted(equals) : String(equals)),
    min !== undefined && `at least ${min}`,
    max !== undefined && `at most ${max}`,
  ].filter((part) => part !== false);
  return parts.length === 0 ? 'a row' : parts.join(', ');
}
