import type { EffectiveCredential } from '../credentials/facts.ts';
import { baseUrlOf, isChatgpt, joinAddress, webSocketAddress } from '../provider/address.ts';
import type { Provider } from '../provider/facts.ts';

/** Addresses of one provider as the agent builds them. They may be secret: show them through `describeUrl`. */
export interface ProviderRoutes {
  /** The base as configured or by default, without a trailing slash; query parameters appended. */
  readonly base: string;
  readonly models: string;
  readonly inference: string;
  /** Undefined where the provider has no WebSocket. */
  readonly websocket: string | undefined;
  /** The key or variable that set the base; undefined for the agent's own default. */
  readonly source: string | undefined;
  /** Why the addresses above are not the ones that the user means; a fault of the configuration. */
  readonly flaw?: AddressFlaw | undefined;
}

export type AddressFlaw =
  /** No URL at all. */
  | 'unreadable'
  /** Neither http nor https. */
  | 'wrong_scheme'
  /** The base has a query, so the path of every request lands in it; parameters belong into `query_params`. */
  | 'query_in_base'
  /** The base has a fragment, which is never sent, and the path of every request with it. */
  | 'fragment_in_base'
  /** White space at the end of the base, which becomes part of the path (`/v1%20/responses`). */
  | 'space_in_base';

/**
 * Where requests of the active provider go, put together as the agent does, so that a probe tests what the agent calls.
 *
 * Model list, measured on codex 0.169 with a recording server: a turn asks for it where the credential is a ChatGPT
 * account or printed by a command, and says its own version; with an API key only `codex doctor` asks, and does not.
 * @param agentVersion version of the examined agent
 */
export function routesOf(
  provider: Provider | undefined,
  credential: EffectiveCredential,
  { agentVersion }: { readonly agentVersion: string },
): ProviderRoutes | undefined {
  if (!provider) return undefined;
  const written = baseUrlOf(provider, credential);
  const route = (path: string): string => joinAddress(written, path, provider.queryParameters);
  const inference = route('responses');
  const saysVersion = isChatgpt(credential) || credential.kind === 'provider_command';
  return {
    base: route(''),
    models: saysVersion ? withVersion(route('models'), agentVersion) : route('models'),
    inference,
    websocket: provider.supportsWebsockets ? webSocketAddress(inference) : undefined,
    source: provider.baseUrlSource,
    flaw: flawOf(written),
  };
}

/** The number alone: the agent leaves out what follows it in a preview. */
function withVersion(address: string, version: string): string {
  const [number = version] = version.split('-', 1);
  return `${address}${address.includes('?') ? '&' : '?'}client_version=${encodeURIComponent(number)}`;
}

function flawOf(base: string): AddressFlaw | undefined {
  const parsed = URL.parse(base);
  if (!parsed) return 'unreadable';
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') return 'wrong_scheme';
  if (base.includes('#')) return 'fragment_in_base';
  if (base.includes('?')) return 'query_in_base';
  return base === base.trimEnd() ? undefined : 'space_in_base';
}
