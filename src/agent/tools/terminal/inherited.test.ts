import { expect, test } from 'vitest';
import { inheritedVariables } from './inherited.ts';
import type { EnvironmentPolicy } from './inherited.ts';

const everything: EnvironmentPolicy = {
  inherit: 'all',
  dropsSecrets: false,
  exclude: [],
  set: {},
  includeOnly: [],
};
const env = {
  HOME: '/home',
  PATH: '/bin',
  PLAIN: 'p',
  PLAIN2: 'p2',
  FOO_KEY: 'k',
  my_token: 't',
  Secrets: 's',
};

// Recorded from codex 0.169.
test.each<[string, Partial<EnvironmentPolicy>, string[]]>([
  ['everything by default', {}, ['FOO_KEY', 'HOME', 'PATH', 'PLAIN', 'PLAIN2', 'Secrets', 'my_token']],
  ['what every program needs', { inherit: 'core' }, ['HOME', 'PATH']],
  ['nothing but what is set', { inherit: 'none', set: { X_TOKEN: '1' }, dropsSecrets: true }, ['X_TOKEN']],
  ['no secrets', { dropsSecrets: true }, ['HOME', 'PATH', 'PLAIN', 'PLAIN2']],
  [
    'patterns in any case, a question mark for one character',
    { exclude: ['foo_*', 'PLAIN?', 'h'] },
    ['HOME', 'PATH', 'PLAIN', 'Secrets', 'my_token'],
  ],
  ['only some, also of those that are set', { includeOnly: ['pl*'], set: { ZED: '1' } }, ['PLAIN', 'PLAIN2']],
  [
    'excluded before it is set, and excluded whatever is included',
    { exclude: ['PLAIN', 'FOO_*'], set: { PLAIN: 'set' }, includeOnly: ['PL*', 'FOO_KEY'] },
    ['PLAIN', 'PLAIN2'],
  ],
  ['nothing else means anything in a pattern', { includeOnly: ['[PH]*', 'P.*', '^PLAIN$'] }, []],
])('%s', (_name, policy, names) => {
  const kept = inheritedVariables(env, { ...everything, ...policy });
  expect(Object.keys(kept).toSorted()).toEqual(names.toSorted());
});

test('what is set replaces what was there', () => {
  expect(inheritedVariables(env, { ...everything, set: { HOME: '/other' } })['HOME']).toBe('/other');
});
