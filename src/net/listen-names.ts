import { isIPv4, isIPv6 } from 'node:net';

/** 127.0.0.0/8 and ::1. */
export const isLoopbackAddress = (address: string): boolean =>
  (isIPv4(address) && address.startsWith('127.')) || address === '::1';

/** The name in a `Host` header, without port and brackets, in lower case. */
export const nameInHost = (host: string): string =>
  host
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase();

/**
 * Whether a request to a loopback address was meant for it: by an address of this machine or `localhost`. Every other name
 * was made to lead here by somebody else.
 */
export function isLoopbackName(host: string | undefined): boolean {
  // A client of HTTP/1.0 sends none, and no browser does that.
  if (host === undefined) return true;
  const name = nameInHost(host);
  return name === 'localhost' || name.endsWith('.localhost') || isLoopbackAddress(name);
}

/** What can stand in a URL. */
export const hostInUrl = (host: string): string => (isIPv6(host) ? `[${host}]` : host);
