import type { ToolContext } from '../tools/tool.ts';
import type { SandboxPolicy } from './policy.ts';
import type { FileChange } from '../protocol/turn-item.ts';

/** How a command asks to be run. */
export interface CommandRequest {
  readonly callId: string;
  /** As it will be executed, such as `['/bin/bash', '-lc', 'git push']`. */
  readonly argv: readonly string[];
  readonly cwd: string;
  /** The model asks to leave the sandbox. */
  readonly wantsEscalation: boolean;
  readonly justification?: string;
  /** The model's proposal for a rule. */
  readonly prefixRule?: readonly string[];
}

/** What the policy says about a command or a patch, before it runs. */
export type Permission =
  | {
      readonly kind: 'run';
      readonly sandbox: SandboxPolicy;
      /** Somebody was asked and agreed. */ readonly wasAsked: boolean;
    }
  /** `message` goes to the model. */
  | { readonly kind: 'refused'; readonly message: string }
  /** Refused, and the turn is to be interrupted. */
  | { readonly kind: 'aborted'; readonly message: string };

/**
 * The one place where a turn meets policy: rules, approvals, and which sandbox holds. Shared by reference in a tree of
 * agents, so that an amendment holds everywhere at once (spec/agent-core.md 3.2).
 */
export interface Guard {
  permitCommand(request: CommandRequest, context: ToolContext): Promise<Permission>;
  permitPatch(
    patch: { readonly callId: string; readonly changes: readonly FileChange[] },
    context: ToolContext,
  ): Promise<Permission>;
  permitMcpTool(
    call: {
      readonly callId: string;
      readonly server: string;
      readonly tool: string;
      readonly annotations: {
        readonly readOnlyHint?: boolean;
        readonly destructiveHint?: boolean;
        readonly openWorldHint?: boolean;
      };
      /** `auto`, `prompt` or `approve` from the server's configuration. */
      readonly mode: string | undefined;
    },
    context: ToolContext,
  ): Promise<Permission>;
  /** The sandbox stopped a command: may it run again without? Asks where the policy lets it. */
  permitWithoutSandbox(request: CommandRequest, context: ToolContext): Promise<Permission>;
}
