import type { AuthTags } from '../../telemetry/auth-facts.ts';
import { AUTH_FACTS_EVENT } from '../event/event.ts';
import type { EventOf } from '../event/event.ts';
import type { At, Draft } from './draft.ts';
import { isObject, memberOf, textAt } from '../read-json.ts';

/** There are forty tags; a trace that somebody wrote by hand gives no more than this. */
const MAX_TAGS = 256;

/** Events of the protocol are kept as they are; the facts of authentication are joined with what they speak of. */
export function protocolEvent(
  draft: Draft,
  { payload, turnId }: At<EventOf<'protocol_event_observed'>>,
): void {
  if (payload.event_type !== AUTH_FACTS_EVENT) return;
  const told = draft.payloads.read(payload.event_payload);
  const tags = memberOf(told, 'tags');
  if (!isObject(tags)) return;
  const facts = Object.fromEntries(
    Object.entries(tags)
      .filter((entry): entry is [string, string] => typeof entry[1] === 'string')
      .slice(0, MAX_TAGS),
  ) satisfies AuthTags;
  const call = draft.inferences.get(textAt(told, 'inference_call_id') ?? '');
  if (call) call.auth_facts = facts;
  const turn = draft.turns.get(turnId ?? '');
  if (turn) turn.auth_facts = facts;
}
