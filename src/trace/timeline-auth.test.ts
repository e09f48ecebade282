import { expect, it } from 'vitest';
import { authLines, authLinesOfCall } from './timeline-auth.ts';

const ATTACHED = { auth_mode: 'Chatgpt', auth_header_attached: 'true', auth_header_name: 'authorization' };
const EVIDENCE = {
  auth_401_request_id: 'req_1',
  auth_401_cf_ray: 'ray-FRA',
  auth_401_error: 'token_expired',
  auth_401_error_code: 'token_expired',
};

it.each([
  ['nothing known', undefined, []],
  ['nothing told', { auth_mode: '', auth_401_error: '' }, []],
  ['a request with a credential', ATTACHED, ['auth: Chatgpt, authorization attached']],
  [
    'one without, on a WebSocket in use',
    { auth_header_attached: 'false', auth_connection_reused: 'true' },
    ['auth: no header attached, on a connection that was open'],
  ],
  [
    'a 401 that nothing could be tried about',
    {
      ...EVIDENCE,
      auth_401_error_code: 'wrong_workspace',
      auth_recovery_mode: 'none',
      auth_recovery_outcome: 'recovery_not_run',
    },
    ['latest 401: token_expired, wrong_workspace, request req_1, cf-ray ray-FRA', 'recovery: none, not run'],
  ],
  [
    'a 401 that was recovered from',
    {
      ...ATTACHED,
      ...EVIDENCE,
      auth_recovery_mode: 'managed',
      auth_recovery_phase: 'refresh_token',
      auth_recovery_outcome: 'recovery_succeeded',
      auth_recovery_followup_success: 'true',
      auth_recovery_followup_status: '200',
    },
    [
      'auth: Chatgpt, authorization attached',
      'latest 401: token_expired, request req_1, cf-ray ray-FRA',
      'recovery: managed refresh_token, succeeded, the attempt after it succeeded, HTTP 200',
    ],
  ],
])('%s', (_name, tags, lines) => expect(authLines(tags)).toEqual(lines));

it('a model call tells of a 401 that it met or followed, and of no earlier one', () => {
  const past = {
    ...ATTACHED,
    ...EVIDENCE,
    auth_recovery_outcome: 'recovery_succeeded',
    auth_recovery_phase: '',
  };
  expect(authLinesOfCall(past)).toEqual(['auth: Chatgpt, authorization attached']);
  expect(authLinesOfCall({ ...past, auth_recovery_phase: 'reload' })).toHaveLength(3);
});
