import { warn } from '../../../src/doctor/check.ts';
import type { VerdictIssue } from '../../../src/doctor/check.ts';
import { formatCount, formatNumber } from '../../../src/host/units.ts';
import type { Parity } from '../../../src/store/rollouts/parity.ts';
import type { Tally } from '../../../src/store/rollouts/tally.ts';

export interface ParitySeen {
  readonly agent: string;
  readonly command: string;
  readonly home: string;
  readonly database: string;
  readonly rows: number;
  readonly backfill: string | undefined;
  readonly parity: Parity;
}

/** Every way in which index and files disagree, each said once however many threads it concerns. */
export function parityIssues(seen: ParitySeen): VerdictIssue[] {
  const { agent, command, home, parity, rows, backfill } = seen;
  const rebuild = rebuildOf(seen);
  // Until the first filling is complete, files without a row are what is still to come.
  const isFilled = backfill === undefined || backfill === 'complete';
  return [
    ...parity.elsewhere.map(({ home: other, rows: some, stands }) =>
      warn({
        class: 'stale',
        cause: `The home was ${stands ? 'copied' : 'moved'}: ${formatNumber(some)} of ${formatCount(rows, 'index row')} point to ${other}`,
        measured: other,
        expected: home,
        remedy: `${rebuild} Until then ${agent} ${stands ? `continues these sessions in ${other}` : 'leaves these sessions out of its lists'}.`,
        fields: ['rollout DB rows of another place'],
      }),
    ),
    ...(isFilled
      ? issueOf(parity.unindexed, {
          class: 'missing',
          cause: (number) => `${formatCount(number, 'thread')} with session files missing from the index`,
          expected: 'a row for every thread',
          remedy: `Open the session list once (${command} resume): ${agent} adds what it finds missing. If that does not help: ${rebuild}`,
          field: 'rollout DB missing rows',
        })
      : []),
    ...issueOf(parity.vanished, {
      class: 'stale',
      cause: (number) =>
        `${formatCount(number, 'index row')} without a session file: it was deleted or moved`,
      expected: 'a session file for every row',
      remedy: `Restore the files from a backup if they are wanted; ${agent} drops the rows when it next lists sessions.`,
      field: 'rollout DB stale rows',
    }),
    ...issueOf(parity.archiveMismatches, {
      class: 'mismatch',
      cause: (number) =>
        `${formatCount(number, 'thread')} archived in the index but not on disk, or the other way round`,
      expected: 'archived threads in archived_sessions, others in sessions',
      remedy: `Archive or unarchive the thread once more (${command} archive, ${command} unarchive).`,
      field: 'rollout DB archive mismatches',
    }),
    ...issueOf(parity.misplaced, {
      class: 'mismatch',
      cause: (number) =>
        `${formatCount(number, 'index row')} with a path where the thread’s session file is not`,
      expected: 'the path of the session file',
      remedy: rebuild,
      field: 'rollout DB rows',
    }),
    ...issueOf(parity.duplicateThreads, {
      class: 'duplicate',
      cause: (number) =>
        `${formatCount(number, 'thread')} with several session files that do not continue one another`,
      expected: 'one session file, or a chain of files that continue one another',
      remedy:
        'Move the copies out of the home; keep the file that was written last unless the other one is wanted.',
      field: 'rollout DB duplicate rollout thread ids',
    }),
    ...issueOf(parity.duplicatePaths, {
      class: 'duplicate',
      cause: (number) => `${formatCount(number, 'session file')} claimed by several index rows`,
      expected: 'one row per session file',
      remedy: rebuild,
      field: 'rollout DB duplicate DB paths',
    }),
    ...issueOf(parity.anonymous, {
      class: 'malformed',
      cause: (number) =>
        `${formatCount(number, 'session file')} not in the index, and without the session’s metadata`,
      expected: 'session files that name their thread',
      remedy: 'Restore the files from a backup, or move them out of the home.',
      field: 'rollout DB active files',
    }),
  ];
}

interface Wording {
  readonly class: 'missing' | 'stale' | 'mismatch' | 'duplicate' | 'malformed';
  readonly cause: (count: number) => string;
  readonly expected: string;
  readonly remedy: string;
  readonly field: string;
}

function issueOf({ count, sample }: Tally, { cause, field, ...issue }: Wording): VerdictIssue[] {
  if (count === 0) return [];
  const more = count > sample.length ? `; and ${count - sample.length} more` : '';
  return [warn({ ...issue, cause: cause(count), measured: `${sample.join('; ')}${more}`, fields: [field] })];
}

const rebuildOf = ({ agent, database }: ParitySeen): string =>
  `End every running ${agent}, move ${database} with its -wal and -shm files aside, and start ${agent}: it builds the index anew from the session files. Titles, pins and sections that only the index held are lost.`;
