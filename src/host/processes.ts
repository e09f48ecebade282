import { readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { errorCode, files } from './files.ts';

/** What the operating system says of a process; read, never signalled. */
export interface ProcessFacts {
  /** A zombie counts as dead: it runs no more code. */
  readonly state: 'alive' | 'dead';
  /** Clock ticks between boot and start; with the boot's id it names a process for ever, as a pid alone does not. */
  readonly startTicks: number | undefined;
  /** Milliseconds since the epoch. */
  readonly startedAtMs: number | undefined;
  /** File that the process runs, without the mark of a deleted one. */
  readonly executable: string | undefined;
  /** The file was replaced or removed while the process runs. */
  readonly isExecutableGone: boolean;
}

/** Looks at other processes without touching them. Every call returns a value; what a system does not tell is undefined. */
export interface Processes {
  inspect(pid: number): ProcessFacts;
  /** Changes with every start of the machine. */
  bootId(): string | undefined;
  /**
   * Whether some process holds a Unix socket open for connections.
   * @param path canonical path of the socket
   */
  socketState(path: string): 'listening' | 'silent' | 'unknown';
}

const MAX_PID = 2 ** 31 - 1;
/** Linux shows times to user space in hundredths of a second on every architecture. */
const TICK_MS = 10;
/** Set in the flags of a socket that accepts connections. */
const ACCEPTS_CONNECTIONS = 0x10000;

export const processes: Processes = {
  inspect: (pid) => (isPid(pid) ? (process.platform === 'linux' && fromProc(pid)) || fromSignal(pid) : DEAD),
  bootId: () => textOf('/proc/sys/kernel/random/boot_id')?.trim(),
  socketState,
};

export const isPid = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= MAX_PID;

const DEAD: ProcessFacts = {
  state: 'dead',
  startTicks: undefined,
  startedAtMs: undefined,
  executable: undefined,
  isExecutableGone: false,
};

function fromProc(pid: number): ProcessFacts | undefined {
  const stat = textOf(`/proc/${pid}/stat`);
  // The second field is the program's name in parentheses and may hold anything, parentheses too.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  const state = fields?.[0];
  if (!fields || state === undefined) return undefined;
  if (state === 'Z' || state === 'X') return DEAD;
  const startTicks = Number(fields[19]);
  const bootSeconds = Number(/^btime (\d+)$/mu.exec(textOf('/proc/stat') ?? '')?.[1]);
  const link = linkOf(`/proc/${pid}/exe`);
  const isExecutableGone = link?.endsWith(DELETED) ?? false;
  return {
    state: 'alive',
    startTicks: Number.isSafeInteger(startTicks) ? startTicks : undefined,
    startedAtMs: Number.isFinite(bootSeconds + startTicks)
      ? bootSeconds * 1_000 + startTicks * TICK_MS
      : undefined,
    executable: isExecutableGone ? link?.slice(0, -DELETED.length) : link,
    isExecutableGone,
  };
}

/** What the kernel appends to the name of a program whose file is no longer there. */
const DELETED = ' (deleted)';

/** Signal 0 is not delivered; sending it only asks whether it could be. */
function fromSignal(pid: number): ProcessFacts {
  try {
    process.kill(pid, 0);
    return { ...DEAD, state: 'alive' };
  } catch (error) {
    return { ...DEAD, state: errorCode(error) === 'EPERM' ? 'alive' : 'dead' };
  }
}

function socketState(path: string): 'listening' | 'silent' | 'unknown' {
  const table = textOf('/proc/net/unix');
  if (table === undefined) return 'unknown';
  const name = basename(path);
  const holds = (line: string): boolean => {
    // Address, references, protocol, flags, type, state, inode; the rest of the line is the path, spaces and all.
    const match = /^\S+ \S+ \S+ ([0-9A-Fa-f]+) \S+ \S+ +\d+ (.+)$/u.exec(line);
    if (!match?.[1] || !match[2] || basename(match[2]) !== name) return false;
    if ((Number.parseInt(match[1], 16) & ACCEPTS_CONNECTIONS) === 0) return false;
    // A path bound relative to a folder that we do not know may be this one.
    return !match[2].startsWith('/') || match[2] === path || files.realpath(match[2]) === path;
  };
  return table.split('\n').some(holds) ? 'listening' : 'silent';
}

/** Files under /proc have no size and never block, so they are read whole. */
function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
