import { warn } from '../../../src/doctor/check.ts';
import type { VerdictIssue } from '../../../src/doctor/check.ts';
import type { FileSystem } from '../../../src/host/file-system.ts';
import type { FolderSize } from '../../../src/host/folder-size.ts';
import { formatBytes } from '../../../src/host/units.ts';

export interface SizedDatabase {
  readonly label: string;
  readonly path: string;
  readonly bytes: number;
  readonly walBytes: number;
  readonly isWriteAhead: boolean;
  /** SQLite that wrote last. */
  readonly writerVersion: string | undefined;
  /** Pages that hold nothing; undefined when the database was not opened to find out. */
  readonly freeBytes: number | undefined;
  /** That SQLite has the WAL-reset bug. */
  readonly isAffected: boolean;
  /** Processes that have it open now; counted only when affected. */
  readonly processes: number;
}

export interface GrowthSeen {
  readonly agent: string;
  readonly command: string;
  readonly sqliteVariable: string;
  readonly sqliteHome: string;
  readonly databases: readonly SizedDatabase[];
  readonly fileSystem: FileSystem | undefined;
  readonly logFolder: string;
  readonly logs: FolderSize;
  readonly home: string;
  readonly historyBytes: number | undefined;
  readonly scratch: readonly ({ readonly name: string } & FolderSize)[];
}

const MIB = 1024 ** 2;
/** SQLite writes the log back at about 4 MB. One this large means that for long somebody kept that from ending. */
export const LARGE_WAL_BYTES = 64 * MIB;
/** The agent cuts its log records down to 64 MiB when it starts. Twice that means that it has not for long. */
export const LARGE_LOG_BYTES = 128 * MIB;
/** Empty pages cost room and time on every full read, and only a vacuum gives them back. */
export const LARGE_FREE_BYTES = 256 * MIB;
/** The text log and the prompt history are only appended to. At this size no editor opens them. */
export const LARGE_TEXT_BYTES = 512 * MIB;
/** Scratch that outlives its run; healthy homes hold a clone or two of small repositories. */
export const LARGE_SCRATCH_BYTES = 1024 * MIB;

/** Everything that has outgrown its use, and disks that do not suit a database. */
export function growthIssues(seen: GrowthSeen): VerdictIssue[] {
  return [
    ...seen.databases.flatMap((database) => databaseIssues(database, seen)),
    ...sharedDiskIssue(seen),
    ...folderIssues(seen),
  ];
}

function databaseIssues(
  { label, path, bytes, walBytes, freeBytes, isAffected, processes, writerVersion }: SizedDatabase,
  { agent }: GrowthSeen,
): VerdictIssue[] {
  const issues: VerdictIssue[] = [];
  if (walBytes >= LARGE_WAL_BYTES)
    issues.push(
      warn({
        class: 'stale',
        cause: `The write-ahead log of the ${label} has grown to ${formatBytes(walBytes)} and is not written back`,
        measured: `${path}-wal: ${formatBytes(walBytes)}`,
        expected: `less than ${formatBytes(LARGE_WAL_BYTES)}`,
        remedy: `End every running ${agent}, also its background server: the last one to close the database writes the log back. Never delete the -wal file by hand.`,
        fields: [`${label} WAL bytes`],
      }),
    );
  const live = bytes - (freeBytes ?? 0);
  if (label === 'log DB' && live >= LARGE_LOG_BYTES)
    issues.push(
      warn({
        class: 'stale',
        cause: `The log DB holds ${formatBytes(live)} of records, which slows down every start of ${agent}`,
        measured: formatBytes(live),
        expected: `less than ${formatBytes(LARGE_LOG_BYTES)}`,
        remedy: `End every running ${agent} and start it again: it cuts the records down. If that does not help, move ${path} with its -wal and -shm files aside; only logs for feedback are lost.`,
        fields: [`${label} bytes`],
      }),
    );
  if (freeBytes !== undefined && freeBytes >= LARGE_FREE_BYTES && freeBytes >= bytes / 2)
    issues.push(
      warn({
        class: 'stale',
        cause: `Most of the ${label} is empty: ${formatBytes(freeBytes)} of ${formatBytes(bytes)}`,
        measured: formatBytes(freeBytes),
        expected: `less than ${formatBytes(LARGE_FREE_BYTES)} of empty pages`,
        remedy: `End every running ${agent}, copy ${path} aside, and run VACUUM on it with the sqlite3 program.`,
        fields: [`${label} free bytes`],
      }),
    );
  if (isAffected && processes > 1)
    issues.push(
      warn({
        class: 'stale',
        cause: `${processes} processes share the ${label}, last written by SQLite ${writerVersion}, which can damage it when two write at once`,
        measured: `SQLite ${writerVersion}, ${processes} processes`,
        expected: 'SQLite 3.51.3 or newer, 3.50.7 or 3.44.6',
        remedy: `Update every ${agent} and every other program that opens ${path}; until then run only one at a time.`,
        fields: [`${label} SQLite`],
      }),
    );
  return issues;
}

/** A rollback journal, which the agent chooses on a network disk itself, is slow there and safe. */
function sharedDiskIssue({
  databases,
  fileSystem,
  sqliteHome,
  agent,
  command,
  sqliteVariable,
}: GrowthSeen): VerdictIssue[] {
  const logged = databases.filter(({ isWriteAhead }) => isWriteAhead);
  if (!fileSystem?.shared || logged.length === 0) return [];
  return [
    warn({
      class: 'mismatch',
      cause: `${sqliteHome} is on ${fileSystem.type}, where databases with a write-ahead log get damaged once two machines use them`,
      measured: `${logged.map(({ label }) => label).join(', ')} with a write-ahead log on ${fileSystem.type} (${fileSystem.mountPoint})`,
      expected: 'a local disk, or databases with a rollback journal',
      remedy: `Keep the databases on a local disk (sqlite_home in config.toml, or ${sqliteVariable}), or end every running ${agent} and run ${command} migrate-nfs-db.`,
      fields: ['sqlite home file system'],
    }),
  ];
}

function folderIssues({
  agent,
  logFolder,
  logs,
  home,
  historyBytes = 0,
  scratch,
}: GrowthSeen): VerdictIssue[] {
  return [
    ...oversize(logFolder, {
      bytes: logs.bytes,
      limit: LARGE_TEXT_BYTES,
      field: 'log folder bytes',
      remedy: `End every running ${agent} and delete or compress the old log files in ${logFolder}.`,
    }),
    ...oversize(`${home}/history.jsonl`, {
      bytes: historyBytes,
      limit: LARGE_TEXT_BYTES,
      field: 'history bytes',
      remedy: 'Set history.max_bytes in config.toml: the oldest prompts are dropped at the next one.',
    }),
    ...scratch.flatMap(({ name, bytes }) =>
      oversize(`${home}/${name}`, {
        bytes,
        limit: LARGE_SCRATCH_BYTES,
        field: `${name} bytes`,
        remedy: `End every running ${agent} and empty the folder; it holds only leftovers of earlier runs.`,
      }),
    ),
  ];
}

interface Limit {
  readonly bytes: number;
  readonly limit: number;
  readonly field: string;
  readonly remedy: string;
}

function oversize(path: string, { bytes, limit, field, remedy }: Limit): VerdictIssue[] {
  if (bytes < limit) return [];
  return [
    warn({
      class: 'stale',
      cause: `${path} has grown to ${formatBytes(bytes)}`,
      measured: formatBytes(bytes),
      expected: `less than ${formatBytes(limit)}`,
      remedy,
      fields: [field],
    }),
  ];
}
