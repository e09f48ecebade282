import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { Files, PathFault, TextRead } from './files.ts';
import { parseGitConfig } from './git-config.ts';
import type { GitConfig } from './git-config.ts';

/** What git would find from a folder upwards, read from files alone. */
export type RepositoryLook =
  | { readonly kind: 'none' }
  /** Git would stop at this `.git` with an error, or pass over it although it was meant to be a repository. */
  | {
      readonly kind: 'broken';
      readonly root: string;
      readonly entry: RepositoryEntry;
      readonly fault: RepositoryFault;
      /** What the fault is about. */
      readonly path: string;
    }
  | Repository;

export interface Repository {
  readonly kind: 'found';
  /** Top folder of the worktree. */
  readonly root: string;
  readonly entry: RepositoryEntry;
  /** Folder with this worktree's `HEAD`. */
  readonly gitDirectory: string;
  /** Folder with the configuration and the objects that all worktrees share. */
  readonly commonDirectory: string;
  readonly head: Head;
  readonly config: GitConfig;
  /** Owners of everything that git wants to belong to the user. */
  readonly owners: readonly RepositoryOwner[];
}

export interface RepositoryOwner {
  readonly path: string;
  readonly uid: number;
}

export type RepositoryEntry = 'directory' | 'file' | 'link to directory' | 'link to file' | 'dangling link';
export type RepositoryFault =
  | 'dangling'
  | 'not a repository'
  | 'malformed pointer'
  | 'pointer to nowhere'
  | 'unreadable';

export type Head =
  | { readonly kind: 'branch'; readonly name: string }
  | { readonly kind: 'detached'; readonly commit: string }
  /** References are kept in a format that is not read here. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'malformed' };

type ReadFiles = Pick<Files, 'look' | 'readText' | 'list'>;

/** These files are a line or a page; more would not be theirs. */
const MAX_BYTES = 256 * 1024;

/**
 * Walks up from a folder as git does. An empty `.git` folder is no repository: sandboxes put one up as a shield.
 * Variables such as `GIT_DIR` are not looked at.
 */
export function findRepository(from: string, files: ReadFiles): RepositoryLook {
  for (let root = from; ; root = dirname(root)) {
    const look = repositoryAt(root, files);
    if (look.kind !== 'none' || dirname(root) === root) return look;
  }
}

function repositoryAt(root: string, files: ReadFiles): RepositoryLook {
  const path = join(root, '.git');
  const seen = files.look(path);
  const broken = (entry: RepositoryEntry, fault: RepositoryFault, about = path): RepositoryLook => ({
    kind: 'broken',
    root,
    entry,
    fault,
    path: about,
  });
  switch (seen.kind) {
    case 'missing':
      return { kind: 'none' };
    case 'dangling':
    case 'loop':
      return broken('dangling link', 'dangling');
    case 'denied':
    case 'failed':
      // The folder itself cannot be looked into; git goes on upwards.
      return { kind: 'none' };
    case 'found':
  }
  const link = seen.isLink ? ('link to ' as const) : '';
  if (seen.type === 'directory') {
    const entry: RepositoryEntry = `${link}directory`;
    const listed = files.list(path);
    if (listed.kind === 'read' && listed.entries.length === 0) return { kind: 'none' };
    if (isUnreachable(listed)) return broken(entry, 'unreadable');
    return opened({ root, entry, gitDirectory: path }, files) ?? broken(entry, 'not a repository');
  }
  // A device or a FIFO of that name means nothing to git.
  if (seen.type !== 'file') return { kind: 'none' };
  const entry: RepositoryEntry = `${link}file`;
  const pointer = files.readText(path, { maxBytes: MAX_BYTES });
  if (pointer.kind !== 'read') return broken(entry, 'unreadable');
  const target = /^gitdir: ([^\0]+?)[\r\n]*$/.exec(pointer.text)?.[1];
  if (target === undefined) return broken(entry, 'malformed pointer');
  const gitDirectory = resolve(root, target);
  return opened({ root, entry, gitDirectory }, files) ?? broken(entry, 'pointer to nowhere', gitDirectory);
}

function opened(
  { root, entry, gitDirectory }: Pick<Repository, 'root' | 'entry' | 'gitDirectory'>,
  files: ReadFiles,
): Repository | undefined {
  const head = files.readText(join(gitDirectory, 'HEAD'), { maxBytes: MAX_BYTES });
  const commonDirectory = commonDirectoryOf(gitDirectory, files);
  const isComplete = ['objects', 'refs'].every((name) => {
    const seen = files.look(join(commonDirectory, name));
    return seen.kind === 'found' && seen.type === 'directory';
  });
  if (head.kind !== 'read' || !isComplete) return undefined;
  const config = files.readText(join(commonDirectory, 'config'), { maxBytes: MAX_BYTES });
  return {
    kind: 'found',
    root,
    entry,
    gitDirectory,
    commonDirectory,
    head: parseHead(head.text),
    config: config.kind === 'read' ? parseGitConfig(config.text) : [],
    owners: [...new Set([root, join(root, '.git'), gitDirectory])].flatMap((path) => {
      const seen = files.look(path);
      return seen.kind === 'found' ? [{ path, uid: seen.uid }] : [];
    }),
  };
}

function commonDirectoryOf(gitDirectory: string, files: ReadFiles): string {
  const read = files.readText(join(gitDirectory, 'commondir'), { maxBytes: MAX_BYTES });
  const target = read.kind === 'read' ? read.text.replace(/[\r\n]+$/, '') : '';
  if (target === '') return gitDirectory;
  return isAbsolute(target) ? target : resolve(gitDirectory, target);
}

const REFTABLE_PLACEHOLDER = 'refs/heads/.invalid';

/** Reads the content of a `HEAD` file. */
export function parseHead(text: string): Head {
  const reference = /^ref:\s*(\S+)/.exec(text)?.[1];
  if (reference === REFTABLE_PLACEHOLDER) return { kind: 'unknown' };
  if (reference?.startsWith('refs/'))
    return { kind: 'branch', name: reference.replace(/^refs[/](?:heads[/])?/, '') };
  const commit = /^([0-9a-f]{40}(?:[0-9a-f]{24})?)\s*$/.exec(text)?.[1];
  return commit === undefined ? { kind: 'malformed' } : { kind: 'detached', commit };
}

function isUnreachable(listed: { readonly kind: TextRead['kind'] | PathFault['kind'] }): boolean {
  return listed.kind === 'denied' || listed.kind === 'failed';
}
