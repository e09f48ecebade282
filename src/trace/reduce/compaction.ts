import type { EventOf } from '../event/event.ts';
import { addAll, hold, reconcile } from './conversation.ts';
import type { ItemSource } from './conversation.ts';
import type { At, Draft } from './draft.ts';
import { TraceFault } from './fault.ts';
import { conversationOf, endAt, known, startedAt, startOnce, turnOf } from './look-up.ts';
import { listAt } from '../read-json.ts';

/** An attempt to make the conversation shorter; it changes nothing. */
export function compactionAsked(draft: Draft, at: At<EventOf<'compaction_request_started'>>): void {
  const { payload } = at;
  const id = payload.compaction_request_id;
  startOnce(draft.compactionRequests, id, 'compaction request');
  turnOf(draft, { turnId: payload.codex_turn_id, threadId: payload.thread_id });
  draft.compactionRequests.set(id, {
    compaction_request_id: id,
    compaction_id: payload.compaction_id,
    thread_id: payload.thread_id,
    codex_turn_id: payload.codex_turn_id,
    execution: startedAt(at),
    model: payload.model,
    provider_name: payload.provider_name,
    raw_request_payload_id: payload.request_payload.raw_payload_id,
    raw_response_payload_id: null,
  });
}

export function compactionAnswered(
  draft: Draft,
  at: At<EventOf<'compaction_request_completed' | 'compaction_request_failed'>>,
): void {
  const { payload } = at;
  const id = payload.compaction_request_id;
  const request = known(draft.compactionRequests.get(id), `compaction request ${id}`);
  if (request.compaction_id !== payload.compaction_id)
    throw new TraceFault('contradiction', `the compaction request ${id} belongs to another compaction`);
  const isCompleted = payload.type === 'compaction_request_completed';
  endAt(request.execution, at, isCompleted ? 'completed' : 'failed');
  if (isCompleted) request.raw_response_payload_id = payload.response_payload.raw_payload_id;
}

/** A shorter conversation takes the place of the long one, and is what the next request is compared with. */
export function compactionInstalled(draft: Draft, at: At<EventOf<'compaction_installed'>>): void {
  const { compaction_id: id, checkpoint_payload: reference } = at.payload;
  startOnce(draft.compactions, id, 'compaction');
  const threadId = known(at.threadId, `the thread of the compaction ${id}`);
  const turnId = known(at.turnId, `the turn of the compaction ${id}`);
  turnOf(draft, { turnId, threadId });
  const checkpoint = draft.payloads.read(reference);
  const payloadId = reference.raw_payload_id;
  const [before, after] = [listAt(checkpoint, 'input_history'), listAt(checkpoint, 'replacement_history')];
  if (!before || !after)
    throw new TraceFault('malformed_payload', `the checkpoint ${payloadId} has not both conversations`);
  const source: ItemSource = { at, threadId, turnId, payloadId };
  const producer = { type: 'compaction', compaction_id: id } as const;
  const input = reconcile(draft, before, source);
  const marker = `conversation_item:${draft.items.size + 1}`;
  draft.items.set(marker, {
    item_id: marker,
    thread_id: threadId,
    codex_turn_id: turnId,
    first_seen_at_unix_ms: at.atMs,
    role: 'assistant',
    channel: null,
    kind: 'compaction_marker',
    body: { parts: [] },
    call_id: null,
    produced_by: [producer],
  });
  const replacement = addAll(draft, after, { ...source, producer });
  hold(draft, threadId, [...input, marker, ...replacement]);
  conversationOf(draft, threadId).base = [...replacement];
  draft.compactions.set(id, {
    compaction_id: id,
    thread_id: threadId,
    codex_turn_id: turnId,
    installed_at_unix_ms: at.atMs,
    marker_item_id: marker,
    request_ids: [...draft.compactionRequests.values()]
      .filter((request) => request.compaction_id === id)
      .map((request) => request.compaction_request_id),
    input_item_ids: input,
    replacement_item_ids: replacement,
  });
}
