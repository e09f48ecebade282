import { dirname } from 'node:path';
import type { Files } from '../../../host/files.ts';
import { belongsToProject, projectAround } from '../../../host/project.ts';
import { findOnPath } from '../../../host/search-path.ts';
import { distrustOf } from '../../../host/trust.ts';
import type { TrustSource } from '../../../host/trust.ts';

export type BubblewrapLook =
  | { readonly kind: 'found'; readonly path: string }
  | { readonly kind: 'missing' }
  /** It is there, and somebody else could have put it there. */
  | { readonly kind: 'untrusted'; readonly reason: string };

/** Where distributions install it; looked at first, so that a search path cannot choose. */
const USUAL_FOLDERS = ['/usr/bin', '/bin', '/usr/local/bin'];

/** Finds a bwrap(1) that only root and the user could have installed, and that no project brought along. */
export function findBubblewrap(around: {
  readonly searchPath: string | undefined;
  readonly cwd: string;
  readonly userDirectory: string;
  readonly files: Pick<Files, 'look' | 'realpath'>;
  readonly trust: TrustSource;
}): BubblewrapLook {
  const { searchPath, cwd, userDirectory, files, trust } = around;
  const project = projectAround(cwd, userDirectory, files);
  const folders = [...USUAL_FOLDERS, searchPath ?? ''].join(':');
  let reason: string | undefined;
  for (const { path, state } of findOnPath('bwrap', folders, files, 'linux')) {
    if (state !== 'executable') continue;
    const why = belongsToProject(dirname(path), project)
      ? `${path} lies in the current project`
      : distrustOf(path, trust);
    if (why === undefined) return { kind: 'found', path };
    reason ??= why;
  }
  return reason === undefined ? { kind: 'missing' } : { kind: 'untrusted', reason };
}
