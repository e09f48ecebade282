import { expect, test } from 'vitest';
import { authEnvironmentFacts } from './environment-facts.ts';

const openai = { environmentKey: undefined };

test('presence and no value, no name of the user (trap 37)', () => {
  const env = { OPENAI_API_KEY: 'hush', CODEX_API_KEY: ' ', PASTED_SECRET: 'hush' };
  const facts = authEnvironmentFacts(env, { environmentKey: 'PASTED_SECRET' }, { unattended: true });
  expect(facts).toEqual({
    openaiApiKeyPresent: true,
    codexApiKeyPresent: false,
    codexApiKeyEnabled: true,
    providerKeyName: 'configured',
    providerKeyPresent: true,
    refreshTokenUrlOverridePresent: false,
  });
  expect(JSON.stringify(facts)).not.toMatch(/hush|PASTED/);
});

test('a provider without a variable has nothing to say of one', () =>
  expect(authEnvironmentFacts({}, openai, { unattended: false })).toMatchObject({
    codexApiKeyEnabled: false,
    providerKeyName: undefined,
    providerKeyPresent: undefined,
  }));

test('an override that is set and empty is used, and told as not present (trap 30)', () =>
  expect(
    authEnvironmentFacts({ CODEX_REFRESH_TOKEN_URL_OVERRIDE: '' }, openai, { unattended: false }),
  ).toMatchObject({ refreshTokenUrlOverridePresent: false }));
