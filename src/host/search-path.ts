import { delimiter, isAbsolute, join } from 'node:path';
import type { Files } from './files.ts';

/** A file of the wanted name in one folder of the search path. */
export interface OnPath {
  /** As the shell would spell it: folder of the search path plus name. */
  readonly path: string;
  /** Canonical path, undefined when a link leads nowhere. */
  readonly realPath: string | undefined;
  readonly state: 'executable' | 'not_executable' | 'not_a_file' | 'dangling';
}

/**
 * Every place where a bare command name stands on a search path, in search order; the first `executable` one is what a
 * shell would run. Relative and empty elements are left out: they would mean the current directory.
 * @param searchPath the value of PATH; undefined finds nothing
 */
export function findOnPath(name: string, searchPath: string | undefined, files: Files): OnPath[] {
  const found: OnPath[] = [];
  const folders = new Set((searchPath ?? '').split(delimiter).filter((folder) => isAbsolute(folder)));
  for (const folder of folders) {
    const path = join(folder, name);
    const seen = files.look(path);
    if (seen.kind === 'missing') continue;
    const realPath = files.realpath(path);
    if (seen.kind !== 'found') found.push({ path, realPath, state: 'dangling' });
    else if (seen.type !== 'file') found.push({ path, realPath, state: 'not_a_file' });
    else
      found.push({
        path,
        realPath,
        state: process.platform === 'win32' || seen.mode & 0o111 ? 'executable' : 'not_executable',
      });
  }
  return found;
}
