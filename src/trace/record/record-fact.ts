import type { JsonObject } from '../../host/json.ts';
import type { AgentFact } from '../../telemetry/facts/fact.ts';
import { AUTH_FACTS_EVENT, PROTOCOL_EVENTS } from '../event/event.ts';
import type { RecordedThread, Recording } from './recording.ts';
import { recordInferenceEnd, recordInferenceStart } from './record-inference.ts';
import { recordTool } from './record-tool.ts';

export interface RecordTools {
  readonly ids: { random(): string };
}

export type FactOf<Type extends AgentFact['type']> = Extract<AgentFact, { readonly type: Type }>;

/** Writes one fact of a thread that is being recorded; what the format has no event for is passed over. */
export function recordFact(recording: Recording, fact: AgentFact, tools: RecordTools): void {
  const threadId = 'threadId' in fact ? fact.threadId : undefined;
  const thread = recording.threads.get(threadId ?? '');
  if (threadId === undefined || !thread) return;
  const turnId = 'turnId' in fact && thread.turns.has(fact.turnId ?? '') ? fact.turnId : undefined;
  const scope = { threadId, turnId };
  const { writer } = recording;
  switch (fact.type) {
    case 'turn_started':
      if (thread.turns.has(fact.turnId)) return;
      thread.turns.add(fact.turnId);
      return writer.event(
        { type: 'codex_turn_started', codex_turn_id: fact.turnId, thread_id: threadId },
        { threadId, turnId: fact.turnId },
      );
    case 'turn_ended':
      thread.compaction = undefined;
      if (turnId === undefined) return;
      recordAuthFacts(recording, thread, fact);
      return writer.event(
        {
          type: 'codex_turn_ended',
          codex_turn_id: turnId,
          // A turn that was interrupted is spelt as codex spells it [V].
          status: fact.status === 'aborted' ? 'cancelled' : fact.status,
        },
        scope,
      );
    case 'item_recorded': {
      const { id } = fact.item();
      if (typeof id === 'string') writer.event({ type: 'history_item_accepted', item_id: id }, scope);
      return;
    }
    case 'protocol_event':
      return recordProtocolEvent(recording, fact);
    case 'compaction_installed':
      return recordCompaction(recording, thread, fact);
    case 'inference_started':
      return recordInferenceStart(recording, thread, { fact, tools });
    case 'inference_ended':
      thread.auth.response(fact);
      return recordInferenceEnd(recording, fact);
    case 'attempt':
      thread.auth.attempt(fact.facts);
      return recordAuthFacts(recording, thread, fact);
    case 'recovery':
      thread.auth.recovery(fact.facts);
      return recordAuthFacts(recording, thread, fact);
    case 'tool_started':
    case 'tool_ended':
    case 'terminal_started':
    case 'terminal_ended':
    case 'terminal_input':
    case 'mcp_call_started':
    case 'mcp_call_ended':
      return recordTool(recording, thread, fact);
    default:
  }
}

function recordProtocolEvent({ writer }: Recording, fact: FactOf<'protocol_event'>): void {
  const name = PROTOCOL_EVENTS.get(fact.name);
  if (name === undefined) return;
  const event = writer.payload('protocol_event', withoutWordsOfServers(fact.event()));
  if (event) writer.event({ type: 'protocol_event_observed', event_type: name, event_payload: event });
}

/** An error for the user may quote the body of an answer, which is in no trace (spec/transport.md 5); its class stays. */
const withoutWordsOfServers = (event: JsonObject): JsonObject =>
  event['type'] === 'error' ? { type: 'error', info: event['info'] ?? null } : event;

/** As they stand after an attempt or a recovery, and at the end of a turn: a call has its latest, and so has the turn. */
function recordAuthFacts(
  { writer, inferences }: Recording,
  thread: RecordedThread,
  fact: FactOf<'attempt' | 'recovery' | 'turn_ended'>,
): void {
  const { threadId, turnId } = fact;
  const inferenceId = fact.type === 'turn_ended' ? undefined : fact.inferenceId;
  const tags = thread.auth.tags();
  if (Object.keys(tags).length === 0) return;
  const payload = writer.payload('protocol_event', {
    type: AUTH_FACTS_EVENT,
    after: fact.type,
    inference_call_id: inferenceId !== undefined && inferences.has(inferenceId) ? inferenceId : null,
    tags,
  });
  if (payload)
    writer.event(
      { type: 'protocol_event_observed', event_type: AUTH_FACTS_EVENT, event_payload: payload },
      { threadId, turnId: thread.turns.has(turnId ?? '') ? turnId : undefined },
    );
}

/** What was sent to be made shorter counts as the conversation before. */
function recordCompaction(
  { writer }: Recording,
  thread: RecordedThread,
  fact: FactOf<'compaction_installed'>,
): void {
  const { threadId, turnId } = fact;
  if (turnId === undefined || !thread.turns.has(turnId)) return;
  const { id, input } = thread.compaction ?? { id: fact.compactionId, input: [] };
  thread.compaction = undefined;
  const checkpoint = writer.payload('compaction_checkpoint', {
    input_history: input,
    replacement_history: fact.replacement(),
  });
  if (checkpoint)
    writer.event(
      { type: 'compaction_installed', compaction_id: id, checkpoint_payload: checkpoint },
      { threadId, turnId },
    );
}
