import type { ExecutionStatus, ExecutionWindow } from '../model/execution.ts';
import type { AgentThread, CodexTurn } from '../model/thread.ts';
import type { At, Draft, Mutable, ThreadConversation } from './draft.ts';
import { TraceFault } from './fault.ts';

/** @throws TraceFault unless the thread has started */
export function threadOf(draft: Draft, id: string): Mutable<AgentThread> {
  return known(draft.threads.get(id), `thread ${id}`);
}

/** @throws TraceFault unless the thread has started */
export function conversationOf(draft: Draft, threadId: string): ThreadConversation {
  return known(draft.conversations.get(threadId), `thread ${threadId}`);
}

/** @throws TraceFault unless the turn has started, in this thread where one is named */
export function turnOf(
  draft: Draft,
  { turnId, threadId }: { readonly turnId: string; readonly threadId?: string | undefined },
): Mutable<CodexTurn> {
  const turn = known(draft.turns.get(turnId), `turn ${turnId}`);
  if (threadId !== undefined && turn.thread_id !== threadId)
    throw new TraceFault('contradiction', `turn ${turnId} belongs to another thread than ${threadId}`);
  return turn;
}

/** @throws TraceFault naming what is not there */
export function known<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined)
    throw new TraceFault('unknown_reference', `${what} is spoken of and never started`);
  return value;
}

/** @throws TraceFault when there is one already */
export function startOnce(map: ReadonlyMap<string, unknown>, id: string, what: string): void {
  if (map.has(id)) throw new TraceFault('duplicate', `${what} ${id} started twice`);
}

export const startedAt = ({ atMs, seq }: At<unknown>): Mutable<ExecutionWindow> => ({
  started_at_unix_ms: atMs,
  started_seq: seq,
  ended_at_unix_ms: null,
  ended_seq: null,
  status: 'running',
});

export function endAt(
  window: Mutable<ExecutionWindow>,
  { atMs, seq }: At<unknown>,
  status: ExecutionStatus,
): void {
  window.ended_at_unix_ms = atMs;
  window.ended_seq = seq;
  window.status = status;
}

/** Adds to a list that stands in a map. */
export function append(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/** Adds what is not in the list yet. */
export function include(list: string[], value: string): void {
  if (!list.includes(value)) list.push(value);
}
