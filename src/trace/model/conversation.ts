/** An item of a thread's conversation, in the order in which the trace shows it first. */
export interface ConversationItem {
  /** `conversation_item:<n>`. */
  readonly item_id: string;
  /** `id` of the Responses API. */
  readonly responses_item_id?: string;
  /** When the agent took it into its history. */
  readonly accepted_at_unix_ms?: number;
  readonly accepted_seq?: number;
  readonly thread_id: string;
  readonly codex_turn_id: string | null;
  readonly first_seen_at_unix_ms: number;
  readonly role: ConversationRole;
  readonly channel: ConversationChannel | null;
  readonly kind: ConversationItemKind;
  /** From one agent to another, by their paths. */
  readonly agent_message?: { readonly author: string; readonly recipient: string };
  readonly body: { readonly parts: readonly ConversationPart[] };
  readonly call_id: string | null;
  readonly produced_by: readonly ItemProducer[];
}

export type ConversationRole = 'system' | 'developer' | 'user' | 'assistant' | 'tool';
export type ConversationChannel = 'analysis' | 'commentary' | 'final' | 'summary';
export type ConversationItemKind =
  | 'message'
  | 'reasoning'
  | 'function_call'
  | 'function_call_output'
  | 'custom_tool_call'
  | 'custom_tool_call_output'
  | 'compaction_marker';

export type ConversationPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'summary'; readonly text: string }
  | { readonly type: 'encoded'; readonly label: string; readonly value: string }
  /** Compared by its summary, {@link JSON_SUMMARY_BYTES}; the whole stands in the payload. */
  | { readonly type: 'json'; readonly summary: string; readonly raw_payload_id: string }
  | { readonly type: 'code'; readonly language: string; readonly source: string }
  | {
      readonly type: 'payload_ref';
      readonly label: string;
      readonly raw_payload_id: string;
      /** Of the part as JSON with sorted members: what it is compared by. */
      readonly content_sha256?: string;
    };

export type ItemProducer =
  | { readonly type: 'inference'; readonly inference_call_id: string }
  | { readonly type: 'tool'; readonly tool_call_id: string }
  | { readonly type: 'code_cell'; readonly code_cell_id: string }
  | { readonly type: 'interaction_edge'; readonly edge_id: string }
  | { readonly type: 'compaction'; readonly compaction_id: string };

/** JSON bodies are held and compared by this much of their text (spec/observability.md 5). */
export const JSON_SUMMARY_BYTES = 240;
