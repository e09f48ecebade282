import { basename, join } from 'node:path';
import type { Files, FileType } from '../../host/files.ts';
import { thisMachine } from '../../host/machine.ts';
import { isPid } from '../../host/processes.ts';
import type { ProcessFacts, Processes } from '../../host/processes.ts';
import type { Home } from '../home.ts';
import { installationOf } from './identify.ts';
import { readManifest } from './manifest.ts';

/** The agent's background server, as its files and the operating system show it; nothing connects to it. */
export interface DaemonFacts {
  readonly folder: string;
  readonly settings: SettingsFile;
  readonly pidFiles: readonly PidFile[];
  readonly socket: ControlSocket;
  /** Version of the package that the next start would run. */
  readonly selectedVersion: string | undefined;
}

export type FileFault = {
  readonly kind: 'fault';
  readonly class: 'wrong_type' | 'stale' | 'permissions' | 'unreadable' | 'malformed';
  /** Continues a sentence that begins with the file. */
  readonly reason: string;
};

export type SettingsFile = { readonly path: string } & ({ readonly kind: 'missing' | 'read' } | FileFault);

export interface PidFile {
  readonly label: string;
  readonly path: string;
  readonly role: 'server' | 'updater';
  readonly content: { readonly kind: 'missing' } | FileFault | NamedProcess;
}

export interface NamedProcess {
  readonly kind: 'process';
  readonly pid: number;
  /** `reused`: another process has the number now. `restarted`: the machine was started since. */
  readonly state: 'running' | 'ended' | 'reused' | 'restarted';
  readonly startedAtMs: number | undefined;
  readonly executable: string | undefined;
  readonly isExecutableGone: boolean;
  readonly version: string | undefined;
}

export interface ControlSocket {
  readonly path: string;
  /** Where the link leads. */
  readonly realPath: string | undefined;
  readonly state: 'missing' | 'dangling' | 'listening' | 'silent' | 'unknown' | 'wrong_type' | 'unreadable';
  readonly type: FileType | undefined;
}

export interface DaemonSearch {
  readonly home: Home;
  readonly files: Files;
  readonly processes: Processes;
}

const PID_FILES = [
  { label: 'pid file', file: 'app-server.pid', role: 'server' },
  { label: 'update-loop pid file', file: 'app-server-updater.pid', role: 'updater' },
  { label: 'dedicated pid file', file: 'daemon.pid', role: 'server' },
  { label: 'dedicated update-loop pid file', file: 'daemon-updater.pid', role: 'updater' },
] as const;

/** These files hold one small record. */
const MAX_RECORD_BYTES = 64 * 1024;
/** A process is older than the file that names it, but for the resolution of the clocks involved. */
const CLOCK_SLACK_MS = 2_000;

export function findDaemon(search: DaemonSearch): DaemonFacts {
  const { home, files } = search;
  const folder = join(home.path, 'app-server-daemon');
  return {
    folder,
    settings: readSettings(join(folder, 'settings.json'), files),
    pidFiles: PID_FILES.map(({ label, file, role }) => {
      const path = join(folder, file);
      return { label, path, role, content: readPidFile(path, search) };
    }),
    socket: lookAtSocket(join(home.path, 'app-server-control', 'app-server-control.sock'), search),
    selectedVersion: readManifest(
      join(home.path, 'packages', 'app-server-daemon', 'current'),
      'codex-package.json',
      files,
    )?.version,
  };
}

/** The process of the server, when one runs that its files know of. */
export function runningServer({ pidFiles }: DaemonFacts): NamedProcess | undefined {
  for (const { role, content } of pidFiles)
    if (role === 'server' && content.kind === 'process' && content.state === 'running') return content;
  return undefined;
}

type RecordRead =
  | { readonly kind: 'missing' }
  | FileFault
  | { readonly kind: 'text'; readonly text: string; readonly modifiedAtMs: number };

function readRecord(path: string, files: Files): RecordRead {
  const read = files.readText(path, { maxBytes: MAX_RECORD_BYTES });
  switch (read.kind) {
    case 'missing':
      return { kind: 'missing' };
    case 'wrong_type':
      return fault('wrong_type', `is a ${read.type}, not a file`);
    case 'dangling':
      return fault('stale', 'is a link to a file that does not exist');
    case 'loop':
      return fault('stale', 'is a link that leads back to itself');
    case 'denied':
      return fault('permissions', `may not be read by this user (${read.code})`);
    case 'failed':
      return fault('unreadable', `cannot be read (${read.code})`);
    case 'read':
      if (read.truncated) return fault('malformed', `is larger than ${MAX_RECORD_BYTES} bytes`);
      if (!read.validUtf8) return fault('malformed', 'is not UTF-8 text');
      if (read.text.trim() === '') return fault('malformed', 'is empty');
      return { kind: 'text', text: read.text, modifiedAtMs: read.facts.modifiedAtMs };
  }
}

function readSettings(path: string, files: Files): SettingsFile {
  const read = readRecord(path, files);
  if (read.kind !== 'text') return { path, ...read };
  const values = parseJson(read.text);
  if (!isRecord(values)) return { path, ...fault('malformed', 'holds no JSON object') };
  const remote = values['remoteControlEnabled'];
  if (remote !== undefined && typeof remote !== 'boolean')
    return { path, ...fault('malformed', 'has a remoteControlEnabled that is neither true nor false') };
  return { path, kind: 'read' };
}

function readPidFile(path: string, search: DaemonSearch): PidFile['content'] {
  const read = readRecord(path, search.files);
  if (read.kind !== 'text') return read;
  const value = parseJson(read.text);
  const pid = isRecord(value) ? value['pid'] : value;
  if (!isPid(pid)) return fault('malformed', 'names no process id');
  const identity = isRecord(value) && isRecord(value['processIdentity']) ? value['processIdentity'] : {};
  const seen = search.processes.inspect(pid);
  const state = stateOf(seen, {
    bootId: identity['bootId'],
    startTicks: identity['startTicks'],
    thisBootId: search.processes.bootId(),
    modifiedAtMs: read.modifiedAtMs,
    command: search.home.profile.command,
  });
  const isOurs = state === 'running';
  return {
    kind: 'process',
    pid,
    state,
    startedAtMs: isOurs ? seen.startedAtMs : undefined,
    executable: isOurs ? seen.executable : undefined,
    isExecutableGone: isOurs && seen.isExecutableGone,
    version: isOurs && seen.executable !== undefined ? versionOf(seen.executable, search) : undefined,
  };
}

function stateOf(
  seen: ProcessFacts,
  record: {
    bootId: unknown;
    startTicks: unknown;
    thisBootId: string | undefined;
    modifiedAtMs: number;
    command: string;
  },
): NamedProcess['state'] {
  const { bootId, startTicks, thisBootId, modifiedAtMs, command } = record;
  if (typeof bootId === 'string' && thisBootId !== undefined && bootId !== thisBootId) return 'restarted';
  if (seen.state === 'dead') return 'ended';
  if (typeof startTicks === 'number' && seen.startTicks !== undefined)
    return startTicks === seen.startTicks ? 'running' : 'reused';
  const isYounger = (seen.startedAtMs ?? 0) > modifiedAtMs + CLOCK_SLACK_MS;
  return isYounger || !couldBeServer(seen.executable, command) ? 'reused' : 'running';
}

/** A record without an identity names any program that has the number; the server is the agent's, or Node.js running it. */
const couldBeServer = (executable: string | undefined, command: string): boolean =>
  executable === undefined || [command, 'node'].some((name) => basename(executable).startsWith(name));

/** From the program's own metadata, or from the name of its release folder when that was removed under it. */
function versionOf(executable: string, { home, files }: DaemonSearch): string | undefined {
  const file = files.realpath(executable);
  const found =
    file &&
    installationOf(file, { profile: home.profile, home: home.path, machine: thisMachine, files })?.version;
  return found || /\/releases\/(\d+\.\d+\.\d+(?:-(?:alpha|beta|rc)[0-9.]*)?)-/u.exec(executable)?.[1];
}

function lookAtSocket(path: string, { files, processes }: DaemonSearch): ControlSocket {
  const seen = files.look(path);
  const realPath = files.realpath(path);
  if (seen.kind === 'found') {
    const state =
      seen.type !== 'socket'
        ? 'wrong_type'
        : realPath === undefined
          ? 'unknown'
          : processes.socketState(realPath);
    return { path, realPath, state, type: seen.type };
  }
  const isBroken = seen.kind === 'dangling' || seen.kind === 'loop';
  const state = isBroken ? 'dangling' : seen.kind === 'missing' ? 'missing' : 'unreadable';
  return { path, realPath, state, type: undefined };
}

const fault = (failureClass: FileFault['class'], reason: string): FileFault => ({
  kind: 'fault',
  class: failureClass,
  reason,
});

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
