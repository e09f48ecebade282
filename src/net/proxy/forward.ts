import { Secret } from '../../redact/secret.ts';
import type { Proxy, Route } from './route.ts';

/**
 * The proxy that a plain request is handed to in absolute form (`GET http://host/path`, RFC 9112 section 3.2.2), or
 * undefined where the request goes through a tunnel or no proxy at all. The HTTP client alone forwards; the WebSocket
 * client asks for a tunnel even for `ws:`.
 */
export function forwardingProxy(url: URL, route: Route): Proxy | undefined {
  if (url.protocol !== 'http:' || route.kind !== 'proxy') return undefined;
  return route.proxy.scheme === 'http' || route.proxy.scheme === 'https' ? route.proxy : undefined;
}

/** Value of `Proxy-Authorization`, for CONNECT and for forwarded requests alike. */
export function proxyAuthorization({ credentials }: Proxy): Secret | undefined {
  if (!credentials) return undefined;
  const pair = `${credentials.username.reveal()}:${credentials.password.reveal()}`;
  return new Secret(`Basic ${Buffer.from(pair, 'utf8').toString('base64')}`);
}
