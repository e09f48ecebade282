import { dirname } from 'node:path';
import type { Files } from './files.ts';

/** Where a path lives. */
export interface FileSystem {
  /** As the system names it, such as `ext4`, `nfs4` or `fuse.sshfs`. */
  readonly type: string;
  readonly mountPoint: string;
  readonly readOnly: boolean;
  /** Other machines can reach the same files, or locks and shared memory do not work as on a local disk. */
  readonly shared: boolean;
}

/**
 * Types on which SQLite's write-ahead log is unsafe: it needs shared memory and POSIX locks between all its users. Plain
 * names; a `fuse.` prefix is looked at separately.
 */
const SHARED_TYPES: ReadonlySet<string> = new Set([
  'nfs',
  'nfs4',
  'cifs',
  'smb3',
  'smbfs',
  'smb2',
  'afs',
  'ncpfs',
  'ceph',
  'glusterfs',
  'lustre',
  'gpfs',
  'beegfs',
  'ocfs2',
  'gfs2',
  'coda',
  'davfs',
  // Windows drives and host folders inside WSL and virtual machines.
  '9p',
  'v9fs',
  'drvfs',
  'vboxsf',
  'prl_fs',
  'vmhgfs',
]);
/** User-space file systems that are a network behind a mount. Others, such as an overlay of a local disk, are local. */
const SHARED_FUSE =
  /^fuse(?:blk)?\.(?:sshfs|rclone|s3fs|gcsfuse|goofys|davfs2?|glusterfs|ceph|curlftpfs|smbnetfs|vmhgfs|onedriver|google-drive)/;

const MOUNTS = '/proc/self/mountinfo';
/** Hosts with thousands of containers list as many mounts. */
const MAX_MOUNTS_BYTES = 4 * 1024 * 1024;

/**
 * The file system that holds a path, or its nearest existing parent. Undefined where the system has no list of mounts
 * that can be read as a file.
 */
export function fileSystemOf(files: Files, path: string): FileSystem | undefined {
  const real = nearestExisting(files, path);
  // A network path of Windows says so itself.
  if (/^[\\/]{2}[^\\/?.]/.test(path)) return { type: 'unc', mountPoint: path, readOnly: false, shared: true };
  const mounts = files.readText(MOUNTS, { maxBytes: MAX_MOUNTS_BYTES });
  if (mounts.kind !== 'read' || mounts.truncated || real === undefined) return undefined;
  return findMount(mounts.text, real);
}

/**
 * Picks the mount that holds a canonical path out of the text of `/proc/self/mountinfo`. Of several mounts at one place
 * the last hides the others.
 */
export function findMount(mountInfo: string, path: string): FileSystem | undefined {
  let best: FileSystem | undefined;
  for (const line of mountInfo.split('\n')) {
    const [before = '', after = ''] = line.split(' - ');
    const [, , , , mountPoint, options = ''] = before.split(' ');
    const [type, , superOptions = ''] = after.split(' ');
    if (mountPoint === undefined || !type) continue;
    const place = unescapePath(mountPoint);
    if (!holds(place, path) || (best && place.length < best.mountPoint.length)) continue;
    best = {
      type,
      mountPoint: place,
      readOnly: [...options.split(','), ...superOptions.split(',')].includes('ro'),
      // A sandbox such as gVisor serves its own root over 9p; nobody else is in there.
      shared: (SHARED_TYPES.has(type) && !(type === '9p' && place === '/')) || SHARED_FUSE.test(type),
    };
  }
  return best;
}

const holds = (mountPoint: string, path: string): boolean =>
  mountPoint === '/' || path === mountPoint || path.startsWith(`${mountPoint}/`);

/** The kernel writes blanks and backslashes in paths as three octal digits. */
const unescapePath = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));

function nearestExisting(files: Files, path: string): string | undefined {
  for (let at = path; ; at = dirname(at)) {
    const real = files.realpath(at);
    if (real !== undefined) return real;
    if (dirname(at) === at) return undefined;
  }
}
