import { readFile } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Files, PathFacts } from '../../host/files.ts';
import { sharedMemoryOf } from './layout.ts';

export interface LockHolder {
  readonly pid: number;
  /** Short name of the program as the kernel keeps it, or undefined when it may not be looked at. */
  readonly command: string | undefined;
}

/** One line of `/proc/locks` that concerns a region of a file. */
export interface LockLine {
  readonly pid: number;
  readonly access: 'READ' | 'WRITE';
  /** As the kernel numbers it, `major * 2^20 + minor`. */
  readonly device: number;
  readonly inode: number;
  readonly start: number;
  readonly end: number;
}

const LOCK_LINE =
  /^\d+: (?:POSIX|OFDLCK) +\S+ +(READ|WRITE) +(-?\d+) ([\da-f]+):([\da-f]+):(\d+) (\d+) (\d+|EOF)$/;

/** Granted byte-range locks of Linux's `/proc/locks`; waiting ones and other kinds are left out. */
export function parseLocks(text: string): LockLine[] {
  return text.split('\n').flatMap((line): LockLine[] => {
    const [, access, pid, major, minor, inode, start, end] = LOCK_LINE.exec(line) ?? [];
    if (access !== 'READ' && access !== 'WRITE') return [];
    return [
      {
        access,
        pid: Number(pid),
        device: Number.parseInt(major ?? '', 16) * DEVICE_MINORS + Number.parseInt(minor ?? '', 16),
        inode: Number(inode),
        start: Number(start),
        end: end === 'EOF' ? Number.MAX_SAFE_INTEGER : Number(end),
      },
    ];
  });
}

const DEVICE_MINORS = 2 ** 20;

/** SQLite locks bytes from here on in the main file: pending, reserved, then the shared range. */
const MAIN_LOCK_BYTE = 0x4000_0000;
/** Of the index file (`-shm`): whoever holds it is the one writer of a WAL database. */
const WAL_WRITE_LOCK_BYTE = 120;

/**
 * All locks that the kernel knows; none where it does not tell. In the background, because the kernel stops all locking
 * for some milliseconds to answer.
 */
export async function readLocks(): Promise<readonly LockLine[]> {
  try {
    const text = await new Promise<string>((resolve, reject) => {
      readFile('/proc/locks', 'utf8', (error, content) => (error ? reject(error) : resolve(content)));
    });
    return parseLocks(text);
  } catch {
    return [];
  }
}

/** Holds the main file exclusively: nobody else can even read. */
const keepsFromReading = ({ access, end }: LockLine): boolean => access === 'WRITE' && end >= MAIN_LOCK_BYTE;

/** Is the one writer of a WAL database, by a lock on its index. */
const keepsFromWriting = ({ access, start, end }: LockLine): boolean =>
  access === 'WRITE' && start <= WAL_WRITE_LOCK_BYTE && end >= WAL_WRITE_LOCK_BYTE;

/** Who keeps others from reading the database now; undefined where the system does not tell, or when it is over. */
export async function findExclusiveHolder(path: string, files: Files): Promise<LockHolder | undefined> {
  return holderOf(path, { files, locks: await readLocks(), concerns: keepsFromReading });
}

const LOOKS = 5;
const LOOK_PAUSE_MS = 150;
/** How long a holder was seen to hold on, at least. */
export const SUSTAINED_MS = (LOOKS - 1) * LOOK_PAUSE_MS;

interface Watch {
  readonly files: Files;
  /** A first look, which can serve many databases. */
  readonly locks: readonly LockLine[];
  readonly signal: AbortSignal;
}

/**
 * A process that keeps the exclusive lock of the main file, or the write lock of a log. Healthy ones let go within
 * milliseconds, so nothing is waited for unless somebody is seen holding it.
 */
export async function findSustainedHolder(
  from: 'reading' | 'writing',
  path: string,
  { files, locks, signal }: Watch,
): Promise<LockHolder | undefined> {
  const [file, concerns] =
    from === 'reading' ? [path, keepsFromReading] : [sharedMemoryOf(path), keepsFromWriting];
  const first = holderOf(file, { files, locks, concerns });
  if (!first) return undefined;
  for (let looks = 1; looks < LOOKS; looks += 1) {
    await sleep(LOOK_PAUSE_MS, undefined, { signal }).catch(() => undefined);
    const still = holderOf(file, { files, locks: await readLocks(), concerns });
    if (signal.aborted || still?.pid !== first.pid) return undefined;
  }
  return first;
}

interface Search {
  readonly files: Files;
  readonly locks: readonly LockLine[];
  readonly concerns: (lock: LockLine) => boolean;
}

function holderOf(path: string, { files, locks, concerns }: Search): LockHolder | undefined {
  const facts = files.look(path);
  if (facts.kind !== 'found') return undefined;
  const candidates = locks.filter(
    (lock) => lock.inode === facts.inode && lock.pid !== process.pid && concerns(lock),
  );
  // Some file systems give stat(2) another device number than the kernel uses; then the open files must agree.
  const held =
    candidates.find(({ device }) => device === kernelDevice(facts)) ??
    candidates.find(({ pid }) => hasOpen(pid, path, files));
  return held && { pid: held.pid, command: commandOf(held.pid, files) };
}

/** Decodes glibc's `dev_t`. */
function kernelDevice({ device }: PathFacts): number {
  const high = Math.floor(device / 2 ** 32);
  const low = device % 2 ** 32;
  const major = (Math.floor(low / 256) % 4096) + Math.floor(high / 4096) * 4096;
  const minor = (low % 256) + Math.floor(low / 2 ** 20) * 256;
  return major * DEVICE_MINORS + minor;
}

/** A process with more open files than this is not searched to the end. */
const MAX_OPEN_FILES = 4_096;

function hasOpen(pid: number, path: string, files: Files): boolean {
  const folder = `/proc/${pid}/fd`;
  const open = files.list(folder, { maxEntries: MAX_OPEN_FILES });
  return (
    open.kind === 'read' && open.entries.some(({ name }) => files.realpath(`${folder}/${name}`) === path)
  );
}

function commandOf(pid: number, files: Files): string | undefined {
  const read = files.readText(`/proc/${pid}/comm`);
  // A process chooses its own name, control characters included.
  return read.kind === 'read' ? read.text.trim().replaceAll(/\p{Cc}/gu, '?') || undefined : undefined;
}
