import type { RolloutLine, SessionMeta } from '../rollouts/line.ts';
import { isImageOnly, previewOf } from '../rollouts/preview.ts';

/** The columns of `threads` that a rollout tells (spec/observability.md 2.4). */
export interface ThreadRow {
  readonly id: string;
  readonly rollout_path: string;
  readonly created_at_ms: number;
  readonly updated_at_ms: number;
  readonly source: string;
  readonly model_provider: string;
  readonly cwd: string;
  readonly title: string;
  readonly sandbox_policy: string;
  readonly approval_mode: string;
  readonly tokens_used: number;
  readonly git_sha: string | null;
  readonly git_branch: string | null;
  readonly git_origin_url: string | null;
  readonly cli_version: string;
  readonly first_user_message: string;
  readonly agent_nickname: string | null;
  readonly agent_role: string | null;
  readonly agent_path: string | null;
  readonly memory_mode: string;
  readonly model: string | null;
  readonly reasoning_effort: string | null;
  readonly thread_source: string | null;
  readonly preview: string;
  readonly history_mode: string;
  readonly originator: string | null;
}

/** Derives the row of one thread from its lines, in their order. */
export interface ThreadRowBuilder {
  take(line: RolloutLine): void;
  /** Undefined until the `session_meta` has been taken. */
  row(updatedAtMs: number): ThreadRow | undefined;
}

export function createThreadRowBuilder(rolloutPath: string): ThreadRowBuilder {
  let meta: SessionMeta | undefined;
  let cwd = '';
  let model: string | null = null;
  let effort: string | null = null;
  let approvalMode = '';
  let sandboxPolicy = '';
  let tokensUsed = 0;
  let title = '';
  let firstUserMessage = '';
  let preview = '';

  const takeContext = (context: Readonly<Record<string, unknown>>): void => {
    model = textOf(context['model']) ?? model;
    effort = textOf(context['effort']) ?? effort;
    approvalMode = plainOrJson(context['approval_policy']) ?? approvalMode;
    sandboxPolicy = jsonOf(context['permission_profile'] ?? context['sandbox_policy']) ?? sandboxPolicy;
    if (cwd === '') cwd = textOf(context['cwd']) ?? '';
  };
  const takeEvent = (line: Extract<RolloutLine, { type: 'event_msg' }>): void => {
    tokensUsed = tokensIn(line.payload) ?? tokensUsed;
    preview ||= objectiveIn(line.payload) ?? '';
    const spoken = previewOf(line);
    if (spoken === undefined) return;
    firstUserMessage ||= spoken;
    preview ||= spoken;
    if (!isImageOnly(spoken)) title ||= spoken;
  };
  return {
    take(line) {
      if (line.type === 'turn_context') takeContext(line.payload);
      else if (line.type === 'event_msg') takeEvent(line);
      // A later one is the parent's, which a legacy fork has copied.
      else if (line.type === 'session_meta' && !meta) {
        meta = line.payload;
        cwd ||= textOf(meta.cwd) ?? '';
      }
    },
    row(updatedAtMs) {
      if (!meta) return undefined;
      const createdAtMs = Date.parse(meta.timestamp);
      return {
        id: meta.id.toLowerCase(),
        rollout_path: rolloutPath,
        created_at_ms: Number.isNaN(createdAtMs) ? updatedAtMs : createdAtMs,
        updated_at_ms: updatedAtMs,
        source: plainOrJson(meta.source) ?? 'vscode',
        model_provider: meta.model_provider ?? '',
        cwd,
        title,
        sandbox_policy: sandboxPolicy,
        approval_mode: approvalMode,
        tokens_used: tokensUsed,
        git_sha: meta.git?.commit_hash ?? null,
        git_branch: meta.git?.branch ?? null,
        git_origin_url: meta.git?.repository_url ?? null,
        cli_version: meta.cli_version ?? '',
        first_user_message: firstUserMessage,
        agent_nickname: meta.agent_nickname ?? null,
        agent_role: meta.agent_role ?? null,
        agent_path: meta.agent_path ?? null,
        memory_mode: meta.memory_mode ?? 'enabled',
        model,
        reasoning_effort: effort,
        thread_source: meta.thread_source ?? null,
        preview,
        history_mode: meta.history_mode ?? 'legacy',
        originator: meta.originator ?? null,
      };
    },
  };
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const jsonOf = (value: unknown): string | undefined =>
  value === undefined || value === null ? undefined : JSON.stringify(value);
/** A simple value is its own text, a structured one compact JSON. */
const plainOrJson = (value: unknown): string | undefined => textOf(value) ?? jsonOf(value);

function tokensIn(event: Readonly<Record<string, unknown>>): number | undefined {
  if (event['type'] !== 'token_count') return undefined;
  const info = event['info'] as
    | { readonly total_token_usage?: { readonly total_tokens?: unknown } }
    | null
    | undefined;
  const total = info?.total_token_usage?.total_tokens;
  return typeof total === 'number' ? Math.max(0, Math.trunc(total)) : undefined;
}

function objectiveIn(event: Readonly<Record<string, unknown>>): string | undefined {
  if (event['type'] !== 'thread_goal_updated') return undefined;
  const goal = event['goal'] as { readonly objective?: unknown } | null | undefined;
  return textOf(goal?.objective);
}
