import type { RequestHeaders } from '../../net/network.ts';
import { Secret } from '../../redact/secret.ts';
import { tableAt } from '../config/facts.ts';
import type { Provider } from '../provider/facts.ts';
import type { Target } from '../target.ts';
import type { Authorization } from './authorization.ts';
import { isHeaderText } from './header-text.ts';
import { providerSettings } from './provider-settings.ts';
import { agentVersionOf } from './version.ts';

/** The requests of a provider that differ in their headers. */
export type RouteKind = 'base' | 'models' | 'websocket';

/** A configured header that not every request can carry. The agent says nothing about it. */
export interface IllegalHeader {
  /** As configured; show it through `visibleInOneLine`. */
  readonly name: string;
  readonly part: 'name' | 'value';
  /** The configuration key or the variable that holds it. */
  readonly source: string;
  /**
   * `dropped`: requests go without it. `no_websocket`: the value is not ASCII, and the agent's WebSocket client fails
   * before it asks, while its HTTP requests carry it (measured on codex 0.169).
   */
  readonly effect: 'dropped' | 'no_websocket';
}

export interface HeaderSet {
  /** What can be sent over HTTP; the names are lower case. */
  readonly headers: RequestHeaders;
  readonly illegal: readonly IllegalHeader[];
}

export interface HeaderOptions {
  /** Attached last, over everything that is configured. The base is asked without it. */
  readonly authorization?: Authorization;
  readonly userAgent: string;
}

type HeaderSources = Pick<Target, 'config' | 'environment' | 'home' | 'install' | 'providers'>;

/**
 * The headers that the agent's own request would have. What the provider brings is overridden by what the request
 * needs, defaults fill what is absent, and the credential comes last: nobody configures `Authorization` past it.
 * Order and names recorded from codex 0.169 (`headers.test.ts`). The base is asked as `codex doctor` asks, without
 * anything that is configured.
 */
export function headersOf(kind: RouteKind, sources: HeaderSources, options: HeaderOptions): HeaderSet {
  const headers = new Map<string, string | Secret>();
  const { requests } = sources.home.profile;
  const { provider, illegal } =
    kind === 'base' ? { provider: new Map<string, Secret>(), illegal: [] } : providerHeaders(sources);
  for (const [name, value] of provider) headers.set(name, value);
  if (kind === 'websocket') headers.set('openai-beta', requests.webSocketBeta);
  const defaults = {
    originator: requests.originator,
    'user-agent': options.userAgent,
    ...(kind === 'websocket' ? {} : { accept: '*/*' }),
  };
  for (const [name, value] of Object.entries(defaults)) if (!headers.has(name)) headers.set(name, value);
  const { authorization } = options;
  if (kind !== 'base' && authorization?.kind === 'attached')
    for (const [name, value] of Object.entries(authorization.headers)) headers.set(name.toLowerCase(), value);
  return { headers: Object.fromEntries(headers), illegal };
}

interface ConfiguredHeader {
  readonly name: string;
  readonly value: string;
  readonly source: string;
}

/** What the provider itself brings to every request; names in lower case, values that are configured as secrets. */
export function providerHeaders(sources: HeaderSources): {
  readonly provider: ReadonlyMap<string, string | Secret>;
  readonly illegal: readonly IllegalHeader[];
} {
  const active = sources.providers().active;
  if (!active) return { provider: new Map(), illegal: [] };
  const kept = new Map<string, string | Secret>(Object.entries(builtInHeaders(active, sources)));
  const illegal: IllegalHeader[] = [];
  for (const { name, value, source } of configuredHeaders(active, sources)) {
    const fault = faultOf(name, value);
    if (fault) illegal.push({ name, source, ...fault });
    if (fault?.effect !== 'dropped') kept.set(name.toLowerCase(), new Secret(value));
  }
  return { provider: kept, illegal };
}

function builtInHeaders(provider: Provider, sources: HeaderSources): Record<string, string> {
  if (provider.origin !== 'built-in') return {};
  if (provider.id === 'openai') return { version: agentVersionOf(sources) };
  return provider.aws ? { 'x-amzn-mantle-client-agent': 'codex' } : {};
}

/** Values of `http_headers`, and over them those of the variables that `env_http_headers` names and that are not blank. */
function configuredHeaders(provider: Provider, { config, environment }: HeaderSources): ConfiguredHeader[] {
  const table = `model_providers.${provider.id}`;
  const settings = providerSettings(config().effective, provider.id);
  const written = Object.entries(tableAt(settings, 'http_headers') ?? {}).flatMap(([name, value]) =>
    typeof value === 'string' ? [{ name, value, source: `${table}.http_headers` }] : [],
  );
  const env = environment().values;
  const fromVariables = Object.entries(provider.headerVariables).flatMap(([name, variable]) => {
    const value = env[variable];
    return value?.trim() ? [{ name, value, source: variable }] : [];
  });
  return [...written, ...fromVariables];
}

/** RFC 9110, 5.1 and 5.5. */
function faultOf(name: string, value: string): Pick<IllegalHeader, 'part' | 'effect'> | undefined {
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) return { part: 'name', effect: 'dropped' };
  if (hasControl(value)) return { part: 'value', effect: 'dropped' };
  return isHeaderText(value) ? undefined : { part: 'value', effect: 'no_websocket' };
}

// The tab is the one control character that a value may have.
// eslint-disable-next-line no-control-regex
const hasControl = (value: string): boolean => /[\0-\x08\x0a-\x1f\x7f]/.test(value);
