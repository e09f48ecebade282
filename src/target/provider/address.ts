import type { EffectiveCredential } from '../credentials/facts.ts';
import { bedrockUrl, DEFAULT_BEDROCK_REGION } from './bedrock.ts';
import type { Provider } from './facts.ts';

const CHATGPT_BASE_URL = 'https://chatgpt.com/backend-api/codex';
const API_BASE_URL = 'https://api.openai.com/v1';

/** Where a provider is reached. Without an address of its own, that depends on the credential. */
export function baseUrlOf(provider: Provider, credential: EffectiveCredential): string {
  if (provider.baseUrl !== undefined) return provider.baseUrl;
  if (provider.aws) {
    const region = credential.kind === 'aws' ? credential.region : undefined;
    return bedrockUrl(region ?? DEFAULT_BEDROCK_REGION);
  }
  return isChatgpt(credential) ? CHATGPT_BASE_URL : API_BASE_URL;
}

/** Whether requests go out in the name of a ChatGPT account rather than of an API key. */
export function isChatgpt(credential: EffectiveCredential): boolean {
  if (credential.kind === 'stored') return credential.mode !== 'api_key';
  return credential.kind === 'environment' && credential.name !== 'CODEX_API_KEY';
}

/**
 * An address as the agent puts it together: one slash between, parameters as they stand. It is text put after text, so a
 * base with a query or a fragment swallows the path (measured on codex 0.169: `/v1?a=1` becomes `/v1?a=1/responses`).
 * @param path empty for the base itself
 */
export function joinAddress(
  base: string,
  path: string,
  parameters: Readonly<Record<string, string>>,
): string {
  const query = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
  const address = `${base.replace(/\/+$/, '')}${path === '' ? '' : `/${path}`}`;
  return query.length > 0 ? `${address}?${query.join('&')}` : address;
}

/** The same address for a WebSocket; a scheme other than http and https stays as it is. */
export const webSocketAddress = (address: string): string =>
  address.replace(/^http(s?)(?=:)/i, (_, secure: string) => `ws${secure.toLowerCase()}`);

/** The host and the port that an address stands for; undefined where it is none. */
export function hostAndPort(address: string): { readonly host: string; readonly port: number } | undefined {
  const url = URL.parse(address);
  if (!url) return undefined;
  const { hostname: host, port, protocol } = url;
  const isSecure = protocol === 'https:' || protocol === 'wss:';
  return { host, port: port === '' ? (isSecure ? 443 : 80) : Number(port) };
}
