import type { EffectiveCredential } from '../credentials/facts.ts';
import type { Environment } from '../home.ts';
import type { Provider } from './facts.ts';

/** An address that the agent itself will call. May hold a credential: show it through `describeUrl`. */
export interface Endpoint {
  readonly purpose: 'inference' | 'websocket' | 'token refresh';
  readonly url: string;
  /** The key or variable that set it; undefined for the agent's own default. */
  readonly source: string | undefined;
}

const CHATGPT_BASE_URL = 'https://chatgpt.com/backend-api/codex';
const API_BASE_URL = 'https://api.openai.com/v1';
const REFRESH_URL = 'https://auth.openai.com/oauth/token';
const REFRESH_VARIABLE = 'CODEX_REFRESH_TOKEN_URL_OVERRIDE';
/** Region when neither the configuration nor the environment names one. */
const DEFAULT_BEDROCK_REGION = 'us-east-1';

/** Where requests go, which depends on the credential: a ChatGPT login has a default address of its own. */
export function endpointsOf(
  provider: Provider | undefined,
  credential: EffectiveCredential,
  env: Environment,
): Endpoint[] {
  if (!provider) return [];
  const base = provider.baseUrl ?? defaultBaseUrl(provider, credential);
  const url = joined(base, 'responses', provider.queryParameters);
  const source = provider.baseUrlSource;
  const endpoints: Endpoint[] = [{ purpose: 'inference', url, source }];
  if (provider.supportsWebsockets)
    endpoints.push({ purpose: 'websocket', url: url.replace(/^http(?=s?:)/i, 'ws'), source });
  if (credential.kind === 'stored' && credential.mode === 'chatgpt') {
    // Set but empty, the variable is used as it stands, and the refresh fails.
    const override = env[REFRESH_VARIABLE];
    endpoints.push({
      purpose: 'token refresh',
      url: override ?? REFRESH_URL,
      source: override === undefined ? undefined : REFRESH_VARIABLE,
    });
  }
  return endpoints;
}

function defaultBaseUrl(provider: Provider, credential: EffectiveCredential): string {
  if (provider.aws) {
    const region = (credential.kind === 'aws' ? credential.region : undefined) ?? DEFAULT_BEDROCK_REGION;
    return `https://bedrock-mantle.${region}.api.aws/openai/v1`;
  }
  const isChatgpt =
    (credential.kind === 'stored' && credential.mode !== 'api_key') ||
    (credential.kind === 'environment' && credential.name !== 'CODEX_API_KEY');
  return isChatgpt ? CHATGPT_BASE_URL : API_BASE_URL;
}

/** Joined as the agent joins: one slash between, parameters as they stand. */
function joined(base: string, path: string, parameters: Readonly<Record<string, string>>): string {
  const query = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
  return `${base.replace(/\/+$/, '')}/${path}${query.length > 0 ? `?${query.join('&')}` : ''}`;
}
