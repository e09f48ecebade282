import {
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { errorCode, files } from '../../../host/files.ts';
import type { BytesRead, Files } from '../../../host/files.ts';
import { canonicalEntry, canonicalPath } from '../../policy/writable.ts';
import { NOT_UTF8, TOO_LARGE } from './plan.ts';
import type { FileOperation, FileState, PatchFiles } from './plan.ts';

/** Nobody edits a larger text by patches; its lines are held several times while they are compared. */
const MAX_FILE_BYTES = 16 * 1024 * 1024;

const TYPES = { directory: 'a directory', fifo: 'a pipe', socket: 'a socket', device: 'a device' } as const;

/** The files of this machine. */
export function patchFiles(from: Pick<Files, 'readBytes'> = files): PatchFiles {
  return {
    target: canonicalPath,
    entry: canonicalEntry,
    read: (target) => stateOf(from.readBytes(target, { maxBytes: MAX_FILE_BYTES })),
  };
}

function stateOf(read: BytesRead): FileState {
  switch (read.kind) {
    case 'read': {
      if (read.truncated) return { kind: 'unusable', why: TOO_LARGE };
      const text = textOf(read.bytes);
      return text === undefined
        ? { kind: 'unusable', why: NOT_UTF8 }
        : { kind: 'text', text, mode: read.facts.mode };
    }
    case 'wrong_type':
      return { kind: 'unusable', why: read.type === 'file' ? 'is no plain file' : `is ${TYPES[read.type]}` };
    case 'missing':
    case 'dangling':
      return { kind: 'missing' };
    case 'loop':
      return { kind: 'unusable', why: 'is a link that leads back to itself' };
    case 'denied':
    case 'failed':
      return { kind: 'unusable', why: `cannot be read (${read.code})` };
  }
}

function textOf(bytes: Buffer): string | undefined {
  try {
    // The mark at the beginning is part of the file, and stays there.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/**
 * Does one thing. A file that exists is written in place, so that it keeps its permissions and its other names.
 * @throws Error of the system
 */
export function perform(operation: FileOperation): void {
  const { target } = operation;
  inFolder(dirname(target), (folder) => {
    const path = join(folder, basename(target));
    if (operation.kind === 'remove') unlinkSync(path);
    else writeText(path, operation);
  });
}

function writeText(path: string, { text, mode }: FileOperation & { readonly kind: 'write' }): void {
  const { O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_WRONLY } = constants;
  // The plan followed all links: one that stands there now was put there since. A pipe must not keep us waiting.
  const descriptor = openSync(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK);
  try {
    if (!fstatSync(descriptor).isFile()) throw new Error('it is no plain file any more');
    ftruncateSync(descriptor);
    writeFileSync(descriptor, text);
    if (mode !== undefined) fchmodSync(descriptor, mode);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Does `work` in a folder, which is made where it is missing. A command in the background can rename folders and put links in
 * their place, so on Linux, which has sandboxes to break out of, the folder is opened, looked at and reached by its descriptor.
 * @param folder absolute and canonical
 * @throws Error of the system, and when the path leads elsewhere by now
 */
function inFolder(folder: string, work: (folder: string) => void): void {
  if (!existsSync(folder)) makeFolder(folder);
  if (process.platform !== 'linux') {
    work(folder);
    return;
  }
  const descriptor = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  const held = `/proc/self/fd/${descriptor}`;
  try {
    if (readlinkSync(held) !== folder) throw new Error('its folder leads elsewhere by now');
    work(held);
  } finally {
    closeSync(descriptor);
  }
}

/** One by one from above: Node's own recursion never comes to an end where a file system makes no folders, as in `/proc`. */
function makeFolder(folder: string): void {
  inFolder(dirname(folder), (parent) => {
    try {
      mkdirSync(join(parent, basename(folder)));
    } catch (error) {
      // Somebody else may have made it just now.
      if (errorCode(error) !== 'EEXIST') throw error;
    }
  });
}

/** The system's word for a failure, without the paths that it repeats. */
export function reasonOf(error: unknown): string {
  const code = errorCode(error);
  if (code !== 'UNKNOWN') return code;
  return error instanceof Error ? error.message : code;
}
