import type { EventOf } from '../event/event.ts';
import type { PayloadReference } from '../event/payload.ts';
import type { ExecutionStatus } from '../model/execution.ts';
import type { InferenceCall, TokenUsage } from '../model/inference.ts';
import type { JsonValue } from '../../host/json.ts';
import { addAll, extend, hold, reconcile } from './conversation.ts';
import type { ItemSource } from './conversation.ts';
import type { At, Draft, Mutable } from './draft.ts';
import { TraceFault } from './fault.ts';
import { conversationOf, endAt, known, startedAt, startOnce, turnOf } from './look-up.ts';
import { listAt, memberOf, numberAt, textAt } from '../read-json.ts';

/** The model is asked: what it is told is joined with what it was told before. */
export function inferenceStarted(draft: Draft, at: At<EventOf<'inference_started'>>): void {
  const { payload } = at;
  const { inference_call_id: id, thread_id: threadId, codex_turn_id: turnId } = payload;
  startOnce(draft.inferences, id, 'inference');
  turnOf(draft, { turnId, threadId });
  const { raw_payload_id: payloadId } = payload.request_payload;
  const request = draft.payloads.read(payload.request_payload);
  const input = listAt(request, 'input');
  if (!input) throw new TraceFault('malformed_payload', `the request ${payloadId} has no input`);
  const source: ItemSource = { at, threadId, turnId, payloadId };
  const previous = textAt(request, 'previous_response_id');
  const conversation = conversationOf(draft, threadId);
  const items =
    previous === undefined ? reconcile(draft, input, source) : continued(draft, previous, { input, source });
  conversation.base = [...items];
  hold(draft, threadId, items);
  draft.inferences.set(id, {
    inference_call_id: id,
    thread_id: threadId,
    codex_turn_id: turnId,
    execution: startedAt(at),
    model: payload.model,
    provider_name: payload.provider_name,
    response_id: null,
    upstream_request_id: null,
    request_item_ids: items,
    response_item_ids: [],
    tool_call_ids_started_by_response: [],
    usage: null,
    raw_request_payload_id: payloadId,
    raw_response_payload_id: null,
  });
}

/**
 * A request that names the response it goes on from says only what is new. The name is a `response_id` of this thread; no
 * `x-request-id` is ever one (trap 19).
 */
function continued(
  draft: Draft,
  responseId: string,
  { input, source }: { readonly input: readonly JsonValue[]; readonly source: ItemSource },
): string[] {
  const { inferenceByResponseId } = conversationOf(draft, source.threadId);
  const previous = draft.inferences.get(inferenceByResponseId.get(responseId) ?? '');
  if (!previous)
    throw new TraceFault(
      'unknown_reference',
      `${source.payloadId} goes on from a response that is not known`,
    );
  const prefix = [...previous.request_item_ids, ...previous.response_item_ids];
  return [...prefix, ...extend(draft, prefix, input, source)];
}

type Terminal = EventOf<'inference_completed' | 'inference_failed' | 'inference_cancelled'>;

const STATUS = {
  inference_completed: 'completed',
  inference_failed: 'failed',
  inference_cancelled: 'cancelled',
} as const satisfies Record<Terminal['type'], ExecutionStatus>;

/**
 * How it ended. What comes after the end of its turn changes neither status nor time and still says what it knows (trap
 * 20); the first of two ends is the one that counts, and the second fills what that one left open (trap 21).
 */
export function inferenceEnded(draft: Draft, at: At<Terminal>): void {
  const { payload } = at;
  const call = known(
    draft.inferences.get(payload.inference_call_id),
    `inference ${payload.inference_call_id}`,
  );
  if (call.execution.ended_seq === null) endAt(call.execution, at, STATUS[payload.type]);
  call.upstream_request_id ??= payload.upstream_request_id ?? null;
  const isCompleted = payload.type === 'inference_completed';
  if (isCompleted) nameResponse(draft, call, payload.response_id ?? null);
  const answer = isCompleted ? payload.response_payload : payload.partial_response_payload;
  if (answer && call.raw_response_payload_id === null) takeAnswer(draft, call, { at, answer });
}

function nameResponse(draft: Draft, call: Mutable<InferenceCall>, responseId: string | null): void {
  if (responseId === null || call.response_id !== null) return;
  call.response_id = responseId;
  const { inferenceByResponseId } = conversationOf(draft, call.thread_id);
  if (!inferenceByResponseId.has(responseId)) inferenceByResponseId.set(responseId, call.inference_call_id);
}

function takeAnswer(
  draft: Draft,
  call: Mutable<InferenceCall>,
  { at, answer }: { readonly at: At<unknown>; readonly answer: PayloadReference },
): void {
  const response = draft.payloads.read(answer);
  const { inference_call_id: id, thread_id: threadId, codex_turn_id: turnId } = call;
  const items = listAt(response, 'output_items');
  if (!items)
    throw new TraceFault('malformed_payload', `the answer ${answer.raw_payload_id} has no output items`);
  call.raw_response_payload_id = answer.raw_payload_id;
  call.usage = usageOf(memberOf(response, 'token_usage'));
  call.response_item_ids = addAll(draft, items, {
    at,
    threadId,
    turnId,
    payloadId: answer.raw_payload_id,
    producer: { type: 'inference', inference_call_id: id },
  });
  // A late answer is no part of a conversation that has gone on meanwhile.
  const conversation = conversationOf(draft, threadId);
  if (sameIds(conversation.base, call.request_item_ids))
    conversation.base = [...call.request_item_ids, ...call.response_item_ids];
}

const sameIds = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((id, index) => id === other[index]);

function usageOf(value: JsonValue | undefined): TokenUsage | null {
  const input = numberAt(value, 'input_tokens');
  const cached = numberAt(value, 'cached_input_tokens');
  const output = numberAt(value, 'output_tokens');
  const reasoning = numberAt(value, 'reasoning_output_tokens');
  if (input === undefined || cached === undefined || output === undefined || reasoning === undefined)
    return null;
  return {
    input_tokens: input,
    cached_input_tokens: cached,
    cache_write_input_tokens: numberAt(value, 'cache_write_input_tokens') ?? 0,
    output_tokens: output,
    reasoning_output_tokens: reasoning,
  };
}

/** A turn that ends closes what it still asked: completed or cancelled, the answer was not waited for (trap 22). */
export function endInferencesOf(
  draft: Draft,
  turnId: string,
  at: At<unknown>,
  status: ExecutionStatus,
): void {
  if (status === 'running') return;
  for (const call of draft.inferences.values())
    if (call.codex_turn_id === turnId && call.execution.ended_seq === null)
      endAt(call.execution, at, status === 'completed' ? 'cancelled' : status);
}
