import type { EffectiveCredential } from '../credentials/facts.ts';
import type { Environment } from '../home.ts';
import { baseUrlOf, joinAddress, webSocketAddress } from './address.ts';
import type { Provider } from './facts.ts';

/** An address that the agent itself will call. May hold a credential: show it through `describeUrl`. */
export interface Endpoint {
  readonly purpose: 'inference' | 'websocket' | 'token refresh';
  readonly url: string;
  /** The key or variable that set it; undefined for the agent's own default. */
  readonly source: string | undefined;
}

export const REFRESH_URL = 'https://auth.openai.com/oauth/token';
export const REFRESH_VARIABLE = 'CODEX_REFRESH_TOKEN_URL_OVERRIDE';

/** Where requests go, which depends on the credential: a ChatGPT login has a default address of its own. */
export function endpointsOf(
  provider: Provider | undefined,
  credential: EffectiveCredential,
  env: Environment,
): Endpoint[] {
  if (!provider) return [];
  const url = joinAddress(baseUrlOf(provider, credential), 'responses', provider.queryParameters);
  const source = provider.baseUrlSource;
  const endpoints: Endpoint[] = [{ purpose: 'inference', url, source }];
  if (provider.supportsWebsockets)
    endpoints.push({ purpose: 'websocket', url: webSocketAddress(url), source });
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
