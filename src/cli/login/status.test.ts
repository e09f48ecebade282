import { expect, test } from 'vitest';
import type { AccountStatus } from '../../agent/index.ts';
import { describeStatus } from './status.ts';

const status = (given: Partial<AccountStatus>): AccountStatus => ({
  provider: 'openai',
  credential: { kind: 'none' },
  file: { kind: 'missing' },
  path: '/home/auth.json',
  refusal: undefined,
  ...given,
});
const first = (given: Partial<AccountStatus>) => {
  const { isSignedIn, text } = describeStatus(status(given));
  return [isSignedIn, text.split('\n', 1)[0]];
};

test.each<[Partial<AccountStatus>, boolean, string]>([
  [
    { credential: { kind: 'stored', mode: 'api_key' } },
    true,
    'Signed in: stored API key, in /home/auth.json.',
  ],
  [
    { credential: { kind: 'environment', name: 'CODEX_API_KEY' } },
    true,
    'Signed in: CODEX_API_KEY of the environment.',
  ],
  [
    { provider: 'lab', credential: { kind: 'provider_variable', name: 'LAB_KEY', state: 'present' } },
    true,
    'Signed in: LAB_KEY, for provider lab.',
  ],
  [
    { provider: 'lab', credential: { kind: 'provider_variable', name: 'LAB_KEY', state: 'missing' } },
    false,
    'Not signed in: provider lab wants the variable LAB_KEY, and it is missing.',
  ],
  [
    { provider: 'ollama', credential: { kind: 'not_needed' } },
    true,
    'No login is needed: provider ollama asks for none.',
  ],
  [
    { credential: { kind: 'aws', source: 'none found', region: undefined } },
    false,
    'Not signed in: AWS: none found.',
  ],
  [{ credential: { kind: 'unknown' }, provider: 'x' }, false, 'Not signed in: unknown, as provider x is.'],
  [{}, false, 'Not signed in: no login is stored.'],
  [
    { file: { kind: 'malformed', problem: 'it is empty' } },
    false,
    'Not signed in: /home/auth.json cannot be used: it is empty.',
  ],
  [{ file: { kind: 'loop' } }, false, 'Not signed in: /home/auth.json cannot be read (loop).'],
  [{ credential: { kind: 'keyring' }, refusal: 'It is in the keyring.' }, false, 'It is in the keyring.'],
])('%j', (given, isSignedIn, line) => expect(first(given)).toEqual([isSignedIn, line]));

test('where nobody is signed in, the next step names the home', () =>
  expect(describeStatus(status({}), { home: '/my home' }).text).toContain(
    "doctor --target stethos --home /'my home' --only",
  ));
