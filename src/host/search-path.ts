import { posix, win32 } from 'node:path';
import type { Files, PathLook } from './files.ts';

/** A file of the wanted name in one folder of the search path. */
export interface OnPath {
  /** As the shell would spell it: folder of the search path plus name. */
  readonly path: string;
  /** Canonical path, undefined when a link leads nowhere. */
  readonly realPath: string | undefined;
  readonly state: 'executable' | 'not_executable' | 'not_a_file' | 'dangling' | 'unreadable';
}

/** What Windows adds to a bare name, in its default order. */
const WINDOWS_EXTENSIONS = ['.com', '.exe', '.bat', '.cmd'];

/**
 * Every place where a bare command name stands on a search path, in search order; the first `executable` one is what a
 * shell would run. Relative and empty elements are left out: they would mean the current directory.
 * @param name a file name; anything with a separator finds nothing
 * @param searchPath the value of PATH; undefined finds nothing
 */
export function findOnPath(
  name: string,
  searchPath: string | undefined,
  files: Pick<Files, 'look' | 'realpath'>,
  platform: NodeJS.Platform = process.platform,
): OnPath[] {
  if (/[/\\\0]/.test(name) || name === '' || name === '.' || name === '..') return [];
  const windows = platform === 'win32';
  const rules = windows ? win32 : posix;
  const names = windows && !/\.\w+$/.test(name) ? WINDOWS_EXTENSIONS.map((end) => name + end) : [name];
  const found: OnPath[] = [];
  for (const folder of searchFolders(searchPath, platform)) {
    for (const file of names) {
      const path = rules.join(folder, file);
      const seen = files.look(path);
      if (seen.kind === 'missing') continue;
      const realPath = files.realpath(path);
      found.push({ path, realPath, state: stateOf(seen, windows) });
    }
  }
  return found;
}

function stateOf(seen: PathLook, windows: boolean): OnPath['state'] {
  if (seen.kind === 'dangling' || seen.kind === 'loop') return 'dangling';
  if (seen.kind !== 'found') return 'unreadable';
  if (seen.type !== 'file') return 'not_a_file';
  return windows || (seen.mode & 0o111) !== 0 ? 'executable' : 'not_executable';
}

/** The absolute folders of a search path, each once, in search order. */
export function searchFolders(
  searchPath: string | undefined,
  platform: NodeJS.Platform = process.platform,
): string[] {
  const rules = platform === 'win32' ? win32 : posix;
  return [...new Set((searchPath ?? '').split(rules.delimiter).filter((folder) => rules.isAbsolute(folder)))];
}

/** Elements of a search path that mean the current directory or a folder below it; empty ones are shown as `.`. */
export function relativeElements(
  searchPath: string | undefined,
  platform: NodeJS.Platform = process.platform,
): string[] {
  if (searchPath === undefined || searchPath === '') return [];
  const rules = platform === 'win32' ? win32 : posix;
  const relative = searchPath.split(rules.delimiter).filter((folder) => !rules.isAbsolute(folder));
  // Windows ignores empty elements; a POSIX shell takes them for the current directory.
  const meant = platform === 'win32' ? relative.filter((folder) => folder !== '') : relative;
  return [...new Set(meant.map((folder) => folder || '.'))];
}
