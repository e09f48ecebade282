import { lstatSync, readFileSync, readlinkSync } from 'node:fs';
import { dirname, join, parse, sep, win32 } from 'node:path';

/** Whoever may change a file or folder without becoming root or the user. */
export interface Ownership {
  readonly type: 'directory' | 'link' | 'other';
  /** Full mode bits, permissions and sticky bit included. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Only for a link: where it points, as written. */
  readonly linkTarget?: string;
}

/** What the trust rule needs to know about this machine; replaced by plain data in tests. */
export interface TrustSource {
  readonly platform: NodeJS.Platform;
  /** Effective user, undefined on Windows. */
  readonly uid: number | undefined;
  /** What stands at a path, the last link not followed; undefined when it cannot be looked at. */
  ownership(path: string): Ownership | undefined;
  /** False when the group certainly has no member besides root and the user. */
  groupHasOthers(gid: number): boolean;
}

/** On macOS every member of `admin` may become root, and Homebrew's folders are writable by that group. */
const MACOS_ADMIN_GROUP = 80;
const ROOT = 0;
const GROUP_WRITE = 0o020;
const OTHERS_WRITE = 0o002;
const STICKY = 0o1000;
/** As many links as Linux follows before it gives up. */
const MAX_LINKS = 40;

/**
 * Why a file must not be executed, or undefined when only root and the user could have put it there. Judged are the
 * file, every folder up to the root, and the same for the target of every link on the way: whoever can write to one of
 * them decides what runs.
 *
 * A sticky folder (`/tmp`, `/nix/store`) may be writable by others, since what stands in it belongs to its owner alone
 * and that owner is judged as well.
 * @param path absolute and normalised
 */
export function distrustOf(path: string, source: TrustSource): string | undefined {
  if (source.platform === 'win32') return undefined;
  let links = 0;
  let pending = parts(path);
  let current = parse(path).root;
  const rootReason = distrustOfOne(current, source);
  if (rootReason) return rootReason;
  while (pending.length > 0) {
    const [name = '', ...rest] = pending;
    const next = name === '..' ? dirname(current) : join(current, name);
    const seen = source.ownership(next);
    const reason = distrustOfOne(next, source, seen);
    if (reason) return reason;
    if (seen?.type === 'link') {
      links += 1;
      if (links > MAX_LINKS) return `${path} leads through too many links`;
      const target = seen.linkTarget ?? '';
      pending = [...parts(target), ...rest];
      if (target.startsWith(sep)) current = parse(path).root;
    } else {
      pending = rest;
      current = next;
    }
  }
  return undefined;
}

function distrustOfOne(path: string, source: TrustSource, seen = source.ownership(path)): string | undefined {
  if (!seen) return `${path} cannot be looked at`;
  if (seen.uid !== ROOT && seen.uid !== source.uid)
    return `${path} belongs to user ${seen.uid}, who is neither root nor the current user`;
  // The mode of a link means nothing: only its owner and its folder decide where it points.
  if (seen.type === 'link') return undefined;
  const protectedBySticky = seen.type === 'directory' && (seen.mode & STICKY) !== 0;
  if (protectedBySticky) return undefined;
  if (seen.mode & OTHERS_WRITE) return `${path} can be written by every user`;
  if (seen.mode & GROUP_WRITE && isForeignGroup(seen.gid, source))
    return `${path} can be written by group ${seen.gid}`;
  return undefined;
}

function isForeignGroup(gid: number, source: TrustSource): boolean {
  if (gid === ROOT) return false;
  if (source.platform === 'darwin' && gid === MACOS_ADMIN_GROUP) return false;
  return source.groupHasOthers(gid);
}

const parts = (path: string): string[] => path.split(sep).filter((part) => part !== '' && part !== '.');

/**
 * The Windows form of the rule: access lists cannot be read without a native module, so a program counts only below the
 * folders that Windows protects by default; a folder such as `C:\tools` is writable by every user.
 */
export function distrustOnWindows(
  path: string,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  if (win32.extname(path).toLowerCase() !== '.exe')
    return `${path} is not an .exe file, and scripts would need a shell`;
  const safe = ['SystemRoot', 'ProgramFiles', 'ProgramFiles(x86)', 'LOCALAPPDATA', 'USERPROFILE'].flatMap(
    (name) => env[name] ?? [],
  );
  const folded = win32.normalize(path).toLowerCase();
  return safe.some((folder) => folded.startsWith(`${win32.normalize(folder).toLowerCase()}\\`))
    ? undefined
    : `${path} lies outside the folders that Windows protects`;
}

/** The real machine. */
export const systemTrust: TrustSource = {
  platform: process.platform,
  uid: process.geteuid?.(),
  ownership: (path) => {
    try {
      const stats = lstatSync(path, { throwIfNoEntry: false });
      if (stats === undefined) return undefined;
      const { mode, uid, gid } = stats;
      if (stats.isSymbolicLink()) return { type: 'link', mode, uid, gid, linkTarget: readlinkSync(path) };
      return { type: stats.isDirectory() ? 'directory' : 'other', mode, uid, gid };
    } catch {
      return undefined;
    }
  },
  groupHasOthers: (gid) => {
    try {
      const [groups, accounts] = ['/etc/group', '/etc/passwd'].map((file) => readFileSync(file, 'utf8'));
      return groupHasOthers({
        gid,
        uid: process.geteuid?.(),
        groups: groups ?? '',
        accounts: accounts ?? '',
      });
    } catch {
      return true;
    }
  },
};

/**
 * Whether a group has members besides root and one user. Most distributions give every user a private group and a umask
 * that lets it write, which is no danger. A group that the local database does not know counts as having others.
 * @param groups content of `/etc/group`
 * @param accounts content of `/etc/passwd`
 */
export function groupHasOthers({
  gid,
  uid,
  groups,
  accounts,
}: {
  readonly gid: number;
  readonly uid: number | undefined;
  readonly groups: string;
  readonly accounts: string;
}): boolean {
  const group = rows(groups).find((row) => row[2] === String(gid));
  if (!group) return true;
  const harmless = (name: string, id: string | undefined): boolean =>
    name === 'root' || (id !== undefined && Number(id) === uid);
  const known = rows(accounts);
  const idOf = (name: string): string | undefined => known.find((row) => row[0] === name)?.[2];
  const listed = (group[3] ?? '').split(',').filter((name) => name !== '');
  return (
    listed.some((name) => !harmless(name, idOf(name))) ||
    known.some((row) => row[3] === String(gid) && !harmless(row[0] ?? '', row[2]))
  );
}

const rows = (text: string): string[][] => text.split('\n').map((line) => line.split(':'));
