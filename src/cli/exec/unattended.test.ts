import { expect, test } from 'vitest';
import type { EventMsg } from '../../agent/protocol/event.ts';
import type { Op } from '../../agent/protocol/op.ts';
import { refusalOf } from './unattended.ts';

test.each<[EventMsg['type'], object, Op]>([
  [
    'exec_approval_request',
    { call_id: 'c' },
    { type: 'exec_approval', id: 'c', decision: { kind: 'denied' } },
  ],
  [
    'apply_patch_approval_request',
    { call_id: 'c' },
    { type: 'patch_approval', id: 'c', decision: { kind: 'denied' } },
  ],
  ['request_user_input', { call_id: 'c' }, { type: 'user_input_answer', id: 'c', answers: {} }],
  [
    'dynamic_tool_call_request',
    { call_id: 'c' },
    { type: 'dynamic_tool_response', id: 'c', success: false, contentItems: [] },
  ],
  ['elicitation_request', { id: 'e' }, { type: 'resolve_elicitation', id: 'e', action: 'cancel' }],
])('%s is answered with no', (type, facts, refusal) =>
  expect(refusalOf({ type, ...facts } as EventMsg)).toEqual(refusal),
);

test('what asks nothing gets no answer', () =>
  expect(refusalOf({ type: 'agent_message', message: 'shall I?' })).toBeUndefined());
