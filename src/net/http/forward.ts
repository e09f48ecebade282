import type { Dispatcher } from 'undici';
import { proxyAuthorization } from '../proxy/forward.ts';
import type { Proxy } from '../proxy/route.ts';

type DispatchOptions = Dispatcher.DispatchOptions;

/**
 * An interceptor that writes plain requests as a forwarding proxy reads them: the whole address in the request line, and
 * the proxy's credentials beside the endpoint's own (RFC 9112 section 3.2.2).
 */
export function forward(proxy: Proxy): Dispatcher.DispatcherComposeInterceptor {
  const authorization = proxyAuthorization(proxy)?.reveal();
  return (dispatch) => (options, handler) => {
    const origin = String(options.origin);
    return dispatch(
      {
        ...options,
        path: `${origin}${options.path}`,
        headers: {
          host: new URL(origin).host,
          ...recordOf(options.headers),
          ...(authorization !== undefined && { 'proxy-authorization': authorization }),
        },
      },
      handler,
    );
  };
}

type Value = string | number | string[] | undefined;

/** A dispatcher takes headers as a record, as a flat list of names and values, or as pairs. */
function recordOf(headers: DispatchOptions['headers']): Record<string, string | string[]> {
  if (!headers) return {};
  if (Array.isArray(headers) && headers.every((part) => typeof part === 'string'))
    return merged(headers.flatMap((name, at) => (at % 2 === 0 ? [[name, headers[at + 1]] as const] : [])));
  if (Symbol.iterator in headers) return merged([...(headers as Iterable<readonly [string, Value]>)]);
  return merged(Object.entries(headers));
}

function merged(
  pairs: readonly (readonly [name: string, value: Value])[],
): Record<string, string | string[]> {
  const record: Record<string, string | string[]> = {};
  for (const [written, value] of pairs) {
    const name = written.toLowerCase();
    // What a caller says to the endpoint is never said to the proxy.
    if (value === undefined || name === 'proxy-authorization') continue;
    const text = typeof value === 'number' ? String(value) : value;
    const earlier = record[name];
    record[name] = earlier === undefined ? text : [earlier, text].flat();
  }
  return record;
}
