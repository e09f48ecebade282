import type { JsonObject } from '../../host/json.ts';

/** The model is asked. Attempts after a 401, retries of the turn, and HTTP after WebSocket are inferences of their own. */
export type InferenceFact =
  /** One question of the turn with all its retries (`run_sampling_request`). */
  | (TurnScope & { readonly type: 'sampling_started'; readonly samplingId: string })
  | (TurnScope & { readonly type: 'sampling_ended'; readonly samplingId: string; readonly retries: number })
  | (TurnScope & {
      readonly type: 'inference_started';
      /** UUID, new for each. */
      readonly inferenceId: string;
      readonly purpose: 'turn' | 'compaction' | 'prewarm';
      readonly transport: 'http' | 'websocket' | 'scripted';
      readonly endpoint: string;
      readonly model: string;
      readonly provider: ProviderFacts;
      readonly effort?: string;
      readonly hasTurnMetadata: boolean;
      /** The logical request: on a first WebSocket request all of the input, on later ones what is sent. */
      readonly request: () => JsonObject;
    })
  | (TurnScope & {
      readonly type: 'inference_ended';
      readonly inferenceId: string;
      readonly status: 'completed' | 'failed' | 'cancelled';
      /** Of the response; null unless it completed. */
      readonly responseId: string | null;
      /** `x-request-id` of the HTTP answer, of errors as well; null on a WebSocket (spec/observability.md 5). */
      readonly upstreamRequestId: string | null;
      readonly responseModel?: string;
      readonly usage?: UsageFacts;
      /** Whole output items that came, reasoning with its content. */
      readonly items: readonly JsonObject[];
      /** `http <status>`, or the transport's own words, or why it was cancelled; never a body. */
      readonly error?: string;
      readonly httpStatus?: number;
      /** From the request to the first event, and to the first word, thought or call. */
      readonly firstEventMs?: number;
      readonly firstTokenMs?: number;
      readonly durationMs: number;
    });

export interface TurnScope {
  readonly threadId: string;
  /** Absent before the first turn. */
  readonly turnId?: string;
}

export interface ProviderFacts {
  readonly id: string;
  readonly name: string;
  /** Of the base URL. */
  readonly host?: string;
  readonly port?: number;
}

export interface UsageFacts {
  readonly input_tokens: number;
  readonly cached_input_tokens: number;
  readonly output_tokens: number;
  readonly reasoning_output_tokens: number;
  readonly total_tokens: number;
}
