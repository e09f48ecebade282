import { conclude, defineCheck } from '../src/doctor/check.ts';
import type { CheckContext } from '../src/doctor/context.ts';
import type { CommandOnPath, Installation, InstallFacts } from '../src/target/install/facts.ts';
import { nodeOnPath } from '../src/target/install/node.ts';
import { copyIssues } from './installation/copies.ts';
import { launchIssues } from './installation/launch.ts';
import { exactUpdate, findUpdateTarget, updateTargetIssues } from './installation/update-target.ts';
import type { UpdateTarget } from './installation/update-target.ts';

export default defineCheck({
  id: 'installation',
  section: 'Environment',
  category: 'install',
  title: 'One working copy of the agent is installed, and its updates reach it',
  budgetMs: 5_000,
  probe: async (context: CheckContext) => {
    const facts = context.target.install();
    return {
      facts,
      machine: { platform: context.machine.platform, architecture: context.machine.architecture },
      node: nodeOnPath(context.env, context.files),
      target: await findUpdateTarget(context, facts),
    };
  },
  judge: ({ facts, machine, node, target }) => {
    const { active, command, packageName } = facts;
    const updates = updateTargetIssues(target, facts);
    const explained = target.kind === 'known' && !target.isSame ? target.target : undefined;
    return conclude({
      summary: summaryOf(facts),
      details: detailsOf(facts, target, node?.path),
      issues: [
        ...(active
          ? launchIssues(reinstallable(active, target, packageName), { command, packageName, machine, node })
          : []),
        ...updates,
        ...copyIssues(facts, explained),
      ],
    });
  },
});

/** Where npm would write elsewhere, its plain command would not mend this copy. */
function reinstallable(active: Installation, target: UpdateTarget, packageName: string): Installation {
  if (target.kind !== 'known' || target.isSame || active.packageRoot !== target.running) return active;
  return { ...active, updateCommand: exactUpdate(target.running, packageName) };
}

function summaryOf({ first, active, command }: InstallFacts): string {
  if (active) return 'consistent';
  if (first?.identity.kind === 'shim')
    return `${command} starts through ${first.identity.manager}; which copy depends on the folder`;
  return `${command} at ${first?.path ?? 'no place'} carries no metadata that tells its version`;
}

function detailsOf(facts: InstallFacts, target: UpdateTarget, node: string | undefined) {
  const { active, onPath, elsewhere, managed } = facts;
  return {
    'current executable': active?.executable ?? null,
    'install context': active ? contextOf(active) : undefined,
    'managed by npm': managed.by.npm,
    'managed by bun': managed.by.bun,
    'managed by pnpm': managed.by.pnpm,
    'managed by Vite+': managed.by['vite+'],
    'managed package root': managed.packageRoot ?? 'not set',
    'PATH entries': onPath.map(entryText),
    'copies off PATH': elsewhere.length === 0 ? undefined : elsewhere.map(({ executable }) => executable),
    'native program': active?.native && nativeText(active.native),
    node: active?.requiredNodeMajor === undefined ? undefined : (node ?? null),
    'running package root': 'running' in target ? target.running : undefined,
    'npm package root': target.kind === 'known' ? target.target : undefined,
    'npm update target': target.kind === 'not_npm' ? undefined : targetText(target),
  };
}

function contextOf({ method, nodeManager, packageRoot }: Installation): string {
  const through = nodeManager && nodeManager !== method ? ` through ${nodeManager}` : '';
  return `${method}${through}${packageRoot ? ` (package ${packageRoot})` : ''}`;
}

function entryText({ path, realPath, identity }: CommandOnPath): string {
  const leadsTo = realPath !== undefined && realPath !== path ? ` -> ${realPath}` : '';
  switch (identity.kind) {
    case 'agent':
      return `${path}${leadsTo} (${copyText(identity.installation)})`;
    case 'shim':
      return `${path} (${identity.manager}: ${identity.candidates.map(copyText).join(' or ') || 'copy not told'})`;
    case 'unrecognised':
      return `${path}${leadsTo} (could not be recognised: ${identity.what})`;
    case 'unusable':
      return `${path}${leadsTo} (${identity.reason.replaceAll('_', ' ')})`;
  }
}

const copyText = ({ method, version }: Installation): string =>
  `${method} ${version ?? 'of unknown version'}`;

function nativeText(native: NonNullable<Installation['native']>): string {
  switch (native.kind) {
    case 'present':
      return native.path;
    case 'damaged':
      return `${native.path} (${native.reason})`;
    case 'absent':
      return `${native.wanted} (not installed)`;
  }
}

function targetText(target: Exclude<UpdateTarget, { kind: 'not_npm' }>): string {
  switch (target.kind) {
    case 'known':
      return target.isSame ? 'the copy that runs' : target.target;
    case 'unknown':
      return `not looked at: ${target.reason}`;
    case 'no_npm':
      return 'no npm on PATH';
    case 'gone':
    case 'no_provenance':
      return 'not known';
  }
}
