import type { JsonValue } from '../../host/json.ts';
import type { EventOf } from '../event/event.ts';
import type { PayloadReference } from '../event/payload.ts';
import type { InteractionEdge } from '../model/thread.ts';
import type { ToolCall } from '../model/tool.ts';
import type { At, Draft, Mutable, PendingEdge } from './draft.ts';
import { TraceFault } from './fault.ts';
import { include, known, threadOf } from './look-up.ts';
import { memberOf, parseJson, textAt } from '../read-json.ts';

/** A message goes out, or an agent is closed: the terminal event of the call may come long after its arrival. */
export function agentToolStarted(draft: Draft, tool: Mutable<ToolCall>, reference: PayloadReference): void {
  const { type } = tool.kind;
  if (type !== 'send_message' && type !== 'assign_agent_task' && type !== 'close_agent') return;
  const payload = draft.payloads.read(reference);
  const to = receiverOf(payload);
  if (to === undefined) {
    if (textAt(payload, 'call_id') === undefined && textAt(payload, 'event_id') === undefined)
      throw new TraceFault('malformed_payload', `${reference.raw_payload_id} is no call of an agent`);
    return;
  }
  const edge = edgeOfTool(tool, { id: `edge:tool:${tool.tool_call_id}`, kind: type, to });
  if (type === 'close_agent') {
    if (draft.threads.has(to)) draft.edges.set(edge.edge_id, edge);
    return;
  }
  send(draft, { edge, from: tool.thread_id, to, message: messageOf(draft, tool, payload) });
}

/** An agent was spawned, or a message left. */
export function agentToolRan(
  draft: Draft,
  tool: Mutable<ToolCall>,
  { at, reference }: { readonly at: At<unknown>; readonly reference: PayloadReference },
): void {
  const edge = openEdgeOf(draft, tool);
  if (edge) {
    edge.ended_at_unix_ms = at.atMs;
    include(edge.carried_raw_payload_ids, reference.raw_payload_id);
    return;
  }
  if (tool.kind.type !== 'spawn_agent') return;
  const payload = draft.payloads.read(reference);
  const child = textAt(payload, 'new_thread_id') ?? textAt(payload, 'agent_thread_id');
  if (child === undefined) return;
  const id = spawnEdgeId(tool.thread_id, child);
  const spawned = edgeOfTool(tool, { id, kind: 'spawn_agent', to: child });
  spawned.ended_at_unix_ms = at.atMs;
  send(draft, { edge: spawned, from: tool.thread_id, to: child, message: messageOf(draft, tool, payload) });
}

export function agentToolEnded(draft: Draft, tool: Mutable<ToolCall>, reference: PayloadReference): void {
  const edge = openEdgeOf(draft, tool);
  if (edge) include(edge.carried_raw_payload_ids, reference.raw_payload_id);
}

/** A child told its parent how its turn went. */
export function agentResult(draft: Draft, at: At<EventOf<'agent_result_observed'>>): void {
  const { payload } = at;
  const { edge_id: id, child_thread_id: child, parent_thread_id: parent, carried_payload: carried } = payload;
  threadOf(draft, child);
  threadOf(draft, parent);
  const payloads = carried ? [carried.raw_payload_id] : [];
  const waiting = draft.pendingEdges.get(id);
  if (waiting) {
    waiting.edge.ended_at_unix_ms = at.atMs;
    for (const one of payloads) include(waiting.edge.carried_raw_payload_ids, one);
    return;
  }
  const words = [...draft.items.values()].findLast(
    (item) =>
      item.thread_id === child &&
      item.codex_turn_id === payload.child_codex_turn_id &&
      item.role === 'assistant' &&
      item.kind === 'message',
  );
  const edge: Mutable<InteractionEdge> = {
    edge_id: id,
    kind: 'agent_result',
    source: words
      ? { type: 'conversation_item', item_id: words.item_id }
      : { type: 'thread', thread_id: child },
    target: { type: 'thread', thread_id: parent },
    started_at_unix_ms: at.atMs,
    ended_at_unix_ms: at.atMs,
    carried_item_ids: [],
    carried_raw_payload_ids: payloads,
  };
  send(draft, { edge, from: child, to: parent, message: payload.message });
}

/** An item is new: perhaps somebody waits for its arrival. */
export function deliver(draft: Draft, itemId: string): void {
  for (const pending of draft.pendingEdges.values()) if (arrive(draft, pending, itemId)) return;
}

/** At the end, spawned threads are there even if no message came; other information that never came is no edge. */
export function settleSpawns(draft: Draft): void {
  for (const { edge } of draft.pendingEdges.values())
    if (
      edge.kind === 'spawn_agent' &&
      edge.target.type === 'thread' &&
      draft.threads.has(edge.target.thread_id)
    )
      draft.edges.set(edge.edge_id, edge);
  draft.pendingEdges.clear();
}

export const spawnEdgeId = (parent: string, child: string): string => `edge:spawn:${parent}:${child}`;

function send(draft: Draft, pending: PendingEdge): void {
  draft.pendingEdges.set(pending.edge.edge_id, pending);
  for (const item of draft.items.values()) if (arrive(draft, pending, item.item_id)) return;
}

/** Exactly this message, from this agent to that one, in the conversation of the latter, and not delivered before. */
function arrive(draft: Draft, { edge, from, to, message }: PendingEdge, itemId: string): boolean {
  const item = known(draft.items.get(itemId), itemId);
  const [sender, receiver] = [draft.threads.get(from), draft.threads.get(to)];
  if (item.thread_id !== to || !sender || !receiver || draft.delivered.has(itemId)) return false;
  const letter = letterOf(item);
  if (letter?.author !== sender.agent_path || letter.recipient !== receiver.agent_path) return false;
  if (letter.text !== message) return false;
  edge.target = { type: 'conversation_item', item_id: itemId };
  edge.carried_item_ids = [itemId];
  draft.delivered.add(itemId);
  draft.pendingEdges.delete(edge.edge_id);
  draft.edges.set(edge.edge_id, edge);
  return true;
}

interface Letter {
  readonly author: string | undefined;
  readonly recipient: string | undefined;
  readonly text: string | undefined;
}

/** Messages between agents are items of their own, or messages of the assistant in JSON. */
function letterOf({
  kind,
  role,
  agent_message: header,
  body: { parts },
}: NonNullable<ReturnType<Draft['items']['get']>>): Letter | undefined {
  const [part, more] = parts;
  if (kind !== 'message' || role !== 'assistant' || part?.type !== 'text' || more) return undefined;
  if (header) return { ...header, text: part.text };
  if (!part.text.startsWith('{')) return undefined;
  const json = parseJson(part.text);
  return {
    author: textAt(json, 'author'),
    recipient: textAt(json, 'recipient'),
    text: textAt(json, 'content'),
  };
}

function edgeOfTool(
  tool: Mutable<ToolCall>,
  { id, kind, to }: { readonly id: string; readonly kind: InteractionEdge['kind']; readonly to: string },
): Mutable<InteractionEdge> {
  const invocation = tool.raw_invocation_payload_id;
  return {
    edge_id: id,
    kind,
    source: { type: 'tool_call', tool_call_id: tool.tool_call_id },
    target: { type: 'thread', thread_id: to },
    started_at_unix_ms: tool.execution.started_at_unix_ms,
    ended_at_unix_ms: null,
    carried_item_ids: [],
    carried_raw_payload_ids: [...(invocation === null ? [] : [invocation]), ...tool.raw_runtime_payload_ids],
  };
}

/** The edge of this call that still takes up what the call tells: one that waits, or a closing. */
function openEdgeOf(draft: Draft, tool: Mutable<ToolCall>): Mutable<InteractionEdge> | undefined {
  const id = `edge:tool:${tool.tool_call_id}`;
  const own = draft.pendingEdges.get(id)?.edge ?? draft.edges.get(id);
  if (own) return own.kind === 'close_agent' || draft.pendingEdges.has(id) ? own : undefined;
  return [...draft.pendingEdges.values()].find(
    ({ edge: { source } }) => source.type === 'tool_call' && source.tool_call_id === tool.tool_call_id,
  )?.edge;
}

const receiverOf = (payload: JsonValue): string | undefined =>
  textAt(payload, 'receiver_thread_id') ?? textAt(payload, 'agent_thread_id');

function messageOf(draft: Draft, tool: Mutable<ToolCall>, payload: JsonValue): string {
  const prompt = textAt(payload, 'prompt');
  if (prompt !== undefined) return prompt;
  const reference = draft.references.get(tool.raw_invocation_payload_id ?? '');
  if (!reference) return '';
  const invocation = memberOf(draft.payloads.read(reference), 'payload');
  return textAt(parseJson(textAt(invocation, 'arguments') ?? ''), 'message') ?? '';
}
