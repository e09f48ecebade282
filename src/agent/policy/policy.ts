/** When a human is asked (spec/agent-core.md 3.1). */
export type ApprovalPolicy =
  | 'untrusted'
  | 'on-failure'
  | 'on-request'
  | 'never'
  | {
      readonly granular: {
        readonly sandbox_approval: boolean;
        readonly rules: boolean;
        readonly mcp_elicitations: boolean;
        readonly skill_approval?: boolean;
        readonly request_permissions?: boolean;
      };
    };

/** What a command may touch (spec/agent-core.md 3.1). */
export type SandboxPolicy =
  | { readonly type: 'read-only' }
  | {
      readonly type: 'workspace-write';
      /** Absolute; the working directory is writable without being named. */
      readonly writable_roots: readonly string[];
      readonly network_access: boolean;
      readonly exclude_tmpdir_env_var: boolean;
      readonly exclude_slash_tmp: boolean;
    }
  | { readonly type: 'danger-full-access' }
  | { readonly type: 'external-sandbox'; readonly network_access: 'restricted' | 'enabled' };

/** A rule that an approval adds: commands that begin with these words are allowed from now on. */
export interface ExecPolicyAmendment {
  readonly prefix: readonly string[];
}

export type ReviewDecision =
  | { readonly kind: 'approved' }
  | { readonly kind: 'approved_for_session' }
  | { readonly kind: 'approved_execpolicy_amendment'; readonly amendment: ExecPolicyAmendment }
  | { readonly kind: 'network_policy_amendment'; readonly host: string; readonly action: 'allow' | 'deny' }
  | { readonly kind: 'denied' }
  | { readonly kind: 'timed_out' }
  /** Denies, and interrupts the turn. */
  | { readonly kind: 'abort' };
