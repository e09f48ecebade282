import { describe, expect, test } from 'vitest';
import type { EffectiveCredential } from '../credentials/facts.ts';
import { builtInProviders } from '../provider/built-in.ts';
import type { Provider } from '../provider/facts.ts';
import { routesOf } from './routes.ts';
import type { ProviderRoutes } from './routes.ts';

const login: EffectiveCredential = { kind: 'stored', mode: 'chatgpt' };
const key: EffectiveCredential = { kind: 'environment', name: 'CODEX_API_KEY' };
const own: EffectiveCredential = { kind: 'provider_variable', name: 'OWN_KEY', state: 'present' };

function routes(
  id: string,
  credential: EffectiveCredential,
  more: Partial<Provider> = {},
): ProviderRoutes | undefined {
  const base = builtInProviders({}).get(id);
  return routesOf(base && { ...base, ...more }, credential, { agentVersion: '0.170.1-alpha.2' });
}

const at = (baseUrl: string, more: Partial<Provider> = {}): ProviderRoutes | undefined =>
  routes('openai', own, { baseUrl, ...more });

// Recorded from codex 0.169 with servers on the loopback interface.
describe('addresses as the agent builds them', () => {
  test.each<[string, ProviderRoutes | undefined, object]>([
    [
      'a ChatGPT login',
      routes('openai', login),
      {
        base: 'https://chatgpt.com/backend-api/codex',
        models: 'https://chatgpt.com/backend-api/codex/models?client_version=0.170.1',
        inference: 'https://chatgpt.com/backend-api/codex/responses',
        websocket: 'wss://chatgpt.com/backend-api/codex/responses',
      },
    ],
    [
      'an API key',
      routes('openai', key),
      {
        base: 'https://api.openai.com/v1',
        models: 'https://api.openai.com/v1/models',
        inference: 'https://api.openai.com/v1/responses',
        websocket: 'wss://api.openai.com/v1/responses',
      },
    ],
    [
      'a token that a command prints',
      routes('openai', { kind: 'provider_command' }, { baseUrl: 'http://own/v1' }),
      { models: 'http://own/v1/models?client_version=0.170.1' },
    ],
    [
      'Azure: the parameters stand on every route',
      at('https://x.openai.azure.com/openai/', { queryParameters: { 'api-version': '2025-04-01' } }),
      {
        base: 'https://x.openai.azure.com/openai?api-version=2025-04-01',
        models: 'https://x.openai.azure.com/openai/models?api-version=2025-04-01',
        inference: 'https://x.openai.azure.com/openai/responses?api-version=2025-04-01',
        websocket: 'wss://x.openai.azure.com/openai/responses?api-version=2025-04-01',
      },
    ],
    [
      'a login and parameters',
      routes('openai', login, { baseUrl: 'http://own/v1', queryParameters: { v: '1', w: 'a b' } }),
      { models: 'http://own/v1/models?v=1&w=a b&client_version=0.170.1' },
    ],
    [
      'Bedrock has no WebSocket',
      routes('amazon-bedrock', { kind: 'aws', source: 'none found', region: 'eu-west-1' }),
      { base: 'https://bedrock-mantle.eu-west-1.api.aws/openai/v1', websocket: undefined },
    ],
    [
      'a local model',
      routes('ollama', { kind: 'not_needed' }),
      { models: 'http://localhost:11434/v1/models', websocket: undefined },
    ],
    ['an upper-case scheme', at('HTTPS://own/v1'), { websocket: 'wss://own/v1/responses', flaw: undefined }],
    [
      'a query in the base swallows the path',
      at('http://own/v1?a=1', { queryParameters: { b: '2' } }),
      {
        inference: 'http://own/v1?a=1/responses?b=2',
        websocket: 'ws://own/v1?a=1/responses?b=2',
        flaw: 'query_in_base',
      },
    ],
    [
      'a query in the base, and a login',
      routes('openai', login, { baseUrl: 'http://own/v1?a=1' }),
      { models: 'http://own/v1?a=1/models&client_version=0.170.1' },
    ],
    [
      'a fragment in the base swallows the path',
      at('http://own/v1#x'),
      { inference: 'http://own/v1#x/responses', flaw: 'fragment_in_base' },
    ],
    ['white space at the end', at('http://own/v1 '), { flaw: 'space_in_base' }],
    ['no URL', at('own/v1'), { flaw: 'unreadable' }],
    ['another scheme', at('ws://own/v1'), { websocket: 'ws://own/v1/responses', flaw: 'wrong_scheme' }],
    ['nothing wrong', at('http://own/v1//'), { base: 'http://own/v1', flaw: undefined }],
  ])('%s', (_name, found, expected) => expect(found).toMatchObject(expected));
});

test('no provider, no address', () => expect(routes('nope', key)).toBeUndefined());

test('an address says what set it', () =>
  expect(at('http://own/v1', { baseUrlSource: 'openai_base_url' })?.source).toBe('openai_base_url'));
