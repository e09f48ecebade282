import type { SandboxPolicy } from './policy.ts';

/** A program with its arguments as it is to be started. */
export interface Launch {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A launch that holds a policy, or why there is none. Nothing runs outside its policy in silence. */
export type SandboxedLaunch =
  | { readonly kind: 'ready'; readonly launch: Launch; readonly mechanism: 'bubblewrap' | 'none' }
  /** `message` names the policy, what is missing and what to do. */
  | { readonly kind: 'unavailable'; readonly message: string };

/** Wraps launches so that the operating system holds a policy (spec/agent-core.md 3.1). */
export interface Sandbox {
  /** @param policy full access and external sandboxes come back unchanged */
  wrap(launch: Launch, policy: SandboxPolicy): Promise<SandboxedLaunch>;
}
