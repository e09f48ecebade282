import { join } from 'node:path';
import type { Files } from './files.ts';
import { parseGitConfig } from './git-config.ts';
import type { Repository, RepositoryOwner } from './repository.ts';

interface Asker {
  readonly files: Pick<Files, 'readText'>;
  /** Effective user; undefined on Windows, where nothing is judged. */
  readonly uid: number | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly userDirectory: string;
}

/**
 * The part of a repository for whose owner git refuses to work in it; undefined when git accepts it. Git wants everything
 * to belong to the user unless `safe.directory` names the repository (git-config(1)).
 */
export function foreignOwnerOf(repository: Repository, asker: Asker): RepositoryOwner | undefined {
  const { uid: user, env } = asker;
  if (user === undefined) return undefined;
  // Run through sudo, git also accepts the files of the user who asked for it.
  const accepted = user === 0 && env['SUDO_UID'] ? [user, Number(env['SUDO_UID'])] : [user];
  const foreign = repository.owners.find(({ uid }) => !accepted.includes(uid));
  return foreign && !isDeclaredSafe(repository.root, asker) ? foreign : undefined;
}

function isDeclaredSafe(root: string, { env, files, userDirectory }: Asker): boolean {
  const places = [
    '/etc/gitconfig',
    join(env['XDG_CONFIG_HOME'] || join(userDirectory, '.config'), 'git/config'),
    join(userDirectory, '.gitconfig'),
  ];
  let safe: string[] = [];
  for (const place of places) {
    const read = files.readText(place);
    if (read.kind !== 'read') continue;
    for (const { key, value } of parseGitConfig(read.text)) {
      if (key !== 'safe.directory') continue;
      // An empty value forgets what was said before.
      safe = value === '' || value === true ? [] : [...safe, value.replace(/^~(?=[/])/, userDirectory)];
    }
  }
  return safe.some(
    (entry) =>
      entry === '*' || entry === root || (entry.endsWith('/*') && root.startsWith(entry.slice(0, -1))),
  );
}
