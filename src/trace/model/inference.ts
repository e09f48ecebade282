import type { AuthTags } from '../../telemetry/auth-facts.ts';
import type { ExecutionWindow } from './execution.ts';

/** One attempt to ask the model. Retries, and HTTP after WebSocket, are calls of their own. */
export interface InferenceCall {
  readonly inference_call_id: string;
  readonly thread_id: string;
  readonly codex_turn_id: string;
  readonly execution: ExecutionWindow;
  readonly model: string;
  readonly provider_name: string;
  /** Of the provider's response; what `previous_response_id` names. */
  readonly response_id: string | null;
  /** `x-request-id` of the HTTP answer: what a provider's support asks for. Null on a WebSocket. */
  readonly upstream_request_id: string | null;
  readonly request_item_ids: readonly string[];
  readonly response_item_ids: readonly string[];
  readonly tool_call_ids_started_by_response: readonly string[];
  readonly usage: TokenUsage | null;
  readonly raw_request_payload_id: string;
  readonly raw_response_payload_id: string | null;
  /** What was known of authentication after its latest request: `auth_*`, `auth_401_*`, `auth_recovery_*`. */
  readonly auth_facts?: AuthTags;
}

export interface TokenUsage {
  readonly input_tokens: number;
  readonly cached_input_tokens: number;
  readonly cache_write_input_tokens: number;
  readonly output_tokens: number;
  readonly reasoning_output_tokens: number;
}
