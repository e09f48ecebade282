import { basename } from 'node:path';
import { fail, warn } from '../../../src/doctor/check.ts';
import type { VerdictIssue } from '../../../src/doctor/check.ts';
import { shellPath } from '../../../src/host/shell-path.ts';
import type { FailureClass } from '../../../src/doctor/failure.ts';
import type { DatabaseExamination } from '../../../src/store/sqlite/examine.ts';
import type { LockHolder } from '../../../src/store/sqlite/lock-holders.ts';
import { KEPT_CHANGING } from '../../../src/store/sqlite/read.ts';
import type { DatabaseFailure } from '../../../src/store/sqlite/outcome.ts';

/** One database that stands in the SQLite home. */
export interface SeenDatabase {
  readonly label: string;
  readonly path: string;
  /** What stops working with it; undefined for a database that the agent does not know. */
  readonly breaks: string | undefined;
  /** The file or one of its companions, when this account may not write to it. */
  readonly notWritable: string | undefined;
  readonly examination: DatabaseExamination;
}

/** SQLite ignores this log, or the rest of it, without a word. */
export const isBroken = ({ kind }: DatabaseExamination['log']): boolean =>
  kind === 'bad_header' || kind === 'broken_frame';

/** The one worst thing about a database, or undefined for a healthy one. */
export function issueOf(database: SeenDatabase, agent: string): VerdictIssue | undefined {
  const { examination } = database;
  const { reading, held, log, header } = examination;
  if (held?.from === 'reading') return lockedIssue(database, held.by);
  if (reading.kind === 'failed') return failureIssue(database, reading, agent);
  if (reading.kind === 'read' && reading.value.findings.length > 0)
    return damageIssue(database, agent, {
      failureClass: 'corrupt',
      cause: `the ${nameOf(database)} is corrupt`,
      measured: reading.value.findings.slice(0, SHOWN_FINDINGS).join('; '),
    });
  if (reading.kind === 'empty') return emptyIssue(database, reading.walBytes, agent);
  if (reading.kind === 'timeout')
    return issueAbout(warn, database, {
      class: 'timeout',
      failure: { phase: 'database' },
      cause: `the ${nameOf(database)} was not examined to the end`,
      measured: `${reading.bytes} bytes, no answer within ${Math.round(reading.timeoutMs)} ms`,
      expected: 'an answer in time',
      remedy:
        'Run the doctor again when the disk is less busy; if it stays this slow, the file is too large or the disk is failing.',
    });
  if (header !== 'sound' && reading.kind === 'read')
    return issueAbout(severityOf(database), database, {
      class: 'corrupt',
      cause: `the header of the ${nameOf(database)} is destroyed and only its write-ahead log keeps it readable`,
      measured:
        header === 'zeroed' ? 'the first 100 bytes are zero' : 'the file does not begin as a database does',
      expected: 'a database header in the main file itself',
      remedy: `Never delete ${database.path}-wal: the data hangs on it. Quit ${agent}, copy both files away, then start ${agent} once, which writes the log back into the main file.`,
      ...backup(database.path),
    });
  if (isBroken(log)) return logIssue(database, agent);
  if (database.notWritable !== undefined && database.breaks !== undefined)
    return writeIssue(database, database.notWritable, agent);
  if (held?.from === 'writing')
    return issueAbout(warn, database, {
      class: 'locked',
      cause: `${personOf(held.by)} does not let go of the write lock of the ${nameOf(database)}`,
      measured: `held for at least ${held.forMs} ms`,
      expected: 'a write lock is held for milliseconds',
      remedy: `Wait for ${personOf(held.by)} to finish, or end it if it hangs. Leave the database file where it is.`,
    });
  return undefined;
}

/** Damage of a file that the agent does not use is worth knowing and stops nothing. */
const severityOf = ({ breaks }: SeenDatabase): typeof fail => (breaks === undefined ? warn : fail);

const SHOWN_FINDINGS = 3;

const nameOf = ({ label, path }: SeenDatabase): string =>
  label === basename(path) ? `database ${label}` : `${label} (${basename(path)})`;

const personOf = (holder: LockHolder): string =>
  holder.command === undefined ? `process ${holder.pid}` : `process ${holder.pid} (${holder.command})`;

function issueAbout(
  severity: typeof fail,
  { label }: SeenDatabase,
  input: Omit<Parameters<typeof fail>[0], 'fields'>,
): VerdictIssue {
  return severity({ ...input, fields: [`${label} integrity`] });
}

function lockedIssue(database: SeenDatabase, holder?: LockHolder): VerdictIssue {
  const who = holder ? personOf(holder) : 'another process';
  return issueAbout(severityOf(database), database, {
    class: 'locked',
    failure: { code: 'SQLITE_BUSY' },
    cause: `the ${nameOf(database)} is locked by ${who}`,
    measured: 'an exclusive lock that was not given up while we waited',
    expected: 'readers are let in',
    remedy: `Nothing is damaged: do not move or delete the file. Close ${who}, or wait until it is done.`,
  });
}

function writeIssue(database: SeenDatabase, file: string, agent: string): VerdictIssue {
  return {
    ...issueAbout(fail, database, {
      class: 'permissions',
      failure: { code: 'SQLITE_READONLY' },
      cause: `this account may read the ${nameOf(database)}, but not write to it, so nothing new is recorded`,
      measured: `write access denied: ${file}`,
      expected: `readable and writable by the user who runs ${agent}`,
      remedy: `Nothing is damaged. Give yourself the right to write to ${file} (chmod u+rw, or chown if another user owns it, as after a run with sudo).`,
    }),
    fields: [`${database.label} not writable`],
  };
}

function emptyIssue(database: SeenDatabase, walBytes: number, agent: string): VerdictIssue {
  const { path } = database;
  return issueAbout(warn, database, {
    class: 'not_a_database',
    failure: { code: 'EMPTY' },
    cause: `the ${nameOf(database)} is an empty file`,
    measured: walBytes > 0 ? `0 bytes, with ${walBytes} bytes in its write-ahead log` : '0 bytes',
    expected: 'a database, or no file at all',
    remedy:
      walBytes > 0
        ? `Copy ${path}-wal away before ${agent} starts again: SQLite deletes the log of an empty database.`
        : `${agent} sets it up anew at its next start; what it held is lost unless you have a backup. Look for a full disk or a program that cut the file short.`,
    ...(walBytes > 0 ? backup(path) : {}),
  });
}

function logIssue(database: SeenDatabase, agent: string): VerdictIssue {
  const { log } = database.examination;
  return issueAbout(warn, database, {
    class: 'corrupt',
    cause: `the write-ahead log of the ${database.label} is damaged, so its newest changes are ignored (${basename(database.path)}-wal)`,
    measured:
      log.kind === 'broken_frame'
        ? `checksum of frame ${log.frame} is wrong; ${log.lostFrames} frames are ignored from there on`
        : `the log's header is invalid; all of it is ignored`,
    expected: 'a log whose checksums are right',
    remedy: `Quit ${agent} and back up the database together with its -wal and -shm files. The main file is whole; the changes in the log cannot be replayed. Then check the disk.`,
    ...backup(database.path),
  });
}

function failureIssue(database: SeenDatabase, failure: DatabaseFailure, agent: string): VerdictIssue {
  const { path } = database;
  const { class: failureClass, code, message, file } = failure;
  const common = { class: failureClass, failure: { code } } as const;
  switch (failureClass) {
    case 'locked':
      return lockedIssue(database);
    case 'permissions':
      return issueAbout(severityOf(database), database, {
        ...common,
        cause: `the ${nameOf(database)} may not be read`,
        measured: `${code} for ${file}`,
        expected: `readable and writable by the user who runs ${agent}`,
        remedy: `Nothing is damaged. Give yourself access to ${file} (chmod u+rw, or chown if another user owns it).`,
      });
    case 'wrong_type':
      return issueAbout(severityOf(database), database, {
        ...common,
        cause: `a ${failure.found} stands where ${basename(file)} belongs`,
        measured: `${failure.found}: ${file}`,
        expected: 'a regular file, or nothing',
        remedy: `Quit ${agent} and move ${file} away${database.breaks === undefined ? '' : `; ${agent} makes a new file at its next start`}.`,
      });
    case 'not_a_database':
      return damageIssue(database, agent, {
        failureClass,
        cause: `the ${nameOf(database)} is not a database any more`,
        measured:
          database.examination.header === 'zeroed'
            ? 'its header is overwritten with zeros'
            : database.examination.header === 'foreign'
              ? 'it does not begin as a SQLite file does'
              : message,
      });
    case 'corrupt':
      return damageIssue(database, agent, {
        failureClass,
        cause: `the ${nameOf(database)} is corrupt`,
        measured: message,
      });
    case 'schema':
    case 'unreadable':
      if (code === KEPT_CHANGING)
        return issueAbout(warn, database, {
          ...common,
          cause: `the ${nameOf(database)} changed faster than it could be read`,
          measured: message,
          expected: 'a moment of rest',
          remedy: `This says nothing about its health. Run the doctor again when ${agent} is idle.`,
        });
      return issueAbout(severityOf(database), database, {
        ...common,
        class: 'unreadable',
        cause: `the ${nameOf(database)} could not be read`,
        measured: `${code}: ${message}`,
        expected: 'every page can be read',
        remedy: `Back up ${path} and run the doctor again. If this stays, check the disk that holds it.`,
      });
  }
  return failureClass satisfies never;
}

function damageIssue(
  database: SeenDatabase,
  agent: string,
  { failureClass, cause, measured }: { failureClass: FailureClass; cause: string; measured: string },
): VerdictIssue {
  const { size, log } = database.examination;
  const isCut = size !== undefined && size.bytes < size.promisedBytes;
  const withLog = log.kind === 'sound' ? ` Keep ${database.path}-wal with it: it holds newer data.` : '';
  return issueAbout(severityOf(database), database, {
    class: failureClass,
    cause: isCut ? `the ${nameOf(database)} is cut short` : cause,
    measured: isCut ? `${size.bytes} of ${size.promisedBytes} bytes; ${measured}` : measured,
    expected: 'every page whole, as its own structure says',
    remedy: `${
      database.breaks === undefined
        ? `${agent} does not know this file. Restore it from a backup, or move it (with its -wal and -shm files) out of the folder if nothing uses it.`
        : `Affected: ${database.breaks}. Conversations are safe in the session files. Quit ${agent}, back up the database, then move it (with its -wal and -shm files) out of the folder; ${agent} makes a new one at its next start.`
    }${withLog}`,
    ...backup(database.path),
  });
}

/** Copies the database and the files beside it into the current folder; reads only. */
function backup(path: string): { command: string } {
  return { command: `mkdir -p database-backup && cp -a ${shellPath(path)}* database-backup/` };
}
