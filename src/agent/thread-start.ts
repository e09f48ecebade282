import type { SessionMeta } from '../store/rollouts/line.ts';
import type { StartOptions } from './agent.ts';
import type { AgentConfig } from './config/config.ts';
import { AgentStartError } from './start-error.ts';
import type { ThreadStart } from './thread/manager.ts';
import { readDynamicTools } from './tools/dynamic/definitions.ts';
import type { DynamicToolDefinition } from './tools/dynamic/definitions.ts';

/** Names that a client's own tools cannot take. */
const RESERVED_TOOLS: ReadonlySet<string> = new Set([
  'apply_patch',
  'exec_command',
  'request_user_input',
  'shell_command',
  'tool_search',
  'update_plan',
  'view_image',
  'write_stdin',
]);

/** What is asked where nobody names a model, by the id of the provider. */
const DEFAULT_MODELS: Readonly<Record<string, string>> = {
  'amazon-bedrock': 'openai.gpt-5.5',
  lmstudio: 'openai/gpt-oss-20b',
  ollama: 'gpt-oss:20b',
};
const DEFAULT_MODEL = 'gpt-5.5';

/** The home's configuration with what the caller says over it, and what the thread brings along. */
export function configOf(
  config: AgentConfig,
  { recording }: ThreadStart,
  { settings = {} }: StartOptions,
): AgentConfig {
  const { cwd, model, effort, approvalPolicy, sandboxPolicy } = settings;
  return {
    ...config,
    cwd: cwd ?? config.cwd,
    model: model ?? config.model,
    effort: effort === undefined ? config.effort : (effort ?? undefined),
    approvalPolicy: approvalPolicy ?? config.approvalPolicy,
    sandboxPolicy: sandboxPolicy ?? config.sandboxPolicy,
    // A thread keeps the instructions that it began with, whoever wrote them, where the configuration has none.
    baseInstructions: config.baseInstructions ?? metaOf(recording).base_instructions?.text,
  };
}

const metaOf = (recording: ThreadStart['recording']): SessionMeta =>
  recording.kind === 'resumed' ? recording.thread.meta : recording.meta;

/** Where nobody names a model: the one that a resumed thread was last asked with, or the provider's usual one. */
export function modelSlugOf({ restored }: ThreadStart, providerId: string): string {
  const model = restored?.lastTurnContext?.['model'];
  return typeof model === 'string' ? model : (DEFAULT_MODELS[providerId] ?? DEFAULT_MODEL);
}

/**
 * Of the client that is there, or those that the thread was started with, itself or the one that it was forked from (trap 17).
 * @throws AgentStartError for what is no definition of a tool
 */
export async function dynamicToolsOf(
  { recording }: ThreadStart,
  { dynamicTools }: StartOptions,
): Promise<readonly DynamicToolDefinition[]> {
  const { dynamic_tools: stored } = metaOf(recording);
  const read = await readDynamicTools(dynamicTools ?? stored ?? [], RESERVED_TOOLS);
  if (read.kind === 'invalid') throw new AgentStartError(read.message);
  return read.definitions;
}
