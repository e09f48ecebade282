import type { ExecutionWindow } from './execution.ts';

/** The moment at which a shorter conversation took the place of a long one. */
export interface Compaction {
  readonly compaction_id: string;
  readonly thread_id: string;
  readonly codex_turn_id: string;
  readonly installed_at_unix_ms: number;
  readonly marker_item_id: string;
  readonly request_ids: readonly string[];
  readonly input_item_ids: readonly string[];
  readonly replacement_item_ids: readonly string[];
}

/** An attempt to have a conversation made shorter; it alone changes nothing. */
export interface CompactionRequest {
  readonly compaction_request_id: string;
  readonly compaction_id: string;
  readonly thread_id: string;
  readonly codex_turn_id: string;
  readonly execution: ExecutionWindow;
  readonly model: string;
  readonly provider_name: string;
  readonly raw_request_payload_id: string;
  readonly raw_response_payload_id: string | null;
}
