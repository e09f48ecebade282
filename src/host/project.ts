import { dirname, join } from 'node:path';
import type { Files } from './files.ts';
import { isBelow } from './inside.ts';

/** The project that the user stands in, as far as it could put programs on the search path. */
export interface Project {
  readonly cwd: string;
  /** Top folder of the repository around `cwd`; undefined outside any, and where that repository is the home directory. */
  readonly root: string | undefined;
}

export function projectAround(cwd: string, userDirectory: string, files: Pick<Files, 'look'>): Project {
  for (let folder = cwd; ; folder = dirname(folder)) {
    // Whoever keeps their dotfiles in a repository has `~/.local/bin` inside it, and that is theirs.
    if (isBelow(userDirectory, folder)) return { cwd, root: undefined };
    if (files.look(join(folder, '.git')).kind === 'found') return { cwd, root: folder };
    if (dirname(folder) === folder) return { cwd, root: undefined };
  }
}

/**
 * Whether a folder of the search path belongs to a project rather than to the machine or the user: then a cloned
 * repository could choose what runs. `npx` itself puts `node_modules/.bin` first.
 */
export function belongsToProject(folder: string, { cwd, root }: Project): boolean {
  if (/[\\/]node_modules[\\/]\.bin$/.test(folder)) return true;
  return folder === cwd || (root !== undefined && isBelow(folder, root));
}
