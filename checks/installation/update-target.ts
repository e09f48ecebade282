import type { CheckContext } from '../../src/doctor/context.ts';
import { fail, warn } from '../../src/doctor/check.ts';
import type { VerdictIssue } from '../../src/doctor/check.ts';
import type { InstallFacts } from '../../src/target/install/facts.ts';
import { isSamePath, npmRoot, parseNpmRoot, prefixOf } from '../../src/target/install/npm-root.ts';
import { shellPath } from '../../src/host/shell-path.ts';
import { modulesFolder } from '../../src/target/install/owner.ts';

/** The copy that runs, set against the copy that `npm install -g` would write. */
export type UpdateTarget =
  /** npm does not own the copy that runs. */
  | { readonly kind: 'not_npm' }
  /** npm owns it, says the launcher, without saying where it lies. */
  | { readonly kind: 'no_provenance' }
  /** The package that started this session is no longer there. */
  | { readonly kind: 'gone'; readonly running: string }
  | {
      readonly kind: 'known';
      readonly running: string;
      readonly target: string;
      readonly isSame: boolean;
      readonly source: string;
    }
  | { readonly kind: 'no_npm'; readonly running: string }
  | {
      readonly kind: 'unknown';
      readonly running: string;
      readonly reason: string;
      readonly isFault: boolean;
    };

export async function findUpdateTarget(context: CheckContext, facts: InstallFacts): Promise<UpdateTarget> {
  const { files } = context;
  const { managed, active, packageName } = facts;
  if (managed.by.npm && managed.packageRoot === undefined) return { kind: 'no_provenance' };
  const named = managed.by.npm
    ? managed.packageRoot
    : active?.method === 'npm'
      ? active.packageRoot
      : undefined;
  if (named === undefined) return { kind: 'not_npm' };
  const running = files.realpath(named);
  if (running === undefined) return { kind: 'gone', running: named };

  const found = await globalRoot(context);
  if (found.kind === 'no_npm') return { kind: 'no_npm', running };
  if (found.kind === 'unknown') return { ...found, running };
  const spelled = `${found.root}/${packageName}`;
  const target = files.realpath(spelled) ?? spelled;
  return { kind: 'known', running, target, isSame: isSamePath(running, target), source: found.source };
}

type GlobalRoot =
  | { readonly kind: 'known'; readonly root: string; readonly source: string }
  | { readonly kind: 'no_npm' }
  | { readonly kind: 'unknown'; readonly reason: string; readonly isFault: boolean };

/** From metadata; npm itself is asked only when that does not tell. */
async function globalRoot(context: CheckContext): Promise<GlobalRoot> {
  const found = npmRoot(context);
  if (found.kind !== 'unknown') return found;
  context.waitingFor('npm root -g');
  const run = await context.helpers.run('npm', ['root', '-g']);
  switch (run.kind) {
    case 'exited': {
      const root = run.exitCode === 0 ? parseNpmRoot(run.stdout) : undefined;
      if (root !== undefined) return { kind: 'known', root, source: 'npm root -g' };
      return {
        kind: 'unknown',
        reason: `npm root -g ended with exit code ${run.exitCode} and no folder`,
        isFault: true,
      };
    }
    case 'timeout':
      return {
        kind: 'unknown',
        reason: `npm root -g gave no answer within ${run.timeoutMs} ms`,
        isFault: true,
      };
    case 'signalled':
      return { kind: 'unknown', reason: `npm root -g was ended by ${run.signal}`, isFault: true };
    case 'spawn_failed':
      return { kind: 'unknown', reason: `npm could not be started (${run.code})`, isFault: true };
    case 'noise':
      return { kind: 'unknown', reason: 'npm root -g printed without end', isFault: true };
    case 'not_found':
      return { kind: 'no_npm' };
    case 'untrusted':
      return { kind: 'unknown', reason: `npm was not run: ${run.reason}`, isFault: false };
    case 'disabled':
      return {
        kind: 'unknown',
        reason: `${found.reason}, and nothing may be run (--no-exec)`,
        isFault: false,
      };
  }
  return { kind: 'unknown', reason: found.reason, isFault: false };
}

export function updateTargetIssues(
  seen: UpdateTarget,
  { command, packageName }: InstallFacts,
): VerdictIssue[] {
  const install = `npm install -g ${packageName}`;
  switch (seen.kind) {
    case 'not_npm':
      return [];
    case 'no_provenance':
      return [
        warn({
          class: 'incomplete',
          cause: `The launcher says that npm installed ${command}, but not where`,
          measured: 'CODEX_MANAGED_PACKAGE_ROOT is not set',
          expected: 'the folder of the npm package',
          remedy: `Reinstall with \`${install}@latest\`, so that the launcher names its package folder, and start ${command} from a new shell.`,
          fields: ['managed package root'],
          failure: { phase: 'record' },
        }),
      ];
    case 'gone':
      return [
        warn({
          class: 'stale',
          cause: `The package that started this session of ${command} is no longer there`,
          measured: `${seen.running} does not exist`,
          expected: 'the folder of the npm package',
          remedy: `End this session and start ${command} from a new shell.`,
          fields: ['managed package root'],
        }),
      ];
    case 'no_npm':
      return [
        warn({
          class: 'missing',
          cause: `npm installed ${command}, but npm is not on the search path, so \`${install}\` cannot update it`,
          measured: 'no npm on PATH',
          expected: `the npm that owns ${seen.running}`,
          remedy: `Add the folder of the npm that owns ${seen.running} to PATH.`,
          fields: ['running package root', 'npm update target'],
        }),
      ];
    case 'unknown':
      return seen.isFault
        ? [
            warn({
              class: 'exit',
              cause: `It cannot be told which copy of ${command} \`${install}\` would update`,
              measured: seen.reason,
              expected: 'npm names its global folder',
              remedy: 'Run `npm root -g` in this shell and repair what it reports.',
              command: 'npm root -g',
              fields: ['npm update target'],
            }),
          ]
        : [];
    case 'known':
      return seen.isSame ? [] : [mismatch(seen, { command, packageName, install })];
  }
}

function mismatch(
  { running, target, source }: Extract<UpdateTarget, { kind: 'known' }>,
  { command, packageName, install }: { command: string; packageName: string; install: string },
): VerdictIssue {
  const exact = exactUpdate(running, packageName);
  const first = exact ?? `the installer that put ${running} there`;
  return fail({
    class: 'mismatch',
    cause: `\`${install}\` would update a different copy of ${command} than the one that runs`,
    measured: `npm writes to ${target} (by ${source})`,
    expected: `npm writes to ${running}, which runs`,
    remedy: `Update the copy that runs, ${running}, with ${exact ? `\`${first}\`` : first}; or remove that copy, so that the one npm updates, ${target}, runs.`,
    ...(exact !== undefined && { command: exact }),
    fields: ['running package root', 'npm package root'],
  });
}

/** Updates the copy in a folder, wherever npm itself would install; undefined when no prefix leads there. */
export function exactUpdate(packageRoot: string, packageName: string): string | undefined {
  const modules = modulesFolder(packageRoot, packageName);
  const prefix = modules && prefixOf(modules);
  return prefix && `npm install --global --prefix ${shellPath(prefix)} ${packageName}@latest`;
}
