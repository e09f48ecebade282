import { join } from 'node:path';
import { shellPath } from '../../../src/host/shell-path.ts';
import type { RepositoryFault, RepositoryLook, RepositoryOwner } from '../../../src/host/repository.ts';
import { warn } from '../../../src/doctor/check.ts';
import type { VerdictIssue } from '../../../src/doctor/check.ts';
import type { FailureClass } from '../../../src/doctor/failure.ts';

/** What keeps git from working in the repository around the current directory, whatever git it is. */
export function repositoryIssues(
  repository: RepositoryLook,
  foreignOwner: RepositoryOwner | undefined,
): VerdictIssue[] {
  if (repository.kind === 'none') return [];
  if (repository.kind === 'broken') {
    const { cause, remedy, failureClass } = FAULTS[repository.fault](repository.root, repository.path);
    return [
      warn({
        class: failureClass,
        cause,
        measured: `.git is a ${repository.entry}: ${repository.fault}`,
        expected: 'a .git that git can open',
        remedy,
        fields: ['.git entry'],
      }),
    ];
  }
  const { root, gitDirectory, head } = repository;
  const issues: VerdictIssue[] = [];
  if (head.kind === 'malformed')
    issues.push(
      warn({
        class: 'malformed',
        cause: `${join(gitDirectory, 'HEAD')} names neither a branch nor a commit`,
        measured: 'unknown content',
        expected: 'a line such as "ref: refs/heads/main"',
        remedy: `Write the name of your branch back, such as: ref: refs/heads/main`,
        fields: ['git branch'],
      }),
    );
  if (foreignOwner)
    issues.push(
      warn({
        class: 'permissions',
        cause: `git refuses this repository: ${foreignOwner.path} belongs to user ${foreignOwner.uid}`,
        measured: `owner ${foreignOwner.uid}`,
        expected: 'the current user as owner, or an entry in safe.directory',
        remedy: `Change the owner of ${root}, or declare it safe if you trust what is in it.`,
        command: `git config --global --add safe.directory ${shellPath(root)}`,
        fields: ['repo root'],
      }),
    );
  return issues;
}

type Explain = (
  root: string,
  path: string,
) => {
  readonly cause: string;
  readonly remedy: string;
  readonly failureClass: FailureClass;
};

const FAULTS: Readonly<Record<RepositoryFault, Explain>> = {
  dangling: (root, path) => ({
    failureClass: 'missing',
    cause: `${path} is a link that leads nowhere`,
    remedy: `Restore its target, or remove the link if ${root} is no repository.`,
  }),
  'not a repository': (root, path) => ({
    failureClass: 'malformed',
    cause: `${path} is not a whole repository: HEAD, objects or refs is missing`,
    remedy: `Restore ${path} from a copy or clone again; remove it if ${root} is no repository.`,
  }),
  'malformed pointer': (root, path) => ({
    failureClass: 'malformed',
    cause: `${path} is a file that does not say where the repository is`,
    remedy: `Write a line "gitdir: <path>" into it, or remove it if ${root} is no repository.`,
  }),
  'pointer to nowhere': (root, path) => ({
    failureClass: 'missing',
    cause: `the .git file in ${root} points to ${path}, where no repository is`,
    remedy: `Run git worktree repair in the main repository if it was moved, or remove the .git file of ${root}.`,
  }),
  unreadable: (_root, path) => ({
    failureClass: 'unreadable',
    cause: `${path} cannot be read by this account`,
    remedy: `Give this account read access to ${path}.`,
  }),
};
