import { Secret } from '../../redact/secret.ts';
import type { ClientKind } from './no-proxy.ts';
import type { Proxy } from './route.ts';
import { hasScheme } from './variables.ts';

/** By what is spoken, not by what is written (measured on codex 0.169). */
const DEFAULT_PORTS: Readonly<Record<string, number>> = { http: 80, https: 443 };
const SOCKS_PORT = 1080;

/**
 * What each client speaks to a proxy of a scheme. The HTTP client takes SOCKS addresses and speaks HTTP to them, CONNECT
 * and absolute form alike, which only a proxy that understands both survives; the WebSocket client speaks SOCKS 5
 * (measured on codex 0.169).
 */
const SPOKEN: Readonly<Record<ClientKind, Readonly<Record<string, Proxy['scheme']>>>> = {
  http: { http: 'http', https: 'https', socks4: 'http', socks4a: 'http', socks5: 'http', socks5h: 'http' },
  websocket: { http: 'http', socks5: 'socks5', socks5h: 'socks5h' },
};

/** The proxy that a variable's value names, for a client that takes it; undefined for a value that it does not take. */
export function readProxy(variable: string, value: string, client: ClientKind): Proxy | undefined {
  const url = URL.parse(hasScheme(value) ? value : `http://${value}`);
  const written = url?.protocol.slice(0, -1) ?? '';
  const scheme = SPOKEN[client][written];
  if (!url || !scheme) return undefined;
  return {
    variable,
    scheme,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (DEFAULT_PORTS[scheme] ?? SOCKS_PORT) : Number(url.port),
    ...((url.username !== '' || url.password !== '') && {
      credentials: { username: decode(url.username), password: decode(url.password) },
    }),
  };
}

/** A percent sign that begins no code stands for itself, and bytes that are no UTF-8 become U+FFFD: nothing throws. */
function decode(part: string): Secret {
  const text = part.replaceAll(/(?:%[0-9a-f]{2})+/gi, (codes) =>
    Buffer.from(codes.replaceAll('%', ''), 'hex').toString('utf8'),
  );
  return new Secret(text);
}
