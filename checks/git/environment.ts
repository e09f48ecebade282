import { conclude, defineCheck, fail, warn } from '../../src/doctor/check.ts';
import type { VerdictIssue } from '../../src/doctor/check.ts';
import type { CheckContext } from '../../src/doctor/context.ts';
import { helperFault, whyNotRun } from '../../src/doctor/helper-fault.ts';
import { repositoryIssues } from './environment/issues.ts';
import { lastSetting } from '../../src/host/git-config.ts';
import type { ProcessRun } from '../../src/host/process.ts';
import { findRepository } from '../../src/host/repository.ts';
import type { Head, RepositoryLook, RepositoryOwner } from '../../src/host/repository.ts';
import { foreignOwnerOf } from '../../src/host/repository-owner.ts';
import { findOnPath } from '../../src/host/search-path.ts';
import { userDirectory } from '../../src/target/home.ts';

interface Seen {
  /** The current folder, when it was deleted. */
  readonly goneFolder: string | undefined;
  readonly onPath: readonly string[];
  readonly selected: string | undefined;
  readonly run: ProcessRun;
  /** `/usr/bin/git` of macOS without the developer tools: running it would ask the user to install them. */
  readonly isPlaceholder: boolean;
  readonly repository: RepositoryLook;
  /** What keeps git from trusting the repository: something of it belongs to another user. */
  readonly foreignOwner: RepositoryOwner | undefined;
  /** Variables that send git to another repository than the one found here. */
  readonly redirections: readonly string[];
}

/** No configuration file is read, so nothing that one names can be run. */
const GIT_ENVIRONMENT = {
  GIT_OPTIONAL_LOCKS: '0',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: process.platform === 'win32' ? 'NUL' : '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
};

export default defineCheck<Seen>({
  id: 'git.environment',
  section: 'Environment',
  category: 'git',
  title: 'Git works in this repository',
  budgetMs: 3_000,
  probe: async (context) => {
    const { env, cwd, files, helpers, machine, options } = context;
    const onPath = findOnPath('git', env['PATH'] ?? env['Path'], files);
    const selected = onPath.find(({ state }) => state === 'executable')?.path;
    const isPlaceholder = selected !== undefined && isApplePlaceholder(selected, context);
    if (selected !== undefined && !isPlaceholder) context.waitingFor(`${selected} --version`);
    const running: Promise<ProcessRun> =
      selected === undefined || isPlaceholder
        ? Promise.resolve({ kind: 'not_found' })
        : helpers.run(selected, ['--version'], { env: GIT_ENVIRONMENT });
    const repository = findRepository(cwd, files);
    return {
      goneFolder: options.cwdIsGone || files.look(cwd).kind === 'missing' ? cwd : undefined,
      onPath: onPath.map(({ path }) => path),
      selected,
      isPlaceholder,
      repository,
      foreignOwner:
        repository.kind === 'found'
          ? foreignOwnerOf(repository, { files, uid: machine.uid, env, userDirectory: userDirectory(env) })
          : undefined,
      redirections: ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_CEILING_DIRECTORIES'].filter((name) => env[name]),
      run: await running,
    };
  },
  judge: (seen) => {
    const { onPath, selected, repository, run, redirections } = seen;
    const version = versionOf(run);
    const found = repository.kind === 'found' ? repository : undefined;
    return conclude({
      summary: [
        selected === undefined
          ? 'git is not installed, and nothing here needs it'
          : `git ${version ?? 'found'}`,
        found ? headText(found.head) : 'no repository',
      ].join(' · '),
      details: {
        'selected git': selected ?? 'not found',
        'git version': version,
        'git execution': whyNotRun(run),
        'PATH git entries': onPath,
        'repo detected': repository.kind === 'found',
        'repo root': repository.kind === 'none' ? undefined : repository.root,
        '.git entry': entryText(repository),
        'git branch': found && headText(found.head),
        'core.fsmonitor': found && fsmonitorText(lastSetting(found.config, 'core.fsmonitor')),
        'redirected by': redirections.length === 0 ? undefined : redirections,
      },
      issues: [
        ...folderIssues(seen),
        ...programIssues(seen),
        ...repositoryIssues(seen.repository, seen.foreignOwner),
      ],
    });
  },
});

/** Where Apple's developer tools stand once they are installed. */
const APPLE_TOOLS = [
  '/Library/Developer/CommandLineTools/usr/bin/git',
  '/Applications/Xcode.app/Contents/Developer/usr/bin/git',
];

function isApplePlaceholder(path: string, { machine, files }: CheckContext): boolean {
  return (
    machine.platform === 'darwin' &&
    path === '/usr/bin/git' &&
    APPLE_TOOLS.every((tool) => files.look(tool).kind === 'missing')
  );
}

function folderIssues({ goneFolder }: Seen): VerdictIssue[] {
  if (goneFolder === undefined) return [];
  return [
    fail({
      class: 'missing',
      cause: `The current folder ${goneFolder} was deleted, and the agent does not start in it`,
      measured: 'the folder is gone',
      expected: 'a current folder that exists',
      remedy: `Change to another folder. If ${goneFolder} was made again, the shell still stands in the old one until it enters the new one.`,
    }),
  ];
}

function programIssues({ selected, isPlaceholder, repository, run, onPath }: Seen): VerdictIssue[] {
  const fields = ['selected git'];
  if (isPlaceholder)
    return [
      warn({
        class: 'missing',
        cause: "/usr/bin/git is only Apple's placeholder: the developer tools are not installed",
        measured: 'no Command Line Tools and no Xcode',
        expected: 'an installed git',
        remedy: 'Install the Command Line Tools.',
        command: 'xcode-select --install',
        fields,
      }),
    ];
  if (selected === undefined) {
    if (repository.kind === 'none') return [];
    return [
      warn({
        class: onPath.length > 0 ? 'permissions' : 'missing',
        cause: `${repository.root} is a Git repository, and no git stands on PATH to work with it`,
        measured: onPath[0] === undefined ? 'no git on PATH' : `${onPath[0]} cannot be executed`,
        expected: 'git on PATH',
        remedy:
          onPath[0] === undefined
            ? 'Install Git, or add its folder to PATH.'
            : `Make ${onPath[0]} executable.`,
        fields,
      }),
    ];
  }
  const fault = helperFault(run);
  if (fault)
    return [
      warn({
        class: fault.class,
        cause: `${selected} ${fault.what}`,
        measured: fault.measured,
        expected: '`git --version` prints its version and ends with code 0',
        remedy: `Reinstall Git, or put another one before ${selected} in PATH.`,
        fields,
        failure: fault.failure,
      }),
    ];
  if (run.kind === 'exited' && versionOf(run) === undefined)
    return [
      warn({
        class: 'mismatch',
        cause: `${selected} is another program than Git`,
        measured: 'its answer to --version does not begin with "git version"',
        expected: '`git --version` prints its version',
        remedy: `Remove or rename ${selected}, or put the folder of Git before it in PATH.`,
        fields,
      }),
    ];
  return [];
}

const versionOf = (run: ProcessRun): string | undefined =>
  run.kind === 'exited' && run.exitCode === 0 ? /^git version (\S+)/.exec(run.stdout)?.[1] : undefined;

function headText(head: Head): string {
  switch (head.kind) {
    case 'branch':
      return head.name;
    case 'detached':
      return `detached at ${head.commit.slice(0, 12)}`;
    case 'unknown':
      return 'not read (reftable)';
    case 'malformed':
      return 'malformed';
  }
}

function entryText(repository: RepositoryLook): string {
  if (repository.kind === 'none') return 'missing';
  if (repository.kind === 'broken') return `${repository.entry} (${repository.fault})`;
  const { entry, gitDirectory } = repository;
  return entry.endsWith('file') ? `${entry} -> ${gitDirectory}` : entry;
}

/** Its value may be the command of a hook, which nobody needs to see. */
function fsmonitorText(value: string | true | undefined): boolean | string {
  if (value === undefined || value === '' || /^(?:false|no|off|0)$/i.test(String(value))) return false;
  return value === true || /^(?:true|yes|on|1)$/i.test(value) ? true : 'a program';
}
