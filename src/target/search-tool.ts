import { basename, dirname, join } from 'node:path';
import { findOnPath, relativeElements } from '../host/search-path.ts';
import type { OnPath } from '../host/search-path.ts';
import type { Target } from './target.ts';
import type { Files } from '../host/files.ts';

/** The ripgrep that the agent would use. */
export interface SearchTool {
  /** Undefined when there is none. */
  readonly path: string | undefined;
  readonly provider: 'bundled' | 'system';
  /** An agent stands on the search path, and which copy it starts cannot be told; it may bring a program along. */
  readonly isAgentUnknown: boolean;
  /** Nothing brings a program along: no agent is installed, or its package lacks the native part. */
  readonly isAgentIncomplete: boolean;
  /** The agent brings no such program along and works without one. */
  readonly isOptional: boolean;
  /** Everything of that name on the search path, usable or not. */
  readonly onPath: readonly OnPath[];
  /** Parts of the search path that mean the current directory; nothing there is looked at. */
  readonly ignoredElements: readonly string[];
}

/**
 * The agent's package brings its own program beside its native one; older packages kept it elsewhere. Without it, the
 * first one on the search path counts.
 */
export function findSearchTool(target: Pick<Target, 'install' | 'env' | 'home'>, files: Files): SearchTool {
  const name = process.platform === 'win32' ? 'rg.exe' : 'rg';
  const searchPath = target.env['PATH'] ?? target.env['Path'];
  const onPath = findOnPath('rg', searchPath, files);
  const bundled = bundledFolders(target)
    .map((folder) => join(folder, name))
    .find((path) => {
      const seen = files.look(path);
      return seen.kind === 'found' && seen.type === 'file';
    });
  return {
    path: bundled ?? onPath.find(({ state }) => state === 'executable')?.path,
    provider: bundled === undefined ? 'system' : 'bundled',
    isAgentUnknown: isUnknown(target),
    isAgentIncomplete: isIncomplete(target),
    isOptional: !target.home.profile.install.isNativeLauncher,
    onPath,
    ignoredElements: relativeElements(searchPath),
  };
}

function isUnknown(target: Pick<Target, 'install'>): boolean {
  const { active, first } = target.install();
  return first !== undefined && active === undefined;
}

function isIncomplete(target: Pick<Target, 'install'>): boolean {
  const { active, first } = target.install();
  const kind = active?.native?.kind;
  const isAbsent = active === undefined && first === undefined;
  return isAbsent || kind === 'absent' || kind === 'damaged';
}

function bundledFolders(target: Pick<Target, 'install'>): string[] {
  const { active, first } = target.install();
  const copies = active ? [active] : first?.identity.kind === 'shim' ? first.identity.candidates : [];
  return copies.flatMap((copy) => {
    const folder = dirname(copy.native?.kind === 'present' ? copy.native.path : copy.executable);
    // `bin/codex` beside `codex-path/rg` today, `codex/codex` beside `path/rg` before.
    const release = ['bin', 'codex'].includes(basename(folder)) ? dirname(folder) : folder;
    return ['codex-path', 'path', 'codex-resources'].map((name) => join(release, name));
  });
}
