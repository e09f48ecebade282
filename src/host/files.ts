import {
  accessSync,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  opendirSync,
  readdirSync,
  realpathSync,
  statSync,
} from 'node:fs';
import type { Dirent, Stats } from 'node:fs';
import { isUtf8Prefix, readWindow } from './read-window.ts';

/** What stands at a path, after links were followed. */
export type FileType = 'file' | 'directory' | 'fifo' | 'socket' | 'device';

/** Why a path could not be looked at. Names the case; what it means is for a judge to say. */
export type PathFault =
  | { readonly kind: 'missing' }
  /** A symbolic link whose target does not exist. */
  | { readonly kind: 'dangling' }
  /** A symbolic link that leads back to itself. */
  | { readonly kind: 'loop' }
  | { readonly kind: 'denied'; readonly code: string }
  | { readonly kind: 'failed'; readonly code: string };

export interface PathFacts {
  readonly kind: 'found';
  readonly type: FileType;
  readonly size: number;
  /** Permission bits only, such as `0o600`. Always `0o666`-like on Windows. */
  readonly mode: number;
  readonly uid: number;
  readonly inode: number;
  readonly device: number;
  /** Milliseconds since the epoch. */
  readonly modifiedAtMs: number;
  /** The path itself is a symbolic link. */
  readonly isLink: boolean;
}

export type PathLook = PathFacts | PathFault;

export type BytesRead =
  | { readonly kind: 'read'; readonly bytes: Buffer; readonly facts: PathFacts; readonly truncated: boolean }
  | { readonly kind: 'wrong_type'; readonly type: FileType }
  | PathFault;

export type TextRead =
  | {
      readonly kind: 'read';
      readonly text: string;
      readonly facts: PathFacts;
      readonly truncated: boolean;
      /** False when the bytes were not UTF-8; `text` then holds replacement characters. */
      readonly validUtf8: boolean;
    }
  | { readonly kind: 'wrong_type'; readonly type: FileType }
  | PathFault;

export interface DirectoryEntry {
  readonly name: string;
  readonly type: FileType | 'link';
}

/** Whether this account could create a file in a folder, or write to a file. */
export type WriteAccess = 'granted' | 'denied' | 'read_only_file_system' | 'unknown';

export type DirectoryRead =
  | { readonly kind: 'read'; readonly entries: readonly DirectoryEntry[]; readonly truncated: boolean }
  | { readonly kind: 'wrong_type'; readonly type: FileType }
  | PathFault;

/** Configuration and credential files are read whole up to this size; nobody writes a larger one by hand. */
export const DEFAULT_MAX_BYTES = 4 * 1024 * 1024;
/** No folder that is listed entry by entry into a report is larger in a healthy home. */
export const DEFAULT_MAX_ENTRIES = 200_000;

/**
 * Bounded, read-only access to files. Every call returns a value for whatever it meets; none throws, none blocks on a
 * FIFO or a device, none changes a byte or an mtime. The calls are synchronous because a doctor makes hundreds of tiny
 * reads and the thread pool would cost more than the reads themselves.
 */
export interface Files {
  /** Looks at what a path leads to, following links. */
  look(path: string): PathLook;
  readBytes(path: string, limits?: { readonly maxBytes?: number; readonly offset?: number }): BytesRead;
  readText(path: string, limits?: { readonly maxBytes?: number }): TextRead;
  list(path: string, limits?: { readonly maxEntries?: number }): DirectoryRead;
  /** Asks the system; nothing is written. An administrator's account is granted everything but a read-only mount. */
  writeAccess(path: string): WriteAccess;
  /** The canonical path, or undefined when any part of it cannot be resolved. */
  realpath(path: string): string | undefined;
}

export const files: Files = {
  look,
  readBytes,
  readText: (path, limits) => {
    const read = readBytes(path, limits);
    if (read.kind !== 'read') return read;
    const text = read.bytes.toString('utf8');
    return {
      kind: 'read',
      text: text.charCodeAt(0) === 0xfeff ? text.slice(1) : text,
      facts: read.facts,
      truncated: read.truncated,
      validUtf8: isUtf8Prefix(read.bytes, read.truncated),
    };
  },
  list,
  writeAccess,
  realpath: (path) => {
    try {
      return realpathSync.native(path);
    } catch {
      return undefined;
    }
  },
};

function look(path: string): PathLook {
  try {
    // Missing is the usual answer, and an exception costs more than the question. Hardly anything is a link, so the link
    // is asked for first, and what it leads to only then.
    const own = lstatSync(path, { throwIfNoEntry: false });
    if (own === undefined) return { kind: 'missing' };
    const isLink = own.isSymbolicLink();
    const stats = isLink ? statSync(path, { throwIfNoEntry: false }) : own;
    return stats === undefined ? { kind: 'dangling' } : factsOf(stats, isLink);
  } catch (error) {
    return pathFault(path, error);
  }
}

function readBytes(path: string, { maxBytes = DEFAULT_MAX_BYTES, offset = 0 } = {}): BytesRead {
  // Opening is not harmless for everything: a watchdog device starts counting, a FIFO's writer is let go into a broken
  // pipe. So what is no file is never opened.
  const before = look(path);
  if (before.kind !== 'found') return before;
  if (before.type !== 'file') return { kind: 'wrong_type', type: before.type };
  let descriptor: number;
  try {
    // O_NONBLOCK: should a FIFO take the file's place just now, opening it returns at once instead of waiting for ever.
    // O_NOCTTY: a terminal device in place of a file never becomes our controlling terminal.
    descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0));
  } catch (error) {
    return pathFault(path, error);
  }
  try {
    const facts = factsOf(fstatSync(descriptor), before.isLink);
    if (facts.type !== 'file') return { kind: 'wrong_type', type: facts.type };
    return { kind: 'read', facts, ...readWindow(descriptor, { offset, maxBytes, size: facts.size }) };
  } catch (error) {
    return pathFault(path, error);
  } finally {
    closeQuietly(descriptor);
  }
}

function closeQuietly(descriptor: number): void {
  try {
    closeSync(descriptor);
  } catch {
    // A network file system reports late write errors here; we wrote nothing.
  }
}

function list(path: string, { maxEntries = DEFAULT_MAX_ENTRIES } = {}): DirectoryRead {
  const before = look(path);
  if (before.kind !== 'found') return before;
  if (before.type !== 'directory') return { kind: 'wrong_type', type: before.type };
  try {
    // Reading a folder whole is four times faster for the usual handful of entries, and without bound for a huge one.
    const entries =
      before.size > LARGE_DIRECTORY_BYTES
        ? readEntries(path, maxEntries + 1)
        : readdirSync(path, { withFileTypes: true }).map(entryOf);
    const truncated = entries.length > maxEntries;
    if (truncated) entries.length = maxEntries;
    entries.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
    return { kind: 'read', entries, truncated };
  } catch (error) {
    return pathFault(path, error);
  }
}

/** A folder that says this about itself holds tens of thousands of names on any file system. */
const LARGE_DIRECTORY_BYTES = 1024 * 1024;

const entryOf = (entry: Dirent): DirectoryEntry => ({
  name: entry.name,
  type: entry.isSymbolicLink() ? 'link' : typeOf(entry),
});

function readEntries(path: string, most: number): DirectoryEntry[] {
  const directory = opendirSync(path, { bufferSize: 1024 });
  try {
    const entries: DirectoryEntry[] = [];
    for (let entry = directory.readSync(); entry && entries.length < most; entry = directory.readSync())
      entries.push(entryOf(entry));
    return entries;
  } finally {
    directory.closeSync();
  }
}

function writeAccess(path: string): WriteAccess {
  try {
    accessSync(path, constants.W_OK);
    return 'granted';
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EROFS') return 'read_only_file_system';
    return code === 'EACCES' || code === 'EPERM' ? 'denied' : 'unknown';
  }
}

function factsOf(stats: Stats, isLink: boolean): PathFacts {
  return {
    kind: 'found',
    type: typeOf(stats),
    size: stats.size,
    mode: stats.mode & 0o7777,
    uid: stats.uid,
    inode: stats.ino,
    device: stats.dev,
    modifiedAtMs: stats.mtimeMs,
    isLink,
  };
}

function typeOf(entry: Pick<Stats, 'isFile' | 'isDirectory' | 'isFIFO' | 'isSocket'>): FileType {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'directory';
  if (entry.isFIFO()) return 'fifo';
  if (entry.isSocket()) return 'socket';
  return 'device';
}

function pathFault(path: string, error: unknown): PathFault {
  const code = errorCode(error);
  switch (code) {
    case 'ENOENT':
      return { kind: isSymbolicLink(path) ? 'dangling' : 'missing' };
    case 'ENOTDIR':
      return { kind: 'missing' };
    case 'ELOOP':
      return { kind: 'loop' };
    case 'EACCES':
    case 'EPERM':
      return { kind: 'denied', code };
    default:
      return { kind: 'failed', code };
  }
}

function isSymbolicLink(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
  } catch {
    return false;
  }
}

/** The errno name of a thrown value, or `UNKNOWN`. */
export function errorCode(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : 'UNKNOWN';
}
