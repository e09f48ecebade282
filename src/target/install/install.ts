import { join } from 'node:path';
import type { Files } from '../../host/files.ts';
import { thisMachine } from '../../host/machine.ts';
import { findOnPath } from '../../host/search-path.ts';
import type { OnPath } from '../../host/search-path.ts';
import type { Environment, Home } from '../home.ts';
import { searchPathOf, userDirectory } from '../home.ts';
import { programKind } from './executable.ts';
import { MANAGED_BY } from './facts.ts';
import type {
  CommandOnPath,
  Identity,
  Installation,
  InstallFacts,
  ManagedBy,
  ManagedHints,
} from './facts.ts';
import { installationOf, nearestPackage } from './identify.ts';
import type { IdentifyOptions } from './identify.ts';
import type { ProgramMachine } from './native.ts';
import { ownInstallation } from './own.ts';
import { shimAt } from './shims.ts';

interface InstallSearch {
  readonly home: Home;
  readonly env: Environment;
  readonly files: Files;
  readonly machine?: ProgramMachine;
}

/** Finds every copy of the agent that a shell could start, from metadata alone. */
export function findInstall({ home, env, files, machine = thisMachine }: InstallSearch): InstallFacts {
  const { profile } = home;
  const options: IdentifyOptions = { profile, home: home.path, machine, files };
  const onPath = findOnPath(profile.command, searchPathOf(env), files).map((entry) => ({
    path: entry.path,
    realPath: entry.realPath,
    identity: identify(entry, options),
  }));
  const first = onPath.find(({ identity }) => identity.kind !== 'unusable');
  return {
    command: profile.command,
    packageName: profile.packageName,
    onPath,
    first,
    active: first ? installationBehind(first) : ownInstallation(options),
    elsewhere: first ? [] : wellKnownPlaces(home, env).flatMap((path) => installationAt(path, options) ?? []),
    managed: managedHints(profile.install.managedPrefix, env),
  };
}

/** The one copy that an entry starts, or undefined when it is not the agent or may start several. */
export function installationBehind({ identity }: CommandOnPath): Installation | undefined {
  if (identity.kind === 'agent') return identity.installation;
  return identity.kind === 'shim' && identity.candidates.length === 1 ? identity.candidates[0] : undefined;
}

function identify({ path, realPath, state }: OnPath, options: IdentifyOptions): Identity {
  const { files, profile } = options;
  if (state !== 'executable' || realPath === undefined) return unusable(path, state, files);
  const installation = installationOf(realPath, options);
  if (installation) return { kind: 'agent', installation };
  const { command, packageName, install } = profile;
  const shim = shimAt(path, realPath, { command, packageName, entry: install.entry, files });
  if (shim?.kind === 'launcher') {
    const started = installationAt(shim.starts, options);
    if (started) return { kind: 'agent', installation: started };
  }
  if (shim?.kind === 'manager') {
    const candidates = shim.starts.flatMap((start) => installationAt(start, options) ?? []);
    return { kind: 'shim', manager: shim.manager, candidates: distinct(candidates) };
  }
  return unrecognised(realPath, files);
}

function unusable(path: string, state: OnPath['state'], files: Files): Identity {
  const seen = files.look(path);
  if (seen.kind !== 'found')
    return { kind: 'unusable', reason: seen.kind === 'missing' ? 'dangling' : seen.kind };
  const reason = state === 'not_a_file' || state === 'not_executable' ? state : 'failed';
  return { kind: 'unusable', reason, type: seen.type };
}

/** Files that are no program at all; a shell would still try them. */
const NO_PROGRAM = {
  empty: { what: 'an empty file', isForeign: true },
  unknown: { what: 'a file that is no known kind of program', isForeign: true },
  unreadable: { what: 'a file that cannot be read', isForeign: false },
  // The agent's own releases can be unpacked by hand and carry no metadata then: unknown, not foreign.
  native: { what: 'a native program without package metadata', isForeign: false },
};

function unrecognised(realPath: string, files: Files): Identity {
  const program = programKind(realPath, files);
  if (program.kind !== 'script') return { kind: 'unrecognised', ...NO_PROGRAM[program.kind] };
  const owner = nearestPackage(realPath, files)?.manifest.name;
  const what = owner === undefined ? 'a script' : `a script of the package ${owner}`;
  return { kind: 'unrecognised', what, isForeign: true };
}

function installationAt(path: string, options: IdentifyOptions): Installation | undefined {
  const realPath = options.files.realpath(path);
  return realPath === undefined ? undefined : installationOf(realPath, options);
}

function distinct(candidates: readonly Installation[]): Installation[] {
  return [...new Map(candidates.map((candidate) => [candidate.executable, candidate])).values()];
}

/** Where installers put the command when they could not put it on the search path. */
function wellKnownPlaces({ profile, path }: Home, env: Environment): string[] {
  const { command, install } = profile;
  const user = userDirectory(env);
  const current = join(path, install.standaloneFolder, 'current');
  return [
    join(current, 'bin', command),
    join(current, command),
    join(user, '.local', 'bin', command),
    join(user, '.npm-global', 'bin', command),
    join(user, '.bun', 'bin', command),
    join(user, '.volta', 'bin', command),
    `/opt/homebrew/bin/${command}`,
    `/usr/local/bin/${command}`,
  ];
}

function managedHints(prefix: string, env: Environment): ManagedHints {
  const isSet = (by: ManagedBy): boolean =>
    env[`${prefix}_BY_${by.toUpperCase().replace('+', '_PLUS')}`] !== undefined;
  return {
    by: Object.fromEntries(MANAGED_BY.map((by) => [by, isSet(by)])) as Record<ManagedBy, boolean>,
    packageRoot: env[`${prefix}_PACKAGE_ROOT`] || undefined,
  };
}
