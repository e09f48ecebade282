import { dirname, join } from 'node:path';
import { conclude, defineCheck, fail, warn } from '../../src/doctor/check.ts';
import type { VerdictIssue } from '../../src/doctor/check.ts';
import type { CheckContext } from '../../src/doctor/context.ts';
import type { Note } from '../../src/doctor/report.ts';
import { findOnPath } from '../../src/host/search-path.ts';
import { policyOf } from '../../src/target/config/policy.ts';
import { kernelFacts } from './helpers/kernel.ts';
import type { KernelFacts } from './helpers/kernel.ts';
import { TRIAL_ARGUMENTS, trialOf } from './helpers/trial.ts';
import type { Trial } from './helpers/trial.ts';

interface LinuxHelper {
  /** Undefined when neither the agent's package nor the search path has one. */
  readonly path: string | undefined;
  readonly source: 'bundled' | 'PATH' | 'none';
  /** False when the agent itself was not found, so that its package could not be looked into. */
  readonly packageKnown: boolean;
}

interface Evidence {
  readonly platform: string;
  readonly policy: Omit<ReturnType<typeof policyOf>, 'paths'>;
  readonly helper: LinuxHelper;
  readonly kernel: KernelFacts;
  /** Undefined unless a trial was asked for. */
  readonly trial: Trial | undefined;
}

export default defineCheck({
  id: 'sandbox.helpers',
  section: 'Configuration',
  category: 'sandbox',
  title: 'Commands run in the sandbox that is configured',
  budgetMs: 5_000,
  async probe(context): Promise<Evidence> {
    const { target, files, options } = context;
    const { paths: _, ...policy } = policyOf(target.config(), context);
    const helper = findHelper(context);
    const wanted = options.deep && process.platform === 'linux' && helper.path !== undefined;
    return {
      platform: process.platform,
      policy,
      helper,
      kernel: kernelFacts(files),
      trial: wanted ? trialOf(await context.helpers.run(helper.path, TRIAL_ARGUMENTS)) : undefined,
    };
  },
  judge(seen) {
    const { policy, helper, kernel, trial, platform } = seen;
    const isLinux = platform === 'linux';
    const issues = isLinux && policy.filesystem === 'restricted' ? linuxIssues(seen) : [];
    return conclude({
      summary: `${policy.filesystem} fs + ${policy.network} network · approval ${policy.approval}`,
      details: {
        'approval policy': policy.approval,
        'filesystem sandbox': policy.filesystem,
        'network sandbox': policy.network,
        'sandbox source': policy.source,
        'denied-read rules': policy.deniedReadRules,
        ...(isLinux && {
          'linux helper': helper.path ?? 'not found',
          'linux helper source': helper.source,
          'user namespaces per user': kernel.maxUserNamespaces,
          'unprivileged user namespaces': kernel.unprivilegedNamespaces,
          'AppArmor restricts user namespaces': kernel.apparmorRestricts,
          'AppArmor profile': kernel.apparmorProfile,
          landlock: kernel.landlock,
        }),
        ...(trial && { 'sandbox trial': describeTrial(trial) }),
      },
      issues,
      notes: notesOf(seen),
    });
  },
});

function findHelper({ target, files, env }: CheckContext): LinuxHelper {
  const { active, elsewhere } = target.install();
  const installation = active ?? elsewhere[0];
  const { native } = installation ?? {};
  const packageKnown = native?.kind === 'present';
  if (packageKnown) {
    const path = join(dirname(dirname(native.path)), 'codex-resources', 'bwrap');
    const seen = files.look(path);
    if (seen.kind === 'found' && seen.type === 'file') return { path, source: 'bundled', packageKnown };
  }
  const path = findOnPath('bwrap', env['PATH'], files).find(({ state }) => state === 'executable')?.path;
  return { path, source: path === undefined ? 'none' : 'PATH', packageKnown };
}

function linuxIssues({ helper, kernel, trial }: Evidence): VerdictIssue[] {
  // A trial that ran knows better than any file.
  if (trial?.kind === 'works') return [];
  if (trial?.kind === 'denied')
    return [
      fail({
        class: 'permissions',
        cause: `The sandbox cannot be set up: ${trial.primitive} was denied`,
        measured: `bubblewrap ended with ${trial.exitCode}`,
        expected: 'a sandbox in which /bin/true runs',
        remedy: remedyFor(kernel),
        fields: ['sandbox trial'],
      }),
    ];
  if (trial?.kind === 'timeout')
    return [
      warn({
        class: 'timeout',
        cause: 'Setting up the sandbox takes too long',
        measured: 'no answer within the time limit',
        expected: 'a sandbox within milliseconds',
        remedy: 'Look for a slow or hanging file system among the mounts of this machine.',
        fields: ['sandbox trial'],
      }),
    ];
  if (helper.path === undefined && helper.packageKnown)
    return [
      warn({
        class: 'missing',
        cause: 'The helper that sets up the sandbox is missing',
        measured: 'bubblewrap neither in the agent’s package nor on PATH',
        expected: 'codex-resources/bwrap in the package, or bwrap on PATH',
        remedy: 'Reinstall the agent, or install your distribution’s package `bubblewrap`.',
        fields: ['linux helper'],
      }),
    ];
  if (kernel.maxUserNamespaces === 0 || kernel.unprivilegedNamespaces === false) {
    const field =
      kernel.maxUserNamespaces === 0 ? 'user namespaces per user' : 'unprivileged user namespaces';
    return [
      warn({
        class: 'permissions',
        cause: 'The kernel forbids the user namespaces that the sandbox is made of',
        measured:
          kernel.maxUserNamespaces === 0
            ? 'user.max_user_namespaces = 0'
            : 'kernel.unprivileged_userns_clone = 0',
        expected: 'user namespaces for ordinary users',
        remedy: remedyFor(kernel),
        fields: [field],
      }),
    ];
  }
  return [];
}

function remedyFor(kernel: KernelFacts): string {
  if (kernel.maxUserNamespaces === 0)
    return 'Have an administrator set the sysctl user.max_user_namespaces above 0 (for example 10000).';
  if (kernel.unprivilegedNamespaces === false)
    return 'Have an administrator set the sysctl kernel.unprivileged_userns_clone to 1.';
  if (kernel.apparmorRestricts === true && kernel.apparmorProfile === undefined)
    return 'Have an administrator load an AppArmor profile that allows user namespaces to bubblewrap, such as bwrap-userns-restrict.';
  return 'In a container, allow user namespaces in its seccomp and AppArmor settings; elsewhere, ask an administrator which policy denies them.';
}

function notesOf({ policy, kernel, trial, platform }: Evidence): Omit<Note, 'check'>[] {
  const notes: Omit<Note, 'check'>[] = [];
  if (policy.filesystem === 'unrestricted')
    notes.push({
      kind: policy.approval === 'never' ? 'warning' : 'info',
      text: `filesystem unrestricted · network ${policy.network} · approval ${policy.approval}: commands run ${policy.approval === 'never' ? 'without sandbox and without asking' : 'without sandbox'}`,
    });
  else if (platform === 'linux' && kernel.apparmorRestricts === true && !kernel.apparmorProfile && !trial)
    notes.push({
      kind: 'info',
      text: 'AppArmor restricts user namespaces here and no profile excepts bubblewrap; --deep tries the sandbox',
    });
  return notes;
}

function describeTrial(trial: Trial): string {
  switch (trial.kind) {
    case 'works':
      return 'works';
    case 'denied':
      return `denied: ${trial.primitive}`;
    case 'timeout':
      return 'timed out';
    case 'not_tried':
      return `not tried: ${trial.reason}`;
  }
}
