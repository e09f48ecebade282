import { expect, test } from 'vitest';
import type { EffectiveCredential } from '../credentials/facts.ts';
import { builtInProviders } from './built-in.ts';
import { endpointsOf } from './endpoints.ts';
import type { Provider } from './facts.ts';

const provider = (id: string, more: Partial<Provider> = {}): Provider => {
  const base = builtInProviders({}).get(id);
  if (!base) throw new Error(`no built-in provider ${id}`);
  return { ...base, ...more };
};
const login: EffectiveCredential = { kind: 'stored', mode: 'chatgpt' };
const key: EffectiveCredential = { kind: 'environment', name: 'CODEX_API_KEY' };

test.each<[string, Provider, EffectiveCredential, string[]]>([
  [
    'a ChatGPT login',
    provider('openai'),
    login,
    [
      'https://chatgpt.com/backend-api/codex/responses',
      'wss://chatgpt.com/backend-api/codex/responses',
      'https://auth.openai.com/oauth/token',
    ],
  ],
  [
    'an API key',
    provider('openai'),
    key,
    ['https://api.openai.com/v1/responses', 'wss://api.openai.com/v1/responses'],
  ],
  [
    'another address, with parameters',
    provider('openai', { baseUrl: 'http://box/v1//', queryParameters: { 'api-version': '1' } }),
    key,
    ['http://box/v1/responses?api-version=1', 'ws://box/v1/responses?api-version=1'],
  ],
  ['a local model', provider('ollama'), { kind: 'not_needed' }, ['http://localhost:11434/v1/responses']],
  [
    'Bedrock',
    provider('amazon-bedrock'),
    { kind: 'aws', source: 'none found', region: 'eu-west-1' },
    ['https://bedrock-mantle.eu-west-1.api.aws/openai/v1/responses'],
  ],
])('%s', (_name, active, credential, urls) =>
  expect(endpointsOf(active, credential, {}).map(({ url }) => url)).toEqual(urls),
);

test('the refresh address can be replaced, and an unknown provider has none', () => {
  const env = { CODEX_REFRESH_TOKEN_URL_OVERRIDE: '' };
  expect(endpointsOf(provider('openai'), login, env)[2]).toEqual({
    purpose: 'token refresh',
    url: '',
    source: 'CODEX_REFRESH_TOKEN_URL_OVERRIDE',
  });
  const unknownProvider = undefined;
  expect(endpointsOf(unknownProvider, login, {})).toEqual([]);
});
