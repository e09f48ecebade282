import type { JsonValue } from '../../host/json.ts';
import type { EventOf } from '../event/event.ts';
import type { ThreadOrigin } from '../model/thread.ts';
import { spawnEdgeId } from './agents.ts';
import { endCellsOf } from './cells.ts';
import { newConversation } from './draft.ts';
import type { At, Draft } from './draft.ts';
import { TraceFault } from './fault.ts';
import { endInferencesOf } from './inference.ts';
import { endAt, startedAt, startOnce, threadOf, turnOf } from './look-up.ts';
import { memberOf, textAt } from '../read-json.ts';

export function threadStarted(draft: Draft, at: At<EventOf<'thread_started'>>): void {
  const { thread_id: id, agent_path: path, metadata_payload: reference } = at.payload;
  startOnce(draft.threads, id, 'thread');
  const metadata = reference ? draft.payloads.read(reference) : null;
  draft.conversations.set(id, newConversation());
  draft.threads.set(id, {
    thread_id: id,
    agent_path: path,
    nickname: textAt(metadata, 'nickname') ?? null,
    origin: originOf(metadata, { id, path }),
    execution: startedAt(at),
    default_model: textAt(metadata, 'model') ?? null,
    conversation_item_ids: [],
  });
}

function originOf(
  metadata: JsonValue,
  { id, path }: { readonly id: string; readonly path: string },
): ThreadOrigin {
  const source = memberOf(memberOf(metadata, 'session_source'), 'subagent');
  const spawn = memberOf(source, 'thread_spawn');
  const parent = textAt(spawn, 'parent_thread_id');
  if (parent === undefined) return { type: 'root' };
  return {
    type: 'spawned',
    parent_thread_id: parent,
    spawn_edge_id: spawnEdgeId(parent, id),
    task_name: textAt(metadata, 'task_name') ?? path.slice(path.lastIndexOf('/') + 1),
    agent_role: textAt(metadata, 'agent_role') ?? textAt(spawn, 'agent_role') ?? '',
  };
}

export function threadEnded(draft: Draft, at: At<EventOf<'thread_ended'>>): void {
  endAt(threadOf(draft, at.payload.thread_id).execution, at, at.payload.status);
}

/** @throws TraceFault for a thread of another trace, and for one that still runs */
export function threadResumed(draft: Draft, at: At<EventOf<'thread_resumed'>>): void {
  const { thread_id: id, execution } = threadOf(draft, at.payload.thread_id);
  if (execution.ended_seq === null)
    throw new TraceFault('contradiction', `thread ${id} is resumed and has not ended`);
  execution.ended_at_unix_ms = null;
  execution.ended_seq = null;
  execution.status = 'running';
}

export function turnStarted(draft: Draft, at: At<EventOf<'codex_turn_started'>>): void {
  const { codex_turn_id: id, thread_id: threadId } = at.payload;
  startOnce(draft.turns, id, 'turn');
  draft.turns.set(id, {
    codex_turn_id: id,
    thread_id: threadOf(draft, threadId).thread_id,
    execution: startedAt(at),
    input_item_ids: [],
  });
}

export function turnEnded(draft: Draft, at: At<EventOf<'codex_turn_ended'>>): void {
  const { codex_turn_id: turnId, status } = at.payload;
  endAt(turnOf(draft, { turnId }).execution, at, status);
  endInferencesOf(draft, turnId, at, status);
  endCellsOf(draft, turnId, at, status);
}
