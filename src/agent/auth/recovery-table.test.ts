import { describe, expect, test } from 'vitest';
import type { RecoveryNotRunReason, RecoveryPhase } from '../../telemetry/facts/attempt.ts';
import { phaseAfter, reasonNotToRun, startOf } from './recovery-table.ts';
import type { RecoverySubject, StepResult } from './recovery-table.ts';

type LoginKind = Extract<RecoverySubject, { kind: 'login' }>['login'];
const login = (kind: LoginKind): RecoverySubject => ({ kind: 'login', login: kind });
const command: RecoverySubject = { kind: 'command' };
const nobody: RecoverySubject = { kind: 'nobody' };

// spec/transport.md 4.6, first table and the list of reasons.
describe('where a machine starts, and why it would not run', () => {
  test.each<[string, RecoverySubject, string, RecoveryNotRunReason | undefined]>([
    ['a ChatGPT login', login('chatgpt'), 'managed reload', undefined],
    ['tokens of a host program', login('chatgpt_tokens'), 'external external_refresh', 'no_external_auth'],
    ['a command', command, 'external external_refresh', undefined],
    ['an API key', login('api_key'), 'managed reload', 'not_chatgpt_auth'],
    ['an agent identity', login('refused'), 'managed reload', 'not_chatgpt_auth'],
    ['nobody signed in', login('none'), 'managed reload', 'not_chatgpt_auth'],
    ['a personal access token', login('personal_access_token'), 'managed reload', 'not_refreshable_auth'],
    ['a provider without logins', nobody, 'none none', 'auth_manager_missing'],
  ])('%s', (_name, subject, start, reason) => {
    const { mode, phase } = startOf(subject);
    expect(`${mode} ${phase}`).toBe(start);
    expect(reasonNotToRun(subject, phase)).toBe(reason);
  });

  test.each([login('chatgpt'), login('chatgpt_tokens'), command])(
    'after its last step %o is exhausted',
    (subject) => expect(reasonNotToRun(subject, 'done')).toBe('recovery_exhausted'),
  );
});

test.each<[RecoveryPhase, StepResult, RecoveryPhase]>([
  ['reload', 'done', 'refresh_token'],
  ['reload', 'other_account', 'done'],
  ['refresh_token', 'done', 'done'],
  ['refresh_token', 'failed', 'refresh_token'],
  ['external_refresh', 'done', 'done'],
  ['external_refresh', 'failed', 'external_refresh'],
])('after %s that came to %s follows %s', (phase, result, next) =>
  expect(phaseAfter(phase, result)).toBe(next),
);
