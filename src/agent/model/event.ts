import type { ResponseItem } from '../protocol/item.ts';
import type { JsonValue } from '../../host/json.ts';
import type { RateLimitSnapshot, TokenUsage } from '../protocol/usage.ts';

/** What one response of the model brings, whatever the transport (spec/transport.md 1.4). */
export type ModelEvent =
  | { readonly type: 'created' }
  | { readonly type: 'item_added'; readonly item: ResponseItem }
  | { readonly type: 'item_done'; readonly item: ResponseItem }
  | { readonly type: 'text_delta'; readonly delta: string }
  | {
      readonly type: 'tool_input_delta';
      readonly itemId: string;
      readonly callId: string | undefined;
      readonly delta: string;
    }
  | { readonly type: 'reasoning_summary_delta'; readonly delta: string; readonly summaryIndex: number }
  | { readonly type: 'reasoning_summary_part'; readonly summaryIndex: number }
  | { readonly type: 'reasoning_delta'; readonly delta: string; readonly contentIndex: number }
  | { readonly type: 'server_model'; readonly model: string }
  | { readonly type: 'rate_limits'; readonly snapshot: RateLimitSnapshot }
  | { readonly type: 'models_etag'; readonly etag: string }
  | { readonly type: 'server_reasoning_included' }
  | { readonly type: 'model_verifications'; readonly verifications: readonly string[] }
  | { readonly type: 'turn_moderation'; readonly metadata: JsonValue }
  /** The terminal success; nothing follows. */
  | {
      readonly type: 'completed';
      readonly responseId: string;
      /** `x-request-id` of the HTTP answer; null on a WebSocket. Never the response's id (trap 6). */
      readonly upstreamRequestId: string | null;
      readonly usage: TokenUsage | undefined;
      /** `false` asks for another request although no tool was called. */
      readonly endTurn: boolean | undefined;
    };
