import type { ResolvedProvider } from '../../provider/provider.ts';

/**
 * The address of a route, such as `responses`. Query parameters are appended as they are configured, without encoding
 * (spec/transport.md 1.1).
 */
export function requestUrl(
  { baseUrl, queryParameters }: Pick<ResolvedProvider, 'baseUrl' | 'queryParameters'>,
  path: string,
): string {
  const url = `${baseUrl.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`;
  const query = Object.entries(queryParameters)
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  return query === '' ? url : `${url}?${query}`;
}

/** The same address for a WebSocket; parameters survive (trap 48). */
export const websocketUrl = (url: string): string => url.replace(/^http/i, 'ws');
