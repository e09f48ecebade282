import type { ApprovalPolicy, SandboxPolicy } from '../policy/policy.ts';
import type { EnvironmentPolicy } from '../tools/terminal/inherited.ts';

/** The settings of one thread, told from the configuration of its home, with the agent's defaults for what is unset. */
export interface AgentConfig {
  readonly home: string;
  /** Where the databases live. */
  readonly sqliteHome: string;
  readonly cwd: string;
  /** Undefined: the provider's own default. */
  readonly model: string | undefined;
  readonly modelProviderId: string;
  readonly effort: string | undefined;
  /** Undefined: the model's own default, as for `verbosity`. */
  readonly summary: 'auto' | 'concise' | 'detailed' | 'none' | undefined;
  readonly verbosity: 'low' | 'medium' | 'high' | undefined;
  readonly serviceTier: string | undefined;
  readonly contextWindow: number | undefined;
  readonly autoCompactTokenLimit: number | undefined;
  readonly autoCompactScope: 'total' | 'body_after_prefix';
  /** Tokens that a tool's output may have in history; undefined: the model's. */
  readonly toolOutputTokenLimit: number | undefined;
  readonly approvalPolicy: ApprovalPolicy;
  readonly sandboxPolicy: SandboxPolicy;
  readonly environmentPolicy: EnvironmentPolicy;
  readonly webSearch: 'live' | 'cached' | 'disabled';
  readonly backgroundTerminalMaxTimeoutMs: number;
  /** `base_instructions`, or the text of `model_instructions_file`. */
  readonly baseInstructions: string | undefined;
  readonly developerInstructions: string | undefined;
  readonly compactPrompt: string | undefined;
  /** Text of the home's and the project's `AGENTS.md`, outermost first, cut to `project_doc_max_bytes`. */
  readonly userInstructions: string | undefined;
  readonly recordsInterruptMarker: boolean;
  readonly isFeatureOn: (name: string) => boolean;
  /** Warnings that the user is told once, at the start. */
  readonly warnings: readonly ConfigWarning[];
}

export interface ConfigWarning {
  readonly kind: 'warning' | 'deprecation';
  readonly message: string;
}
