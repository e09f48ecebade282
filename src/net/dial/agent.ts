import type { Agent } from 'node:http';
import type { Socket } from 'node:net';
import type { buildConnector } from 'undici';
import type { Trust } from '../certificates/trust.ts';
import { forwardingProxy } from '../proxy/forward.ts';
import type { Route } from '../proxy/route.ts';
import { dial } from './dial.ts';
import type { Dialled, DialRequest } from './dial.ts';
import { systemResolver } from './lookup.ts';
import type { NameResolver } from './lookup.ts';
import type { DialTrace } from './trace.ts';

export interface ConnectionOptions {
  readonly routeFor: (url: URL) => Route;
  /** Asked for only where something secure is dialled: reading the bundle takes time. */
  readonly trust: () => Trust;
  /** Whom an https proxy has to satisfy, where that is not the same. */
  readonly proxyTrust?: () => Trust;
  /** Without it names are looked up in this process. */
  readonly resolver?: NameResolver;
  /** What is left of the caller's time when a connection begins. */
  readonly timeoutMs: () => number;
  readonly signal?: AbortSignal;
  /** Told of every connection that came about; one that did not fails with a `DialError`, which holds its own trace. */
  readonly onDialled?: (trace: DialTrace) => void;
}

/**
 * Waits until the look-up with which a connection to that address begins could begin at once. To be called beside the
 * loading of a library, before a clock starts; resolves at once where an address stands in place of the name.
 */
export async function readyToConnect(
  url: URL,
  { routeFor, resolver = systemResolver }: Pick<ConnectionOptions, 'routeFor' | 'resolver'>,
): Promise<void> {
  const { isIP } = process.getBuiltinModule('node:net');
  const route = routeFor(url);
  const first = route.kind === 'proxy' ? route.proxy.host : hostOf(url);
  if (route.kind !== 'unusable' && isIP(first) === 0) await resolver.ready();
}

/**
 * A connector for undici's `connect` option. A plain request whose route has an http or https proxy ends at that proxy:
 * whoever sends it asks {@link forwardingProxy} and then writes the whole address as path and `Proxy-Authorization`
 * as header.
 */
export function createConnector(
  options: ConnectionOptions & {
    /** Protocols offered by ALPN, the preferred one first. */
    readonly alpn: readonly string[];
  },
): buildConnector.connector {
  return ({ protocol, hostname, port }, callback) => {
    // undici takes the brackets of an IPv6 address away.
    const host = hostname.includes(':') ? `[${hostname}]` : hostname;
    const url = new URL(`${protocol}//${host}${port === '' ? '' : `:${port}`}`);
    answer(connect(url, options), callback as SocketCallback);
  };
}

/**
 * An agent for `node:http` and whatever takes one, such as `ws`. Every request gets a connection of its own to the
 * address given here, through a tunnel where a proxy stands in the way.
 */
export function createHttpAgent(
  options: ConnectionOptions & {
    /** `http:`, `https:`, `ws:` or `wss:`. */
    readonly url: URL;
  },
): Agent {
  const http = process.getBuiltinModule('node:http');
  const { url } = options;
  class DiallingAgent extends http.Agent {
    // Read by node:http, which refuses an agent for another protocol than the request's.
    readonly protocol = isSecure(url) ? 'https:' : 'http:';

    override createConnection(...[, callback]: Parameters<Agent['createConnection']>): undefined {
      answer(connect(url, { ...options, alpn: [], alwaysTunnels: true }), callback as SocketCallback);
    }
  }
  return new DiallingAgent({ keepAlive: false });
}

async function connect(
  url: URL,
  {
    routeFor,
    trust,
    proxyTrust = trust,
    resolver = systemResolver,
    alpn,
    timeoutMs,
    signal,
    onDialled,
    alwaysTunnels = false,
  }: ConnectionOptions & { alpn: readonly string[]; alwaysTunnels?: boolean },
): Promise<Dialled> {
  const route = routeFor(url);
  const isForwarded = !alwaysTunnels && forwardingProxy(url, route) !== undefined;
  const request: DialRequest = {
    host: hostOf(url),
    port: url.port === '' ? (isSecure(url) ? 443 : 80) : Number(url.port),
    route,
    client: url.protocol.startsWith('ws') ? 'websocket' : 'http',
    proxyUse: isForwarded ? 'forward' : 'tunnel',
    timeoutMs: timeoutMs(),
    ...(isSecure(url) && { tls: { trust: trust(), alpn } }),
    ...(route.kind === 'proxy' && route.proxy.scheme === 'https' && { proxyTrust: proxyTrust() }),
    ...(signal && { signal }),
  };
  const dialled = await dial(request, { lookup: resolver.lookup });
  onDialled?.(dialled.trace);
  return dialled;
}

/** Without the brackets of an IPv6 address. */
const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');

const isSecure = (url: URL): boolean => url.protocol === 'https:' || url.protocol === 'wss:';

/** Of Node's kind: the socket is not looked at beside an error. */
type SocketCallback = (error: Error | null, socket?: Socket) => void;

/** What the callback throws is nobody's rejected promise. */
function answer(dialled: Promise<Dialled>, callback: SocketCallback): void {
  const { callbackify } = process.getBuiltinModule('node:util');
  callbackify(async () => (await dialled).socket)(callback);
}
