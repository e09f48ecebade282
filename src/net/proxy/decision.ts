import type { NetworkEnvironment } from '../environment.ts';
import { matchNoProxy } from './no-proxy.ts';
import type { ClientKind } from './no-proxy.ts';
import { readProxy } from './read-proxy.ts';
import type { Route } from './route.ts';
import { PROXY_VARIABLES, readProxySetting } from './variables.ts';
import type { ProxySetting, ProxyVariable, ProxyVariableName } from './variables.ts';

/** How a request leaves this machine. */
export type ProxyDecision =
  | { readonly kind: 'direct' }
  | { readonly kind: 'proxied'; readonly variable: string }
  /** An entry of NO_PROXY, counted from 1, takes the host out. */
  | { readonly kind: 'bypassed'; readonly variable: string; readonly entry: number }
  /** The client stops with an error because of the variable's value. */
  | { readonly kind: 'refused'; readonly variable: string; readonly problem: string };

export interface ProxyFacts {
  readonly settings: readonly ProxySetting[];
  readonly noProxy:
    | { readonly name: string; readonly origin: string; readonly hidesOther: boolean }
    | undefined;
  decide(url: URL): ProxyDecision;
  /** The same decision with what it takes to dial. */
  routeFor(url: URL): Route;
}

/** Order in which the WebSocket client looks; the HTTP client goes by the scheme and then takes ALL_PROXY. */
const WEBSOCKET_ORDER: Readonly<Record<string, readonly ProxyVariableName[]>> = {
  'wss:': ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY'],
  'ws:': ['HTTP_PROXY', 'ALL_PROXY'],
};
const HTTP_ORDER: Readonly<Record<string, readonly ProxyVariableName[]>> = {
  'https:': ['HTTPS_PROXY', 'ALL_PROXY'],
  'http:': ['HTTP_PROXY', 'ALL_PROXY'],
};
const DEFAULT_PORTS: Readonly<Record<string, number>> = {
  'http:': 80,
  'ws:': 80,
  'https:': 443,
  'wss:': 443,
};

/** In this sandbox the HTTP client takes no proxy; the WebSocket client does (spec/transport.md 6.5, codex 0.169). */
const isProxyless = ({ values }: NetworkEnvironment, client: ClientKind): boolean =>
  client === 'http' && values.CODEX_SANDBOX === 'seatbelt';

const clientOf = (url: URL): ClientKind => (url.protocol.startsWith('ws') ? 'websocket' : 'http');

/** @param caVariables custom CA variables of the profile: one that is set changes what the HTTP client takes */
export function loadProxies(environment: NetworkEnvironment, caVariables: readonly string[]): ProxyFacts {
  const settings = PROXY_VARIABLES.map((name) => readProxySetting(name, environment));
  const spellings = ['NO_PROXY', 'no_proxy'].filter((name) => environment.values[name] !== undefined);
  const [exceptions, other] = spellings;
  const find = (name: ProxyVariableName): ProxyVariable | undefined =>
    settings.find((setting) => setting.name === name)?.effective;

  function chosen(url: URL, client: ClientKind): ProxyVariable | undefined {
    if (isProxyless(environment, client)) return undefined;
    const order = (client === 'http' ? HTTP_ORDER : WEBSOCKET_ORDER)[url.protocol] ?? [];
    const candidates = order.flatMap((name) => find(name) ?? []);
    // What the HTTP client cannot read it passes over; the WebSocket client passes over empty values only.
    return candidates.find((variable) =>
      client === 'http' ? variable.servesHttp : variable.state !== 'empty',
    );
  }

  /** Why a client stops at a variable instead of passing it over; undefined when it does not. */
  function refusalOf({ scheme = '', servesWebsocket, problem }: ProxyVariable, client: ClientKind) {
    if (client === 'websocket')
      return servesWebsocket ? undefined : (problem ?? `the WebSocket client takes no ${scheme} proxy`);
    // With a custom CA the HTTP client is built on another library, which stops at such an address (codex 0.169).
    return scheme.startsWith('socks') && caVariables.some((name) => environment.values[name])
      ? `with a custom CA the HTTP client takes no ${scheme} proxy`
      : undefined;
  }

  function decide(url: URL): ProxyDecision {
    const client = clientOf(url);
    const variable = chosen(url, client);
    if (!variable) return { kind: 'direct' };
    const port = url.port === '' ? (DEFAULT_PORTS[url.protocol] ?? 0) : Number(url.port);
    const entry =
      exceptions === undefined
        ? undefined
        : matchNoProxy(environment.values[exceptions] ?? '', { host: url.hostname, port }, client);
    if (exceptions !== undefined && entry !== undefined)
      return { kind: 'bypassed', variable: exceptions, entry };
    const problem = refusalOf(variable, client);
    return problem === undefined
      ? { kind: 'proxied', variable: variable.name }
      : { kind: 'refused', variable: variable.name, problem };
  }

  function routeFor(url: URL): Route {
    const decision = decide(url);
    if (decision.kind === 'direct' || decision.kind === 'bypassed') return { kind: 'direct' };
    const { variable } = decision;
    if (decision.kind === 'refused') return { kind: 'unusable', variable, problem: decision.problem };
    const proxy = readProxy(variable, environment.values[variable] ?? '', clientOf(url));
    return proxy
      ? { kind: 'proxy', proxy }
      : { kind: 'unusable', variable, problem: 'it cannot be read as a URL' };
  }

  return {
    settings,
    noProxy:
      exceptions === undefined
        ? undefined
        : {
            name: exceptions,
            origin: environment.originOf(exceptions) ?? 'shell',
            hidesOther: other !== undefined && environment.values[exceptions] !== environment.values[other],
          },
    decide,
    routeFor,
  };
}
