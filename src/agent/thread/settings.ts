import type { AgentConfig } from '../config/config.ts';
import type { ModelRequest } from '../model/client.ts';
import type { ModelInfo } from '../model/info.ts';
import type { ApprovalPolicy, SandboxPolicy } from '../policy/policy.ts';
import type { ThreadSettings } from '../protocol/op.ts';

/** What one turn runs with. Taken when it starts: a change in the middle holds from the next one on. */
export interface TurnSettings {
  readonly cwd: string;
  readonly model: ModelInfo;
  /** Undefined: the model's own default. */
  readonly effort: string | undefined;
  readonly approvalPolicy: ApprovalPolicy;
  readonly sandboxPolicy: SandboxPolicy;
}

/** @param model the slug to ask for; the configuration may leave it to the provider */
export function initialSettings(config: AgentConfig, model: ModelInfo): TurnSettings {
  const { cwd, effort, approvalPolicy, sandboxPolicy } = config;
  return { cwd, model, effort, approvalPolicy, sandboxPolicy };
}

/** How much of its thoughts a model is asked to show: the configuration's word, or the model's own default. */
export const summaryFor = ({ summary }: AgentConfig, model: ModelInfo): ModelRequest['summary'] =>
  summary ?? model.defaultSummary ?? 'auto';

/** The settings with what a client changes; absent keys stay as they are, `effort: null` goes back to the default. */
export function applySettings(
  settings: TurnSettings,
  change: ThreadSettings,
  modelInfo: (slug: string) => ModelInfo,
): TurnSettings {
  return {
    cwd: change.cwd ?? settings.cwd,
    model: change.model === undefined ? settings.model : modelInfo(change.model),
    effort: change.effort === undefined ? settings.effort : (change.effort ?? undefined),
    approvalPolicy: change.approvalPolicy ?? settings.approvalPolicy,
    sandboxPolicy: change.sandboxPolicy ?? settings.sandboxPolicy,
  };
}
