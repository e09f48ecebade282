/** What a rollout file holds beside its timestamp (spec/observability.md 3, spec/agent-core.md 8.2). */
export type RolloutLine =
  | { readonly type: 'session_meta'; readonly payload: SessionMeta }
  | { readonly type: 'turn_context'; readonly payload: Readonly<Record<string, unknown>> }
  | { readonly type: 'response_item'; readonly payload: Readonly<Record<string, unknown>> }
  | { readonly type: 'compacted'; readonly payload: Readonly<Record<string, unknown>> }
  | { readonly type: 'event_msg'; readonly payload: Readonly<Record<string, unknown>> };

export interface SessionMeta {
  readonly id: string;
  readonly session_id?: string;
  readonly forked_from_id?: string;
  readonly parent_thread_id?: string;
  /** RFC 3339, UTC. */
  readonly timestamp: string;
  readonly cwd: string;
  readonly originator: string;
  readonly cli_version: string;
  readonly source: unknown;
  readonly thread_source?: string;
  readonly model_provider: string;
  readonly base_instructions?: { readonly text: string };
  readonly dynamic_tools?: readonly unknown[];
  readonly git?: {
    readonly commit_hash?: string;
    readonly branch?: string;
    readonly repository_url?: string;
  };
}
