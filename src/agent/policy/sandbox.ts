import type { SandboxPolicy } from './policy.ts';

/** A program with its arguments as it is to be started. */
export interface Launch {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A launch that holds a policy, or why there is none. Nothing runs outside its policy in silence. */
export type SandboxedLaunch =
  | {
      readonly kind: 'ready';
      readonly launch: Launch;
      readonly mechanism: 'bubblewrap' | 'none';
      /** To be called once, when the launched program has ended or did not start. */
      release(): void;
    }
  /** `message` names the policy, what is missing and what to do. */
  | { readonly kind: 'unavailable'; readonly message: string };

/** Wraps launches so that the operating system holds a policy (spec/agent-core.md 3.1). */
export interface Sandbox {
  /**
   * @param policy full access and external sandboxes come back unchanged
   * @param workspace the thread's working directory, which a policy may make writable; a launch may start elsewhere, and
   *   the place where it starts gives it no rights
   */
  wrap(launch: Launch, policy: SandboxPolicy, workspace: string): Promise<SandboxedLaunch>;
  /**
   * What holds a policy on this machine, as far as that is known: before the first launch that needs it, what is meant to.
   * `none` also where nothing can, and launches are refused.
   */
  mechanismFor(policy: SandboxPolicy): 'bubblewrap' | 'none' | 'external';
}
