import type { JsonObject, JsonValue } from '../../host/json.ts';

/** An event as the Responses API spells it on the wire. */
export interface WireEvent extends JsonObject {
  readonly type: string;
}

export interface WireUsage {
  readonly inputTokens?: number;
  readonly cachedTokens?: number;
  readonly outputTokens?: number;
  readonly reasoningTokens?: number;
}

/** The first event of a response. */
export const created = (id: string): WireEvent => ({ type: 'response.created', response: { id } });

/** Pieces of a text as they come. */
export const textDeltas = (...deltas: readonly string[]): readonly WireEvent[] =>
  deltas.map((delta) => ({ type: 'response.output_text.delta', delta }));

/** An item has begun. */
export const itemAdded = (item: JsonObject): WireEvent => ({ type: 'response.output_item.added', item });
/** An item is complete. */
export const itemDone = (item: JsonObject): WireEvent => ({ type: 'response.output_item.done', item });

/** A message of the assistant: begun, in one piece for each text, done. */
export function message(text: string | readonly string[], id = 'msg_1'): readonly WireEvent[] {
  const pieces = typeof text === 'string' ? [text] : text;
  const begun = { type: 'message', id, role: 'assistant', content: [] };
  const whole = { ...begun, content: [{ type: 'output_text', text: pieces.join('') }] };
  return [itemAdded(begun), ...textDeltas(...pieces), itemDone(whole)];
}

/** A call of a function; arguments that are no text are written as JSON. */
export function functionCall(
  name: string,
  args: JsonValue,
  ids: { readonly id?: string; readonly callId?: string } = {},
): WireEvent {
  const { id = 'fc_1', callId = 'call_1' } = ids;
  const text = typeof args === 'string' ? args : JSON.stringify(args);
  return itemDone({ type: 'function_call', id, name, arguments: text, call_id: callId });
}

/** The terminal success. */
export function completed(id: string, usage: WireUsage = {}, more: JsonObject = {}): WireEvent {
  const { inputTokens = 0, cachedTokens = 0, outputTokens = 0, reasoningTokens = 0 } = usage;
  return {
    type: 'response.completed',
    response: {
      id,
      usage: {
        input_tokens: inputTokens,
        input_tokens_details: { cached_tokens: cachedTokens },
        output_tokens: outputTokens,
        output_tokens_details: { reasoning_tokens: reasoningTokens },
        total_tokens: inputTokens + outputTokens,
      },
      ...more,
    },
  };
}

/** The terminal failure, by its code, such as `server_is_overloaded`. */
export const failed = (code: string, text = `It ended with ${code}.`): WireEvent => ({
  type: 'response.failed',
  response: { id: 'resp_failed', error: { code, message: text } },
});

/** The end of a response that stopped before its own, by its reason, such as `max_output_tokens`. */
export const incomplete = (reason: string): WireEvent => ({
  type: 'response.incomplete',
  response: { id: 'resp_incomplete', incomplete_details: { reason } },
});
