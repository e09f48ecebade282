import type { Files } from '../../host/files.ts';
import { findRepository } from '../../host/repository.ts';
import type { Repository } from '../../host/repository.ts';
import { headCommit } from '../../host/repository-commit.ts';
import type { SessionMeta } from '../../store/rollouts/line.ts';

/** What may be told of the repository around a folder, read from files alone. */
export interface GitFacts {
  readonly repository: Repository;
  readonly commit: string | undefined;
  /** Undefined where `HEAD` stands at no branch. */
  readonly branch: string | undefined;
  /** By name of the remote, without user info, query and fragment. */
  readonly remotes: Readonly<Record<string, string>>;
}

/** They travel in a header of every request. */
const MAX_REMOTES = 8;
const MAX_URL_LENGTH = 512;

/** Undefined where git would find no repository, or stop at a broken one. */
export function gitFacts(
  cwd: string,
  files: Pick<Files, 'look' | 'readText' | 'list'>,
): GitFacts | undefined {
  const repository = findRepository(cwd, files);
  if (repository.kind !== 'found') return undefined;
  const { head } = repository;
  return {
    repository,
    commit: headCommit(repository, files),
    branch: head.kind === 'branch' ? head.name : undefined,
    remotes: remotesOf(repository),
  };
}

/** As the first line of a rollout holds it (measured with codex 0.169); undefined where there is nothing to say. */
export function sessionGit({ commit, branch, remotes }: GitFacts): SessionMeta['git'] {
  const { origin } = remotes;
  if (commit === undefined && branch === undefined && origin === undefined) return undefined;
  return {
    ...(commit !== undefined && { commit_hash: commit }),
    ...(branch !== undefined && { branch }),
    ...(origin !== undefined && { repository_url: origin }),
  };
}

function remotesOf({ config }: Repository): Record<string, string> {
  const remotes = new Map<string, string>();
  for (const { key, value } of config) {
    const name = /^remote\.(.+)\.url$/.exec(key)?.[1];
    // Of several URLs of a remote the first is the one that is fetched from.
    if (name === undefined || value === true || remotes.has(name)) continue;
    const url = publicRemoteUrl(value);
    if (url !== undefined && url.length <= MAX_URL_LENGTH && remotes.size < MAX_REMOTES)
      remotes.set(name, url);
  }
  return Object.fromEntries(remotes);
}

/**
 * Where a remote lies, without what it is entered with: user info, query and fragment are cut off, for people keep tokens in
 * all of them. Undefined for what cannot be taken apart with certainty, such as URLs of transport helpers.
 */
export function publicRemoteUrl(written: string): string | undefined {
  if (/^[\w+.-]+::/.test(written) || /[\0-\x20\x7f]/.test(written)) return undefined;
  if (written.includes('://')) {
    const url = URL.parse(written);
    if (!url || (url.host === '' && url.protocol !== 'file:')) return undefined;
    for (const part of ['username', 'password', 'search', 'hash'] as const) url[part] = '';
    return url.href;
  }
  // The short form of SSH. `git` is a name that everybody has.
  const [, user, place] = /^(?:([^@/]*)@)?([^@/:]+:[^@?#]*)$/.exec(written) ?? [];
  if (place !== undefined) return user === 'git' ? written : place;
  return /[@?#]/.test(written) ? undefined : written;
}
