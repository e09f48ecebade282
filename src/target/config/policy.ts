import { dirname, join, resolve } from 'node:path';
import { userDirectory } from '../home.ts';
import type { Environment } from '../home.ts';
import { booleanAt, isTable, stringAt, tableAt, valueAt } from './facts.ts';
import type { ConfigFacts, ConfigTable } from './facts.ts';

/** What the agent may do without asking, as the configuration leaves it. */
export interface PolicyFacts {
  readonly approval: 'untrusted' | 'on-request' | 'granular' | 'never';
  readonly filesystem: 'restricted' | 'unrestricted';
  readonly network: 'restricted' | 'enabled';
  /** What decides about files: a permission profile's name, a sandbox mode, or `default`. */
  readonly source: string;
  readonly deniedReadRules: number;
  readonly paths: readonly PolicyPath[];
}

/** A path that the configuration itself names. */
export interface PolicyPath {
  /** As written. */
  readonly written: string;
  readonly path: string;
  readonly access: 'read' | 'write' | 'deny';
  /** The key that names it. */
  readonly key: string;
}

/** Approvals and sandbox after all layers: `default_permissions` counts before `sandbox_mode`, as in codex 0.169. */
export function policyOf(
  config: ConfigFacts,
  where: { readonly cwd: string; readonly env: Environment },
): PolicyFacts {
  const { effective } = config;
  const chosen = stringAt(effective, 'default_permissions');
  const mode = stringAt(effective, 'sandbox_mode');
  const profile = chosen === undefined ? undefined : permissionProfile(effective, chosen);
  const unlimited = chosen === undefined ? mode === 'danger-full-access' : chosen === ':danger-full-access';
  const network =
    unlimited ||
    (chosen === undefined
      ? booleanAt(effective, 'sandbox_workspace_write.network_access') === true && mode !== 'read-only'
      : profile !== undefined && booleanAt(profile, 'network.enabled') === true);
  const paths = pathsOf({ config, where, chosen, profile, mode });
  return {
    approval: approvalOf(config),
    filesystem: unlimited ? 'unrestricted' : 'restricted',
    network: network ? 'enabled' : 'restricted',
    source: chosen ?? mode ?? 'default',
    deniedReadRules: paths.filter(({ access }) => access === 'deny').length,
    paths,
  };
}

function approvalOf({ effective, project }: ConfigFacts): PolicyFacts['approval'] {
  const value = valueAt(effective, 'approval_policy');
  if (isTable(value)) return 'granular';
  if (value === 'untrusted' || value === 'never') return value;
  // Without a choice, a project that is marked untrusted is asked about everything; `on-failure` is retired.
  return value === undefined && project.trust === 'untrusted' ? 'untrusted' : 'on-request';
}

function permissionProfile(effective: ConfigTable, name: string): ConfigTable | undefined {
  const profiles = tableAt(effective, 'permissions');
  const profile = profiles && Object.hasOwn(profiles, name) ? profiles[name] : undefined;
  return isTable(profile) ? profile : undefined;
}

function pathsOf({
  config,
  where,
  chosen,
  profile,
  mode,
}: {
  config: ConfigFacts;
  where: { readonly cwd: string; readonly env: Environment };
  chosen: string | undefined;
  profile: ConfigTable | undefined;
  mode: string | undefined;
}): PolicyPath[] {
  const locate = (written: string, key: string): string => {
    if (/^~(?:$|[/\\])/.test(written)) return join(userDirectory(where.env), written.slice(1));
    const layer = config.sourceOf(key);
    return resolve(!layer || layer.kind === 'override' ? where.cwd : dirname(layer.origin), written);
  };
  if (chosen === undefined) {
    const key = 'sandbox_workspace_write.writable_roots';
    const roots = valueAt(config.effective, key);
    if (!Array.isArray(roots) || mode === 'danger-full-access' || mode === 'read-only') return [];
    return roots
      .filter((root) => typeof root === 'string')
      .map((written) => ({ written, path: locate(written, key), access: 'write', key }));
  }
  const key = `permissions.${chosen}.filesystem`;
  return Object.entries((profile && tableAt(profile, 'filesystem')) ?? {}).flatMap(
    ([written, value]): PolicyPath[] => {
      // Names with a colon stand for places that differ from run to run, such as the working folder.
      if (written.startsWith(':') || typeof value !== 'string') return [];
      const access = value === 'write' || value === 'read' ? value : 'deny';
      return [{ written, path: locate(written, key), access, key }];
    },
  );
}
