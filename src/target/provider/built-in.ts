import type { Environment } from '../home.ts';
import { DEFAULT_LIMITS, DEFAULT_WEBSOCKET_TIMEOUT_MS } from './facts.ts';
import type { Provider } from './facts.ts';

/** Default ports of the two local model servers. */
const LOCAL_PORTS = { ollama: 11_434, lmstudio: 1234 } as const;

/** A provider of this name is Bedrock to the agent, whatever its id (spec/transport.md, trap 26). */
export const BEDROCK_NAME = 'Amazon Bedrock';

const base: Omit<Provider, 'id' | 'name'> = {
  origin: 'built-in',
  baseUrl: undefined,
  baseUrlSource: undefined,
  queryParameters: {},
  requiresOpenaiAuth: false,
  supportsWebsockets: false,
  websocketConnectTimeoutMs: DEFAULT_WEBSOCKET_TIMEOUT_MS,
  ...DEFAULT_LIMITS,
  environmentKey: undefined,
  environmentKeyInstructions: undefined,
  hasInlineToken: false,
  authCommand: undefined,
  aws: undefined,
  headerNames: [],
  headerVariables: {},
};

/** The providers that the agent brings along, by id. */
export function builtInProviders(
  env: Environment,
  openaiAddress?: { readonly baseUrl: string; readonly baseUrlSource: string },
): ReadonlyMap<string, Provider> {
  const openai: Provider = {
    ...base,
    id: 'openai',
    name: 'OpenAI',
    ...openaiAddress,
    requiresOpenaiAuth: true,
    supportsWebsockets: true,
    headerVariables: { 'OpenAI-Organization': 'OPENAI_ORGANIZATION', 'OpenAI-Project': 'OPENAI_PROJECT' },
  };
  const bedrock: Provider = {
    ...base,
    id: 'amazon-bedrock',
    name: BEDROCK_NAME,
    aws: { region: undefined, profile: undefined },
  };
  const local = Object.entries(LOCAL_PORTS).map(([id, port]): Provider => ({
    ...base,
    id,
    name: 'gpt-oss',
    ...localUrl(env, port),
  }));
  return new Map([openai, bedrock, ...local].map((provider) => [provider.id, provider]));
}

function localUrl(env: Environment, port: number): Pick<Provider, 'baseUrl' | 'baseUrlSource'> {
  const whole = env['CODEX_OSS_BASE_URL']?.trim();
  if (whole) return { baseUrl: whole, baseUrlSource: 'CODEX_OSS_BASE_URL' };
  const chosen = env['CODEX_OSS_PORT']?.trim();
  if (chosen && /^\d{1,5}$/.test(chosen))
    return { baseUrl: `http://localhost:${chosen}/v1`, baseUrlSource: 'CODEX_OSS_PORT' };
  return { baseUrl: `http://localhost:${port}/v1`, baseUrlSource: undefined };
}
