import type { Dispatcher, Pool } from 'undici';
import { createConnector } from '../dial/agent.ts';
import { forwardingProxy } from '../proxy/forward.ts';
import { forward } from './forward.ts';
import { HTTP_ALPN, MAX_HEAD_BYTES } from './observe.ts';
import type { HttpDependencies } from './observe.ts';

/** From the look-up of a name to the end of the handshake, as undici limits it by default. */
const DIAL_TIMEOUT_MS = 10_000;

/**
 * A pool of connections that come from the one dialer. Idle ones are kept a few seconds and do not keep the process
 * alive; `close()` ends them at once. A request that finds no connection fails with a `DialError`.
 */
export async function createDispatcher(dependencies: HttpDependencies): Promise<Dispatcher> {
  const undici = await import('undici');
  return new undici.Agent({
    allowH2: true,
    maxHeaderSize: MAX_HEAD_BYTES,
    factory: (origin, options: Pool.Options) => {
      const url = new URL(origin);
      const pool = new undici.Pool(url.origin, {
        ...options,
        connect: createConnector({
          ...dependencies,
          alpn: options.allowH2 === false ? ['http/1.1'] : HTTP_ALPN,
          timeoutMs: () => DIAL_TIMEOUT_MS,
        }),
      });
      const proxy = forwardingProxy(url, dependencies.routeFor(url));
      return proxy ? pool.compose(forward(proxy)) : pool;
    },
  });
}

/** The Fetch API over a dispatcher. Rejects with a `TypeError` whose cause is what the dispatcher failed with. */
export async function createFetch(dispatcher: Dispatcher): Promise<typeof globalThis.fetch> {
  const undici = await import('undici');
  type Init = Parameters<typeof undici.fetch>[1];
  const send = async (input: string | URL | Request, init?: RequestInit): Promise<unknown> => {
    // Node's own Request is of another copy of the library, which takes it for a text.
    const { address, options } =
      input instanceof Request
        ? { address: input.url, options: { ...partsOf(input), ...init } }
        : { address: input, options: init };
    return undici.fetch(address, { ...(options as Init), dispatcher });
  };
  return send as typeof globalThis.fetch;
}

function partsOf(request: Request): RequestInit {
  const { method, headers, body, redirect, signal } = request;
  return { method, headers, redirect, signal, ...(body && { body, duplex: 'half' }) };
}
