import type { BytesRead, Files, PathFacts, PathLook } from '../../host/files.ts';
import type { Access } from './database.ts';
import { parseHeader } from './header.ts';
import type { DatabaseHeader } from './header.ts';
import type { DatabaseFailure, DatabaseRead } from './outcome.ts';
import { isLogHeader, LOG_HEADER_BYTES } from './write-ahead-log.ts';

/** The files that make up one database, as they stand at one moment. */
export interface Layout {
  readonly kind: 'standing';
  /** Canonical: SQLite keeps the other files beside the target of a link, not beside the link. */
  readonly path: string;
  readonly main: PathFacts;
  readonly wal: PathFacts | undefined;
  /** The log is longer than a header and does not begin with one. */
  readonly isWalForeign: boolean;
  readonly sharedMemory: PathFacts | undefined;
  readonly journal: PathFacts | undefined;
  readonly header: DatabaseHeader;
  /** Main file and write-ahead log together. */
  readonly bytes: number;
}

export const walOf = (path: string): string => `${path}-wal`;
export const sharedMemoryOf = (path: string): string => `${path}-shm`;
export const journalOf = (path: string): string => `${path}-journal`;

type NotStanding = Exclude<DatabaseRead<never>, { kind: 'read' | 'timeout' }>;

/**
 * Looks at a database without SQLite. Whatever SQLite must not meet is answered here: it would wait for ever on a FIFO
 * in place of the log, and it deletes the log of an empty main file.
 */
export function lookAtDatabase(path: string, files: Files): Layout | NotStanding {
  const main = files.look(path);
  if (main.kind === 'missing') return { kind: 'missing' };
  if (main.kind !== 'found' || main.type !== 'file') return inTheWay(path, main);
  const canonical = files.realpath(path) ?? path;
  const beside: (PathFacts | undefined)[] = [];
  for (const file of [walOf(canonical), sharedMemoryOf(canonical), journalOf(canonical)]) {
    const seen = files.look(file);
    if (seen.kind !== 'missing' && (seen.kind !== 'found' || seen.type !== 'file'))
      return inTheWay(file, seen);
    beside.push(seen.kind === 'found' ? seen : undefined);
  }
  const [wal, sharedMemory, journal] = beside;
  if (main.size === 0) return { kind: 'empty', walBytes: wal?.size ?? 0 };
  // Both are read here although only the first bytes matter: SQLite reports a denied file as "unable to open".
  const read = files.readBytes(canonical, { maxBytes: HEADER_BYTES });
  if (read.kind !== 'read') return unreadable(canonical, read);
  let isWalForeign = false;
  if (wal) {
    const start = files.readBytes(walOf(canonical), { maxBytes: LOG_HEADER_BYTES });
    if (start.kind !== 'read' && start.kind !== 'missing') return unreadable(walOf(canonical), start);
    isWalForeign =
      start.kind === 'read' && start.bytes.length === LOG_HEADER_BYTES && !isLogHeader(start.bytes);
  }
  return {
    kind: 'standing',
    path: canonical,
    main,
    wal,
    isWalForeign,
    sharedMemory,
    journal,
    header: parseHeader(read.bytes),
    bytes: main.size + (wal?.size ?? 0),
  };
}

const HEADER_BYTES = 100;

/** How this layout can be read where it stands, or undefined when only a copy will do. */
export function accessInPlace({
  wal,
  isWalForeign,
  sharedMemory,
  header,
}: Layout): Exclude<Access, 'private'> | undefined {
  // A reader that may not write the index compares it with such a log for ten seconds before it gives up.
  if (isWalForeign) return undefined;
  if (wal && sharedMemory) return 'shared_memory';
  if (wal && wal.size > 0) return undefined;
  // A WAL database without a log: SQLite would create the log even for a read-only connection.
  return header.kind === 'header' && header.isWriteAhead ? 'immutable' : 'locking';
}

/** Equal fingerprints: nobody wrote in between. */
export function fingerprintOf({ main, wal, journal }: Layout): string {
  return [main, wal, journal]
    .map((facts) => (facts ? `${facts.device}:${facts.inode}:${facts.size}:${facts.modifiedAtMs}` : 'none'))
    .join(' ');
}

/** Wall time of the last write to any of the files, milliseconds. */
export function lastWriteAtMs({ main, wal, journal }: Layout): number {
  return Math.max(...[main, wal, journal].map((facts) => facts?.modifiedAtMs ?? 0));
}

function inTheWay(file: string, seen: PathLook): DatabaseFailure {
  if (seen.kind === 'found') return wrongType(file, seen.type);
  if (seen.kind === 'dangling') return wrongType(file, 'dangling link');
  if (seen.kind === 'loop') return wrongType(file, 'looping link');
  if (seen.kind === 'denied') return failed(file, 'permissions', seen.code);
  return failed(file, 'unreadable', seen.kind === 'missing' ? 'ENOENT' : seen.code);
}

function unreadable(file: string, read: Exclude<BytesRead, { kind: 'read' }>): DatabaseFailure {
  return read.kind === 'wrong_type' ? wrongType(file, read.type) : inTheWay(file, read);
}

function wrongType(file: string, found: NonNullable<DatabaseFailure['found']>): DatabaseFailure {
  return {
    kind: 'failed',
    class: 'wrong_type',
    code: 'WRONG_TYPE',
    message: `a ${found} stands in place of the file`,
    file,
    found,
  };
}

function failed(file: string, failureClass: 'permissions' | 'unreadable', code: string): DatabaseFailure {
  return { kind: 'failed', class: failureClass, code, message: `${code} when reading ${file}`, file };
}
