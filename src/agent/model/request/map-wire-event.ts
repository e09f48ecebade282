import type { JsonObject, JsonValue } from '../../../host/json.ts';
import type { ModelError } from '../error.ts';
import type { ModelEvent } from '../event.ts';
import { errorOfFailedResponse, errorOfIncompleteResponse } from './failed-response.ts';
import { streamError } from './failure.ts';
import { hiddenTexts } from './hiding.ts';
import type { Hide } from './hiding.ts';
import { isObject, numberAt, objectAt, stringAt } from './json-parts.ts';
import { rateLimitsOfFrame } from './rate-limits.ts';
import { readItem } from './read-item.ts';
import { completedOf } from './completed.ts';

/** What the mapping of one response remembers from event to event. */
export interface WireState {
  readonly transport: 'http' | 'websocket';
  /** Of the HTTP answer; null on a WebSocket. */
  readonly upstreamRequestId: string | null;
  /** As last told, by the head of the answer or by an event. */
  serverModel: string | undefined;
  /** Takes the credential of the request out of what the server says of itself. */
  readonly hide: Hide;
}

/**
 * What one decoded event of a response means (spec/transport.md 1.4), over HTTP and WebSocket alike. Appends to `events`;
 * what nobody knows, or what lacks its parts, adds nothing.
 * @param nowMs wall time, for failures that tell when they end
 * @returns the failure that the event tells of: at once the end on a WebSocket, and over HTTP when the stream ends
 *   (trap 16)
 */
export function mapWireEvent(
  event: JsonValue,
  state: WireState,
  { events, nowMs }: { readonly events: ModelEvent[]; readonly nowMs: () => number },
): ModelError | undefined {
  if (!isObject(event)) return undefined;
  tellServerModel(event, state, events);
  switch (event['type']) {
    case 'response.completed': {
      const completed = completedOf(event['response'], state.upstreamRequestId);
      if (completed === 'malformed') return streamError('the end of the response cannot be read');
      if (completed) events.push(completed);
      return undefined;
    }
    case 'response.failed':
      return errorOfFailedResponse(objectAt(hiddenTexts(event, state.hide), 'response'), nowMs());
    case 'response.incomplete':
      return errorOfIncompleteResponse(objectAt(hiddenTexts(event, state.hide), 'response'));
    case 'response.metadata':
      events.push(...metadataEvents(objectAt(hiddenTexts(event, state.hide), 'metadata')));
      return undefined;
    case 'codex.rate_limits': {
      const isTold = state.transport === 'websocket';
      const snapshot = isTold ? rateLimitsOfFrame(hiddenTexts(event, state.hide)) : undefined;
      if (snapshot) events.push({ type: 'rate_limits', snapshot });
      return undefined;
    }
    default: {
      const mapped = progressOf(event);
      if (mapped) events.push(mapped);
      return undefined;
    }
  }
}

/** Items and deltas: one event each. */
function progressOf(event: JsonObject): ModelEvent | undefined {
  const delta = event['delta'];
  switch (event['type']) {
    case 'response.output_text.delta':
      return typeof delta === 'string' ? { type: 'text_delta', delta } : undefined;
    case 'response.created':
      return isObject(event['response']) ? { type: 'created' } : undefined;
    case 'response.output_item.added': {
      const item = readItem(event['item']);
      return item && { type: 'item_added', item };
    }
    case 'response.output_item.done': {
      const item = readItem(event['item']);
      return item && { type: 'item_done', item };
    }
    case 'response.custom_tool_call_input.delta': {
      const callId = stringAt(event, 'call_id');
      const itemId = stringAt(event, 'item_id') ?? callId;
      if (typeof delta !== 'string' || itemId === undefined) return undefined;
      return { type: 'tool_input_delta', itemId, callId, delta };
    }
    case 'response.reasoning_summary_text.delta': {
      const summaryIndex = numberAt(event, 'summary_index');
      if (typeof delta !== 'string' || summaryIndex === undefined) return undefined;
      return { type: 'reasoning_summary_delta', delta, summaryIndex };
    }
    case 'response.reasoning_summary_part.added': {
      const summaryIndex = numberAt(event, 'summary_index');
      return summaryIndex === undefined ? undefined : { type: 'reasoning_summary_part', summaryIndex };
    }
    case 'response.reasoning_text.delta': {
      const contentIndex = numberAt(event, 'content_index');
      if (typeof delta !== 'string' || contentIndex === undefined) return undefined;
      return { type: 'reasoning_delta', delta, contentIndex };
    }
    default:
      return undefined;
  }
}

/** Any event may say in headers of its own which model answers; told when it changes. */
function tellServerModel(event: JsonObject, state: WireState, events: ModelEvent[]): void {
  const response = event['response'];
  const inner = isObject(response) ? response['headers'] : undefined;
  const outer = event['headers'];
  if (inner === undefined && outer === undefined) return;
  const model = serverModelOf(inner) ?? serverModelOf(outer);
  // One that repeats what was sent is no name of a model.
  if (model === undefined || model === state.serverModel || state.hide(model) !== model) return;
  state.serverModel = model;
  events.push({ type: 'server_model', model });
}

const SERVER_MODEL = /^(?:x-)?openai-model$/i;

function serverModelOf(headers: JsonValue | undefined): string | undefined {
  if (!isObject(headers)) return undefined;
  for (const [name, value] of Object.entries(headers)) {
    if (!SERVER_MODEL.test(name)) continue;
    const model: JsonValue | undefined = Array.isArray(value) ? value[0] : value;
    if (typeof model === 'string') return model;
  }
  return undefined;
}

const KNOWN_VERIFICATIONS: ReadonlySet<JsonValue> = new Set(['trusted_access_for_cyber']);

function metadataEvents(metadata: JsonObject | undefined): readonly ModelEvent[] {
  const recommended = metadata?.['openai_verification_recommendation'];
  const verifications = Array.isArray(recommended)
    ? [...new Set((recommended as JsonValue[]).filter((value) => KNOWN_VERIFICATIONS.has(value)).map(String))]
    : [];
  const moderation = metadata?.['openai_chatgpt_moderation_metadata'];
  return [
    ...(verifications.length > 0 ? [{ type: 'model_verifications', verifications } as const] : []),
    ...(moderation === undefined || moderation === null
      ? []
      : [{ type: 'turn_moderation', metadata: moderation } as const]),
  ];
}
