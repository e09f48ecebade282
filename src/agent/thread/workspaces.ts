import { setImmediate as nextRound } from 'node:timers/promises';
import type { Files } from '../../host/files.ts';
import type { GitConfig } from '../../host/git-config.ts';
import { createHelpers } from '../../host/process.ts';
import type { HelperOptions } from '../../host/process.ts';
import { foreignOwnerOf } from '../../host/repository-owner.ts';
import type { JsonObject } from '../../host/json.ts';
import { gitFacts } from './git-facts.ts';

export interface WorkspaceOptions extends Omit<HelperOptions, 'files'> {
  readonly files: Pick<Files, 'look' | 'readText' | 'readBytes' | 'realpath' | 'list'>;
  /** Effective user; undefined on Windows. */
  readonly uid: number | undefined;
}

/** The repositories around a folder as turn metadata tells them (spec/transport.md 2.7); undefined where there are none. */
export type LookAtWorkspaces = (cwd: string) => Promise<JsonObject | undefined>;

/** Nothing is written, asked or fetched. */
const GIT_ENVIRONMENT = { GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', GIT_NO_LAZY_FETCH: '1' };
const STATUS = [
  '-c',
  'core.fsmonitor=false',
  'status',
  '--porcelain',
  '--no-renames',
  '--ignore-submodules=all',
  '--untracked-files=normal',
];

/** Settings of a repository by which it can have git start a program, fetch something, or read further settings. */
const ACTIVE_SETTING =
  /^(?:filter|include|includeif)\.|^extensions\.(?:worktreeconfig|partialclone)$|\.promisor$/;

/**
 * Looks in the background of a turn. Files tell most; whether something has changed only git itself knows, which is asked
 * where it belongs to the trusted helpers and the repository cannot make it run anything. Never rejects.
 */
export function createWorkspaceLook(options: WorkspaceOptions): LookAtWorkspaces {
  const { files } = options;
  const helpers = createHelpers(options);
  /** Git takes too long for these, and would again. */
  const slow = new Set<string>();

  const hasChanges = async (root: string): Promise<boolean | undefined> => {
    if (slow.has(root)) return undefined;
    const run = await helpers.run('git', STATUS, { cwd: root, env: GIT_ENVIRONMENT, isFleeting: true });
    if (run.kind === 'timeout') slow.add(root);
    if (run.kind === 'noise') return true;
    return run.kind === 'exited' && run.exitCode === 0 ? run.stdout !== '' : undefined;
  };

  return async (cwd) => {
    // The turn goes first.
    await nextRound();
    const facts = gitFacts(cwd, files);
    if (!facts) return undefined;
    const { repository, commit, remotes } = facts;
    const { root, config } = repository;
    const isQuiet = isPassive(config) && foreignOwnerOf(repository, options) === undefined;
    const changes = isQuiet ? await hasChanges(root) : undefined;
    return {
      [root]: {
        ...(Object.keys(remotes).length > 0 && { associated_remote_urls: remotes }),
        ...(commit !== undefined && { latest_git_commit_hash: commit }),
        ...(changes !== undefined && { has_changes: changes }),
      },
    };
  };
}

const isPassive = (config: GitConfig): boolean => !config.some(({ key }) => ACTIVE_SETTING.test(key));
