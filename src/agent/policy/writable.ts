import { readlinkSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, parse, resolve, sep } from 'node:path';
import { files } from '../../host/files.ts';
import { isBelow } from '../../host/inside.ts';
import type { SandboxPolicy } from './policy.ts';

/** Where a policy lets a command or a patch write. Paths are canonical. */
export type WritableArea =
  | { readonly kind: 'everything' }
  | {
      readonly kind: 'roots';
      /** Folders whose content may be written; none for a read-only policy. */
      readonly roots: readonly string[];
      /** Inside the roots, and protected all the same; they need not exist. Whatever is deeper decides. */
      readonly readOnlyBelow: readonly string[];
    };

interface Surroundings {
  /** Absolute. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * What stands in a workspace and decides what runs later, outside of any sandbox: hooks of git, settings and skills of an
 * agent. The shipping agent protects the same names.
 */
const PROTECTED_NAMES = ['.git', '.codex', '.stethos', '.agents'];
/** As many links as Linux follows before it gives up. */
const MAX_LINKS = 40;
/** A `.git` file holds one path. */
const MAX_POINTER_BYTES = 8 * 1024;

/**
 * The area of a policy (spec/agent-core.md 3.1): for `workspace-write` the working directory, the named roots, `/tmp` and
 * `$TMPDIR` as far as the policy has them. A root that was named on its own stays writable, also below a protected folder.
 */
export function writableArea(policy: SandboxPolicy, { cwd, env }: Surroundings): WritableArea {
  if (policy.type === 'danger-full-access' || policy.type === 'external-sandbox')
    return { kind: 'everything' };
  if (policy.type === 'read-only') return { kind: 'roots', roots: [], readOnlyBelow: [] };
  const workspace = canonicalFolders([cwd, ...policy.writable_roots]);
  // Nobody keeps a workspace in the folders for temporary files themselves, so nothing is protected right there.
  const temporary = canonicalFolders([
    ...(policy.exclude_slash_tmp || process.platform === 'win32' ? [] : ['/tmp']),
    ...(policy.exclude_tmpdir_env_var ? [] : [env['TMPDIR'] ?? '']),
  ]);
  const roots = unique([...workspace, ...temporary]);
  const readOnlyBelow = unique(workspace.flatMap(protectedBelow)).filter(
    (path) => !roots.includes(path) && roots.some((root) => isBelow(path, root)),
  );
  return { kind: 'roots', roots, readOnlyBelow };
}

/**
 * Whether a policy lets a path be written, removed or replaced. Links are followed as the system would, also those that lead
 * to nothing yet, so that none of them leads out; and a link itself has to stand inside, since it can be removed or replaced.
 * @param path absolute
 */
export function isWritable(area: WritableArea, path: string): boolean {
  if (area.kind === 'everything') return true;
  return [canonicalPath(path), canonicalEntry(path)].every(
    (real) => real !== undefined && covers(area, real),
  );
}

function covers(area: Extract<WritableArea, { kind: 'roots' }>, real: string): boolean {
  // A file system that ignores case has `.GIT` for `.git`.
  const folded = real.toLowerCase();
  const writable = deepest(area.roots.filter((root) => isBelow(real, root)));
  const readOnly = deepest(area.readOnlyBelow.filter((below) => isBelow(folded, below.toLowerCase())));
  return writable > readOnly;
}

/**
 * The path that the system would come to: every link followed, what does not exist yet kept as it is written; undefined
 * when links lead in a circle.
 * @param path absolute
 */
export function canonicalPath(path: string): string | undefined {
  let links = 0;
  let pending = parts(path);
  let current = parse(path).root;
  while (pending.length > 0) {
    const [name = '', ...rest] = pending;
    const next = name === '..' ? dirname(current) : join(current, name);
    const target = name === '..' ? undefined : linkTarget(next);
    if (target === undefined) {
      pending = rest;
      current = next;
    } else {
      links += 1;
      if (links > MAX_LINKS) return undefined;
      if (isAbsolute(target)) current = parse(target).root;
      pending = [...parts(target), ...rest];
    }
  }
  return current;
}

/**
 * The path of a name: its folder as the system would come to it, and the last part as it is, a link itself.
 * @param path absolute
 */
export function canonicalEntry(path: string): string | undefined {
  const folder = canonicalPath(dirname(path));
  return folder === undefined ? undefined : join(folder, basename(path));
}

const canonicalFolders = (paths: readonly string[]): string[] =>
  paths.filter(isAbsolute).flatMap((path) => pinnedPath(path) ?? []);

/** Where each root led when it was first asked for. */
const firstSeen = new Map<string, string | undefined>();

/**
 * A root that lies in another one can be moved away by a command, and a link put in its place. So a root stays what it was
 * at first, and is none as soon as it leads elsewhere.
 */
function pinnedPath(path: string): string | undefined {
  const now = canonicalPath(path);
  if (!firstSeen.has(path)) firstSeen.set(path, now);
  return firstSeen.get(path) === now ? now : undefined;
}

function protectedBelow(root: string): string[] {
  const folders = PROTECTED_NAMES.map((name) => join(root, name));
  const targets = folders.flatMap((path) => {
    const real = canonicalPath(path);
    return [...(real === undefined ? [] : [real]), ...gitFolders(real ?? path)];
  });
  return [...folders, ...targets];
}

/** Of a worktree or a submodule, whose `.git` is a file: where its data and the data of its repository stand. */
function gitFolders(dotGit: string): string[] {
  if (basename(dotGit) !== '.git') return [];
  const pointer = firstLine(dotGit)?.match(/^gitdir:\s*(.+)$/)?.[1];
  if (pointer === undefined) return [];
  const own = canonicalPath(resolve(dirname(dotGit), pointer));
  if (own === undefined) return [];
  const common = firstLine(join(own, 'commondir'));
  const shared = common === undefined ? undefined : canonicalPath(resolve(own, common));
  return shared === undefined ? [own] : [own, shared];
}

function firstLine(path: string): string | undefined {
  const read = files.readText(path, { maxBytes: MAX_POINTER_BYTES });
  return read.kind === 'read' ? read.text.split('\n')[0]?.trim() : undefined;
}

function linkTarget(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    // No link, or nothing there.
    return undefined;
  }
}

const deepest = (folders: readonly string[]): number => Math.max(-1, ...folders.map(({ length }) => length));

const parts = (path: string): string[] =>
  path
    .slice(parse(path).root.length)
    .split(sep === '/' ? '/' : /[/\\]/)
    .filter((part) => part !== '' && part !== '.');

const unique = (paths: readonly string[]): string[] => [...new Set(paths)];
