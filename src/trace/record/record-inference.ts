import type { JsonValue } from '../../host/json.ts';
import type { EventScope } from '../write/writer.ts';
import type { Asking, RecordedThread, Recording } from './recording.ts';
import type { FactOf, RecordTools } from './record-fact.ts';

/** Each attempt is told of its own; a prewarm asks nothing and is not (spec/observability.md 5, identifiers). */
export function recordInferenceStart(
  { writer, asking, inferences }: Recording,
  thread: RecordedThread,
  { fact, tools }: { readonly fact: FactOf<'inference_started'>; readonly tools: RecordTools },
): void {
  const { threadId, turnId, inferenceId, purpose, model, provider } = fact;
  if (purpose === 'prewarm' || turnId === undefined || !thread.turns.has(turnId) || asking.has(inferenceId))
    return;
  const asked = { thread_id: threadId, codex_turn_id: turnId, model, provider_name: provider.name };
  const request = fact.request();
  const scope: EventScope = { threadId, turnId };
  if (purpose === 'turn') {
    const payload = writer.payload('inference_request', request);
    if (!payload) return;
    asking.set(inferenceId, { purpose, scope });
    inferences.add(inferenceId);
    writer.event(
      { type: 'inference_started', inference_call_id: inferenceId, ...asked, request_payload: payload },
      scope,
    );
    return;
  }
  const payload = writer.payload('compaction_request', request);
  if (!payload) return;
  const input = inputOf(request['input']);
  thread.compaction = { id: thread.compaction?.id ?? tools.ids.random(), input };
  const compactionId = thread.compaction.id;
  asking.set(inferenceId, { purpose, scope, compactionId, requestId: inferenceId });
  writer.event(
    {
      type: 'compaction_request_started',
      compaction_id: compactionId,
      compaction_request_id: inferenceId,
      ...asked,
      request_payload: payload,
    },
    scope,
  );
}

const inputOf = (input: JsonValue | undefined): readonly JsonValue[] =>
  Array.isArray(input) ? (input as readonly JsonValue[]) : [];

/** The first end counts; an attempt that never began in this trace has none. */
export function recordInferenceEnd(recording: Recording, fact: FactOf<'inference_ended'>): void {
  const { asking } = recording;
  const one = asking.get(fact.inferenceId);
  if (!one) return;
  asking.delete(fact.inferenceId);
  if (one.purpose === 'turn') endInference(recording, fact, one.scope);
  else endCompactionRequest(recording, fact, one);
}

function endInference({ writer }: Recording, fact: FactOf<'inference_ended'>, scope: EventScope): void {
  const ids = { inference_call_id: fact.inferenceId, upstream_request_id: fact.upstreamRequestId };
  const isCompleted = fact.status === 'completed';
  // Of what did not complete, whole items are worth keeping, and its response has no id to go on from.
  const payload =
    isCompleted || fact.items.length > 0
      ? writer.payload('inference_response', {
          response_id: isCompleted ? fact.responseId : null,
          upstream_request_id: fact.upstreamRequestId,
          token_usage: fact.usage ?? null,
          output_items: fact.items,
        })
      : null;
  if (isCompleted && payload)
    writer.event(
      { type: 'inference_completed', ...ids, response_id: fact.responseId, response_payload: payload },
      scope,
    );
  else if (fact.status === 'failed')
    writer.event(
      {
        type: 'inference_failed',
        ...ids,
        error: fact.error ?? 'unknown',
        partial_response_payload: payload ?? null,
      },
      scope,
    );
  else if (fact.status === 'cancelled')
    writer.event(
      {
        type: 'inference_cancelled',
        ...ids,
        reason: fact.error ?? 'interrupted',
        partial_response_payload: payload ?? null,
      },
      scope,
    );
}

function endCompactionRequest(
  { writer }: Recording,
  fact: FactOf<'inference_ended'>,
  { compactionId, requestId, scope }: Extract<Asking, { readonly purpose: 'compaction' }>,
): void {
  const ids = { compaction_id: compactionId, compaction_request_id: requestId };
  if (fact.status !== 'completed') {
    writer.event({ type: 'compaction_request_failed', ...ids, error: fact.error ?? fact.status }, scope);
    return;
  }
  const payload = writer.payload('compaction_response', {
    response_id: fact.responseId,
    upstream_request_id: fact.upstreamRequestId,
    token_usage: fact.usage ?? null,
    output_items: fact.items,
  });
  if (payload)
    writer.event({ type: 'compaction_request_completed', ...ids, response_payload: payload }, scope);
}
