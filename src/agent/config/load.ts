import { dirname, join, resolve } from 'node:path';
import type { Files } from '../../host/files.ts';
import { booleanAt, stringAt, valueAt } from '../../target/config/facts.ts';
import type { ConfigFacts, ConfigProblem } from '../../target/config/facts.ts';
import { userDirectory } from '../../target/home.ts';
import type { Target } from '../../target/target.ts';
import type { AgentConfig } from './config.ts';
import { environmentPolicyOf } from './environment-policy.ts';
import { featuresOf, featureWarnings } from './features.ts';
import { approvalPolicyOf, sandboxPolicyOf } from './policies.ts';
import type { EntryPoint } from './policies.ts';
import { problemWarnings } from './problem-warnings.ts';
import { projectInstructions } from './project-instructions.ts';

export type LoadedAgentConfig =
  | {
      readonly kind: 'loaded';
      readonly config: AgentConfig;
      /** The user trusts the project around the working directory. */
      readonly isTrustedProject: boolean;
    }
  /** The agent does not start on these; each has its place. */
  | { readonly kind: 'faulty'; readonly problems: readonly ConfigProblem[] };

export interface AgentConfigOptions {
  readonly entryPoint: EntryPoint;
  readonly files: Files;
}

const DEFAULT_PROVIDER = 'openai';
const DEFAULT_PROJECT_DOC_BYTES = 32 * 1024;
/** How long an empty poll of a background terminal may wait (spec/agent-core.md 2.2). */
const DEFAULT_TERMINAL_TIMEOUT_MS = 300_000;

/** The settings of a thread from the target's configuration, which holds the overrides of the command line already. */
export function loadAgentConfig(
  target: Pick<Target, 'home' | 'cwd' | 'env' | 'config' | 'databases'>,
  { entryPoint, files }: AgentConfigOptions,
): LoadedAgentConfig {
  const facts = target.config();
  const problems = facts.problems.filter(({ fatal }) => fatal);
  if (problems.length > 0) return { kind: 'faulty', problems };
  const { effective } = facts;
  const { cwd, env } = target;
  const text = (key: string): string | undefined => stringAt(effective, key);
  const fileText = (key: string): string | undefined => {
    const path = locate(facts, key, target);
    const read = path === undefined ? undefined : files.readText(path);
    return read?.kind === 'read' ? read.text.trim() : undefined;
  };
  const sandbox = sandboxPolicyOf(facts, { cwd, env });
  const config: AgentConfig = {
    home: target.home.path,
    sqliteHome: target.databases().home.path,
    cwd,
    model: text('model'),
    modelProviderId: text('model_provider') ?? DEFAULT_PROVIDER,
    effort: text('model_reasoning_effort'),
    summary: wordAt(facts, 'model_reasoning_summary', ['auto', 'concise', 'detailed', 'none']),
    verbosity: wordAt(facts, 'model_verbosity', ['low', 'medium', 'high']),
    serviceTier: text('service_tier'),
    contextWindow: countAt(facts, 'model_context_window'),
    autoCompactTokenLimit: countAt(facts, 'model_auto_compact_token_limit'),
    autoCompactScope:
      wordAt(facts, 'model_auto_compact_token_limit_scope', ['total', 'body_after_prefix']) ?? 'total',
    toolOutputTokenLimit: countAt(facts, 'tool_output_token_limit'),
    approvalPolicy: approvalPolicyOf(facts, entryPoint),
    sandboxPolicy: sandbox.policy,
    environmentPolicy: environmentPolicyOf(facts),
    webSearch: webSearchOf(facts, sandbox.policy),
    backgroundTerminalMaxTimeoutMs:
      countAt(facts, 'background_terminal_max_timeout') ?? DEFAULT_TERMINAL_TIMEOUT_MS,
    baseInstructions: fileText('model_instructions_file') ?? text('instructions'),
    developerInstructions: text('developer_instructions'),
    compactPrompt: text('compact_prompt') ?? fileText('experimental_compact_prompt_file'),
    userInstructions: projectInstructions(
      { home: target.home.path, cwd, project: facts.project, files },
      {
        maxBytes: countAt(facts, 'project_doc_max_bytes', { least: 0 }) ?? DEFAULT_PROJECT_DOC_BYTES,
        fallbackNames: textsAt(facts, 'project_doc_fallback_filenames'),
      },
    ),
    recordsInterruptMarker: booleanAt(effective, 'agents.interrupt_message') ?? true,
    isFeatureOn: featuresOf(facts),
    warnings: [...problemWarnings(facts.problems), ...featureWarnings(facts), ...sandbox.warnings],
  };
  return { kind: 'loaded', config, isTrustedProject: facts.project.trust === 'trusted' };
}

/** The file that a key names: counted from the folder of the file that says so; on the command line, from the working folder. */
function locate(
  facts: ConfigFacts,
  key: string,
  { cwd, env }: Pick<Target, 'cwd' | 'env'>,
): string | undefined {
  const written = stringAt(facts.effective, key);
  if (written === undefined) return undefined;
  if (/^~(?:$|[/\\])/.test(written)) return join(userDirectory(env), written.slice(1));
  const layer = facts.sourceOf(key);
  return resolve(!layer || layer.kind === 'override' ? cwd : dirname(layer.origin), written);
}

function wordAt<Word extends string>(
  { effective }: ConfigFacts,
  key: string,
  words: readonly Word[],
): Word | undefined {
  const value = stringAt(effective, key);
  return words.find((word) => word === value);
}

/** A whole number that means something: below `least` it is as if nothing were set. */
function countAt({ effective }: ConfigFacts, key: string, { least = 1 } = {}): number | undefined {
  const value = valueAt(effective, key);
  if (typeof value !== 'number' && typeof value !== 'bigint') return undefined;
  return value >= least ? Math.min(Number(value), Number.MAX_SAFE_INTEGER) : undefined;
}

function textsAt({ effective }: ConfigFacts, key: string): string[] {
  const value = valueAt(effective, key);
  return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : [];
}

/**
 * `web_search`, then its retired flags. By default pages come from a cache, and live where commands have the whole network anyway
 * (measured on codex 0.169). `indexed` stays with what is stored.
 */
function webSearchOf(facts: ConfigFacts, { type }: AgentConfig['sandboxPolicy']): AgentConfig['webSearch'] {
  const chosen = wordAt(facts, 'web_search', ['live', 'cached', 'indexed', 'disabled']);
  if (chosen !== undefined) return chosen === 'indexed' ? 'cached' : chosen;
  if (facts.features['web_search_cached'] === true) return 'cached';
  if (facts.features['web_search_request'] === true) return 'live';
  return type === 'danger-full-access' ? 'live' : 'cached';
}
