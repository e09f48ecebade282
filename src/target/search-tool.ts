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
  /** Everything of that name on the search path, usable or not. */
  readonly onPath: readonly OnPath[];
  /** Parts of the search path that mean the current directory; nothing there is looked at. */
  readonly ignoredElements: readonly string[];
}

/**
 * The agent's package brings its own program beside its native one; older packages kept it elsewhere. Without it, the
 * first one on the search path counts.
 */
export function findSearchTool(target: Pick<Target, 'install' | 'env'>, files: Files): SearchTool {
  const name = process.platform === 'win32' ? 'rg.exe' : 'rg';
  const onPath = findOnPath('rg', target.env['PATH'], files);
  const bundled = bundledFolders(target)
    .map((folder) => join(folder, name))
    .find((path) => {
      const seen = files.look(path);
      return seen.kind === 'found' && seen.type === 'file';
    });
  return {
    path: bundled ?? onPath.find(({ state }) => state === 'executable')?.path,
    provider: bundled === undefined ? 'system' : 'bundled',
    onPath,
    ignoredElements: relativeElements(target.env['PATH']),
  };
}

function bundledFolders(target: Pick<Target, 'install'>): string[] {
  const { active } = target.install();
  if (!active) return [];
  const program = active.native?.kind === 'present' ? active.native.path : active.executable;
  const folder = dirname(program);
  // `bin/codex` beside `codex-path/rg` today, `codex/codex` beside `path/rg` before.
  const release = ['bin', 'codex'].includes(basename(folder)) ? dirname(folder) : folder;
  return ['codex-path', 'path', 'codex-resources'].map((name) => join(release, name));
}
