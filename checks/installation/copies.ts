import { fail, warn } from '../../src/doctor/check.ts';
import type { VerdictIssue } from '../../src/doctor/check.ts';
import type {
  CommandOnPath,
  Installation,
  InstallFacts,
  UnusableReason,
} from '../../src/target/install/facts.ts';
import { shellPath } from '../../src/host/shell-path.ts';
import { compareVersions } from '../../src/target/install/version.ts';

/** Faults of what stands on the search path: nothing usable, leftovers in front, strangers, copies that differ. */
export function copyIssues(facts: InstallFacts, explained: string | undefined): VerdictIssue[] {
  const { first, onPath } = facts;
  const before = first ? onPath.indexOf(first) : onPath.length;
  const unusable = onPath.flatMap((entry, index) =>
    unusableIssue(entry, { isBefore: index < before, facts }),
  );
  if (!first)
    return unusable.some(({ severity }) => severity === 'fail') ? unusable : [...unusable, ...absent(facts)];
  return [...unusable, ...strangerIssue(first, facts), ...versionIssues(first, facts, explained)];
}

const UNUSABLE: Readonly<
  Record<
    UnusableReason,
    {
      readonly class: 'permissions' | 'wrong_type' | 'stale' | 'unreadable';
      readonly is: string;
      readonly repair: string;
    }
  >
> = {
  not_executable: {
    class: 'permissions',
    is: 'is not executable',
    repair: 'Make it executable, or remove it',
  },
  not_a_file: {
    class: 'wrong_type',
    is: 'is not a file',
    repair: 'Move it away, or take its folder out of PATH',
  },
  dangling: { class: 'stale', is: 'is a link to a file that does not exist', repair: 'Remove the link' },
  loop: { class: 'stale', is: 'is a link that leads back to itself', repair: 'Remove the link' },
  denied: {
    class: 'permissions',
    is: 'may not be looked at by this user',
    repair: 'Correct the permissions of its folder',
  },
  failed: {
    class: 'unreadable',
    is: 'cannot be looked at',
    repair: 'Check the disk or the mount that holds it',
  },
};

/** Something of the command's name that a shell passes over. Behind the copy that runs, only a broken link is worth a word. */
function unusableIssue(
  { path, identity }: CommandOnPath,
  { isBefore, facts }: { isBefore: boolean; facts: InstallFacts },
): VerdictIssue[] {
  if (identity.kind !== 'unusable') return [];
  const isBrokenLink = identity.reason === 'dangling' || identity.reason === 'loop';
  if (!isBefore && !isBrokenLink) return [];
  const { class: failureClass, is, repair } = UNUSABLE[identity.reason];
  const what = identity.reason === 'not_a_file' && identity.type ? `is a ${identity.type}` : is;
  const isOnly = facts.first === undefined;
  const issue = {
    class: failureClass,
    cause: `${path} ${what}${isOnly ? `, and no other ${facts.command} stands on the search path` : ''}`,
    measured: `${path} ${what}`,
    expected: isOnly ? `an executable ${facts.command}` : 'nothing of that name, or a working program',
    remedy: isOnly
      ? `Reinstall ${facts.command}: \`npm install -g ${facts.packageName}@latest\`.`
      : `${repair}: ${path}.`,
    ...(isBrokenLink && { command: `rm ${shellPath(path)}` }),
    fields: ['PATH entries'],
  };
  return [isOnly ? fail(issue) : warn(issue)];
}

function absent({ command, packageName, elsewhere, active }: InstallFacts): VerdictIssue[] {
  if (active) return [];
  const [copy] = elsewhere;
  if (copy)
    return [
      warn({
        class: 'missing',
        cause: `${command} is installed, but its folder is not on the search path`,
        measured: `a copy at ${copy.executable}; no ${command} on PATH`,
        expected: `${command} on PATH`,
        remedy: `Add the folder of the command to PATH and open a new shell; the copy lies at ${copy.executable}.`,
        fields: ['copies off PATH'],
      }),
    ];
  return [
    warn({
      class: 'missing',
      cause: `No ${command} command stands on the search path`,
      measured: `no ${command} on PATH`,
      expected: `${command} on PATH`,
      remedy: `Install it, or add its folder to PATH: \`npm install -g ${packageName}@latest\`.`,
      command: `npm install -g ${packageName}@latest`,
      fields: ['PATH entries'],
    }),
  ];
}

/** The first program of that name is not the agent, as far as its metadata goes. It is never run to find out. */
function strangerIssue(first: CommandOnPath, { command, onPath }: InstallFacts): VerdictIssue[] {
  const { identity, path } = first;
  if (identity.kind !== 'unrecognised') return [];
  const hidden = onPath.find((entry) => entry !== first && versionsOf(entry).length > 0);
  if (!hidden && !identity.isForeign) return [];
  return [
    warn({
      class: 'mismatch',
      cause: hidden
        ? `${path} runs first and could not be recognised; it hides the agent at ${hidden.path}`
        : `${path} could not be recognised as the agent`,
      measured: `${path} is ${identity.what}`,
      expected: `the first ${command} on PATH is the agent`,
      remedy: hidden
        ? `Put the folder of ${hidden.path} before that of ${path} in PATH, or remove ${path} if you do not need it.`
        : `If ${path} is not a wrapper of your own, rename it or move its folder behind that of the agent in PATH.`,
      fields: ['PATH entries'],
    }),
  ];
}

/**
 * Copies of other versions than the one that runs.
 * @param explained package folder of a copy that another issue already speaks of
 */
function versionIssues(
  first: CommandOnPath,
  { command, onPath, active }: InstallFacts,
  explained: string | undefined,
): VerdictIssue[] {
  const version = active?.version;
  if (version === undefined) return [];
  const reported = new Set<string>([active?.executable ?? '']);
  return onPath.flatMap((entry) => {
    const [copy, ...more] = versionsOf(entry);
    if (entry === first || !copy || more.length > 0 || copy.packageRoot === explained) return [];
    if (copy.version === undefined || reported.has(copy.executable)) return [];
    reported.add(copy.executable);
    const order = compareVersions(version, copy.version);
    return order
      ? [versionIssue({ command, version, path: first.path, isOlder: order < 0 }, entry, copy)]
      : [];
  });
}

function versionIssue(
  runs: { command: string; version: string; path: string; isOlder: boolean },
  hidden: CommandOnPath,
  copy: Installation,
): VerdictIssue {
  const { command, version, path, isOlder } = runs;
  return warn({
    class: 'duplicate',
    cause: isOlder
      ? `${command} ${version} runs and hides a newer copy, ${copy.version ?? 'unknown'}`
      : `An older copy of ${command}, ${copy.version ?? 'unknown'}, stands behind the one that runs (${version})`,
    measured: `${path} (${version}), then ${hidden.path} (${copy.version ?? 'unknown'})`,
    expected: 'one copy, or copies of one version',
    remedy: isOlder
      ? `Remove the older copy at ${path} with the package manager that installed it, or put the folder of ${hidden.path} before it in PATH.`
      : `Remove the copy at ${hidden.path}, or update it${copy.updateCommand ? ` with \`${copy.updateCommand}\`` : ''}: programs with another search order would start it.`,
    fields: ['PATH entries'],
  });
}

function versionsOf({ identity }: CommandOnPath): readonly Installation[] {
  if (identity.kind === 'agent') return [identity.installation];
  return identity.kind === 'shim' ? identity.candidates : [];
}
