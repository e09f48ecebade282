/** What a rollout file holds beside its timestamp (spec/observability.md 3, spec/agent-core.md 8.2). */
export type RolloutLine =
  | { readonly type: 'session_meta'; readonly payload: SessionMeta }
  | { readonly type: 'turn_context'; readonly payload: Readonly<Record<string, unknown>> }
  | { readonly type: 'response_item'; readonly payload: Readonly<Record<string, unknown>> }
  | { readonly type: 'compacted'; readonly payload: Readonly<Record<string, unknown>> }
  | { readonly type: 'event_msg'; readonly payload: Readonly<Record<string, unknown>> };

/** A line as it was read back. */
export interface StoredLine {
  /** RFC 3339; undefined where a writer left it out. */
  readonly timestamp: string | undefined;
  /** Counts the lines of a paginated file; legacy files have none. */
  readonly ordinal: number | undefined;
  readonly line: RolloutLine;
}

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
  readonly agent_nickname?: string;
  readonly agent_role?: string;
  readonly agent_path?: string;
  readonly model_provider: string;
  readonly base_instructions?: { readonly text: string };
  readonly dynamic_tools?: readonly unknown[];
  readonly memory_mode?: string;
  /** Absent means `legacy`: the events of the older agent, and no ordinals. */
  readonly history_mode?: 'legacy' | 'paginated';
  /** The history begins in another file, and is not repeated in this one. */
  readonly history_base?: { readonly thread_id: string; readonly end_byte_offset?: number };
  readonly git?: {
    readonly commit_hash?: string;
    readonly branch?: string;
    readonly repository_url?: string;
  };
}
