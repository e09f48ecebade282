import { isAbsolute, resolve } from 'node:path';
import type { Files } from '../../host/files.ts';
import { findOnPath } from '../../host/search-path.ts';

/** Where the command of a stdio server leads. */
export type CommandResolution =
  | { readonly kind: 'found'; readonly path: string }
  | { readonly kind: 'empty' }
  /** A bare name, and no folder of the search path holds it. */
  | { readonly kind: 'not_on_path'; readonly searched: 'own' | 'inherited' }
  | { readonly kind: 'no_path' }
  /** The place that a path names, or the best that the search path offers. */
  | { readonly kind: 'unusable'; readonly path: string; readonly state: string };

/**
 * Resolves a command as the agent does: an absolute path as it stands, a path with a separator from the server's own
 * folder, a bare name on the search path of the server, else on the agent's. `~` is not expanded.
 */
export function resolveCommand(
  command: string,
  place: {
    readonly folder: string;
    /** PATH of the server's own environment. */
    readonly ownPath: string | undefined;
    readonly inheritedPath: string | undefined;
  },
  files: Files,
): CommandResolution {
  if (command.trim() === '') return { kind: 'empty' };
  if (isAbsolute(command) || /[/\\]/.test(command)) return lookAt(resolve(place.folder, command), files);
  const searchPath = place.ownPath ?? place.inheritedPath;
  if (searchPath === undefined || searchPath === '') return { kind: 'no_path' };
  const places = findOnPath(command, searchPath, files);
  const usable = places.find(({ state }) => state === 'executable');
  if (usable) return { kind: 'found', path: usable.path };
  const [best] = places;
  if (best) return { kind: 'unusable', path: best.path, state: best.state };
  return { kind: 'not_on_path', searched: place.ownPath === undefined ? 'inherited' : 'own' };
}

function lookAt(path: string, files: Files): CommandResolution {
  const seen = files.look(path);
  if (seen.kind !== 'found') return { kind: 'unusable', path, state: seen.kind };
  if (seen.type !== 'file') return { kind: 'unusable', path, state: 'not_a_file' };
  const isExecutable = process.platform === 'win32' || (seen.mode & 0o111) !== 0;
  return isExecutable ? { kind: 'found', path } : { kind: 'unusable', path, state: 'not_executable' };
}
