import type { JsonValue } from '../../host/json.ts';
import type { ItemProducer } from '../model/conversation.ts';
import type { EventOf } from '../event/event.ts';
import { deliver } from './agents.ts';
import { cellCameUp, linkCellOutput } from './cells.ts';
import type { At, Draft, Mutable } from './draft.ts';
import { TraceFault } from './fault.ts';
import { append, conversationOf, known } from './look-up.ts';
import { fingerprintOf, normaliseItem } from './normalise-item.ts';
import type { ItemContent } from './normalise-item.ts';
import { linkItemToTool } from './tools.ts';

/** Where items stand, and who made them if they are new. */
export interface ItemSource {
  readonly at: At<unknown>;
  readonly threadId: string;
  readonly turnId: string;
  readonly payloadId: string;
  readonly producer?: ItemProducer;
}

/**
 * All of a conversation: what stands in the base with the same content keeps its item, each item at most once, in any order;
 * the rest is new (spec/observability.md 5, request reduction).
 */
export function reconcile(draft: Draft, items: readonly JsonValue[], source: ItemSource): string[] {
  const conversation = conversationOf(draft, source.threadId);
  const free = new Map<string, string[]>();
  for (const id of conversation.base) append(free, draft.fingerprints.get(id) ?? '', id);
  return contentsOf(items, source).map((content) => {
    const fingerprint = fingerprintOf(content);
    const candidates = free.get(fingerprint) ?? [];
    const index = candidates.findIndex((id) => mayBeSame(draft, id, content));
    const [id] = index === -1 ? [] : candidates.splice(index, 1);
    if (id === undefined) return create(draft, content, { ...source, fingerprint });
    complete(draft, id, content);
    return id;
  });
}

/**
 * What is added behind `prefix`: an earlier attempt may have added the same already, anything else there is an error.
 * @throws TraceFault when the conversation goes on differently
 */
export function extend(
  draft: Draft,
  prefix: readonly string[],
  items: readonly JsonValue[],
  source: ItemSource,
): string[] {
  const { base } = conversationOf(draft, source.threadId);
  return contentsOf(items, source).map((content, index) => {
    const fingerprint = fingerprintOf(content);
    const there = base[prefix.length + index];
    if (there === undefined) return create(draft, content, { ...source, fingerprint });
    if (draft.fingerprints.get(there) !== fingerprint || !mayBeSame(draft, there, content))
      throw new TraceFault(
        'contradiction',
        `${source.payloadId} goes on differently at item ${prefix.length + index} than ${there}`,
      );
    complete(draft, there, content);
    return there;
  });
}

/** Items that nothing earlier is compared with. */
export function addAll(draft: Draft, items: readonly JsonValue[], source: ItemSource): string[] {
  return contentsOf(items, source).map((content) =>
    create(draft, content, { ...source, fingerprint: fingerprintOf(content) }),
  );
}

/** The agent's history holds an item, which may come up only later. */
export function accept(draft: Draft, at: At<EventOf<'history_item_accepted'>>): void {
  const conversation = conversationOf(draft, known(at.threadId, 'the thread of an accepted item'));
  const id = at.payload.item_id;
  if (conversation.accepted.has(id)) return;
  conversation.accepted.set(id, { atMs: at.atMs, seq: at.seq });
  for (const itemId of conversation.itemsByResponsesId.get(id) ?? []) noteAcceptance(draft, itemId);
}

/** What stands in a request, a compaction or the history: the conversation as a reader understands it. */
export function hold(draft: Draft, threadId: string, ids: readonly string[]): void {
  const { held } = conversationOf(draft, threadId);
  for (const id of ids) held.add(id);
}

function contentsOf(items: readonly JsonValue[], { payloadId }: ItemSource): readonly ItemContent[] {
  return items.flatMap((item) => normaliseItem(item, payloadId) ?? []);
}

/** Ids of the API differ where both are known: then it is another item with the same words. */
function mayBeSame(draft: Draft, id: string, content: ItemContent): boolean {
  const theirs = draft.items.get(id)?.responses_item_id;
  return (
    theirs === undefined || content.responses_item_id === undefined || theirs === content.responses_item_id
  );
}

/** A later look at an item may know more of it: its id, or what a thought was about. */
function complete(draft: Draft, id: string, content: ItemContent): void {
  const item = known(draft.items.get(id), id);
  if (item.kind === 'reasoning' && content.body.parts.length > item.body.parts.length)
    item.body = structuredClone(content.body) as typeof item.body;
  if (item.responses_item_id === undefined && content.responses_item_id !== undefined) {
    item.responses_item_id = content.responses_item_id;
    nameItem(draft, id, item.thread_id, content.responses_item_id);
  }
}

function create(
  draft: Draft,
  content: ItemContent,
  { at, threadId, turnId, producer, fingerprint }: ItemSource & { readonly fingerprint: string },
): string {
  const conversation = conversationOf(draft, threadId);
  const { call_id: callId, responses_item_id: responsesId } = content;
  const isCall = content.kind === 'function_call' || content.kind === 'custom_tool_call';
  if (isCall && callId !== null)
    for (const earlier of conversation.callItems.get(callId) ?? [])
      if (draft.fingerprints.get(earlier) !== fingerprint)
        throw new TraceFault('contradiction', `call id ${callId} stands for two different calls`);
  const id = `conversation_item:${draft.items.size + 1}`;
  draft.items.set(id, {
    item_id: id,
    ...(responsesId !== undefined && { responses_item_id: responsesId }),
    thread_id: threadId,
    codex_turn_id: turnId,
    first_seen_at_unix_ms: at.atMs,
    ...(structuredClone(content) as Mutable<ItemContent>),
    produced_by: producer ? [producer] : [],
  });
  draft.fingerprints.set(id, fingerprint);
  if (responsesId !== undefined) nameItem(draft, id, threadId, responsesId);
  if (callId !== null && content.role === 'tool') {
    append(conversation.outputItems, callId, id);
    linkCellOutput(draft, threadId, callId, id);
  }
  if (callId !== null && isCall) append(conversation.callItems, callId, id);
  if (callId !== null) linkItemToTool(draft, threadId, callId, id);
  if (callId !== null && isCall) cellCameUp(draft, { threadId, callId, itemId: id });
  deliver(draft, id);
  return id;
}

function nameItem(draft: Draft, id: string, threadId: string, responsesId: string): void {
  const conversation = conversationOf(draft, threadId);
  append(conversation.itemsByResponsesId, responsesId, id);
  if (conversation.accepted.has(responsesId)) noteAcceptance(draft, id);
}

function noteAcceptance(draft: Draft, id: string): void {
  const item = known(draft.items.get(id), id);
  const { accepted, held } = conversationOf(draft, item.thread_id);
  const acceptance = accepted.get(item.responses_item_id ?? '');
  if (!acceptance || item.accepted_seq !== undefined) return;
  item.accepted_at_unix_ms = acceptance.atMs;
  item.accepted_seq = acceptance.seq;
  held.add(id);
}
