import type { EventMsg } from '../../agent/protocol/event.ts';
import type { Op } from '../../agent/protocol/op.ts';

/**
 * The answer of a run that nobody attends to whatever the thread asks: no. A question that stays open would hold the turn
 * for ever (spec/agent-core.md 1.7).
 * @returns undefined for events that ask nothing
 */
export function refusalOf(msg: EventMsg): Op | undefined {
  switch (msg.type) {
    case 'exec_approval_request':
      return { type: 'exec_approval', id: msg.call_id, decision: { kind: 'denied' } };
    case 'apply_patch_approval_request':
      return { type: 'patch_approval', id: msg.call_id, decision: { kind: 'denied' } };
    case 'request_user_input':
      return { type: 'user_input_answer', id: msg.call_id, answers: {} };
    case 'dynamic_tool_call_request':
      return { type: 'dynamic_tool_response', id: msg.call_id, success: false, contentItems: [] };
    case 'elicitation_request':
      return { type: 'resolve_elicitation', id: msg.id, action: 'cancel' };
    default:
      return undefined;
  }
}
