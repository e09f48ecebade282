import type { EffectiveCredential } from '../credentials/facts.ts';
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
}

export function routesOf(
  _provider: Provider | undefined,
  _credential: EffectiveCredential,
  _options: { readonly agentVersion: string | undefined },
): ProviderRoutes | undefined {
  return undefined;
}
