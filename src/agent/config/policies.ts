import { booleanAt, isTable, stringAt, valueAt } from '../../target/config/facts.ts';
import type { ConfigFacts } from '../../target/config/facts.ts';
import { policyOf } from '../../target/config/policy.ts';
import type { Environment } from '../../target/home.ts';
import type { ApprovalPolicy, SandboxPolicy } from '../policy/policy.ts';
import type { ConfigWarning } from './config.ts';

/** Who is there to answer: somebody at a client, or nobody (`exec`). */
export type EntryPoint = 'interactive' | 'exec';

type Granular = Exclude<ApprovalPolicy, string>['granular'];

/**
 * When somebody is asked. `exec` asks nobody, whatever the configuration says. Without a choice a project that is marked untrusted
 * is asked about everything (both measured on codex 0.169).
 */
export function approvalPolicyOf(
  { effective, project }: ConfigFacts,
  entryPoint: EntryPoint,
): ApprovalPolicy {
  if (entryPoint === 'exec') return 'never';
  const value = valueAt(effective, 'approval_policy');
  if (value === 'untrusted' || value === 'on-failure' || value === 'on-request' || value === 'never')
    return value;
  const granular = isTable(value) ? value['granular'] : undefined;
  if (!isTable(granular)) return project.trust === 'untrusted' ? 'untrusted' : 'on-request';
  const is = (key: keyof Granular): boolean => granular[key] === true;
  return {
    granular: {
      sandbox_approval: is('sandbox_approval'),
      rules: is('rules'),
      mcp_elicitations: is('mcp_elicitations'),
      skill_approval: is('skill_approval'),
      request_permissions: is('request_permissions'),
    },
  };
}

const NAMED_PERMISSIONS: Readonly<Record<string, SandboxPolicy['type']>> = {
  ':read-only': 'read-only',
  ':workspace': 'workspace-write',
  ':danger-full-access': 'danger-full-access',
};

/**
 * What commands may touch: `default_permissions`, then `sandbox_mode`. Without a choice the working directory may be written where
 * somebody decided about the project's trust, and nothing where nobody did (measured on codex 0.169).
 */
export function sandboxPolicyOf(
  config: ConfigFacts,
  where: { readonly cwd: string; readonly env: Environment },
): { readonly policy: SandboxPolicy; readonly warnings: readonly ConfigWarning[] } {
  const { effective, project } = config;
  const chosen = stringAt(effective, 'default_permissions');
  const named = chosen === undefined ? undefined : (NAMED_PERMISSIONS[chosen] ?? 'read-only');
  const type =
    named ??
    stringAt(effective, 'sandbox_mode') ??
    (project.trust === 'unknown' ? 'read-only' : 'workspace-write');
  const warnings: ConfigWarning[] =
    chosen === undefined || Object.hasOwn(NAMED_PERMISSIONS, chosen)
      ? []
      : [
          {
            kind: 'warning',
            message: `The permission profile \`${chosen}\` cannot be held here; commands may only read.`,
          },
        ];
  if (type === 'danger-full-access') return { policy: { type }, warnings };
  if (type !== 'workspace-write') return { policy: { type: 'read-only' }, warnings };
  const isSet = (key: string): boolean => booleanAt(effective, `sandbox_workspace_write.${key}`) === true;
  const roots = policyOf(config, where).paths.filter(({ access }) => access === 'write');
  const policy: SandboxPolicy = {
    type,
    writable_roots: chosen === undefined ? roots.map(({ path }) => path) : [],
    network_access: isSet('network_access'),
    exclude_tmpdir_env_var: isSet('exclude_tmpdir_env_var'),
    exclude_slash_tmp: isSet('exclude_slash_tmp'),
  };
  return { policy, warnings };
}
