import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../../host/clock.ts';
import type { Network } from '../../../net/network.ts';
import { forwardingProxy, proxyAuthorization } from '../../../net/proxy/forward.ts';
import type { ResponseItem } from '../../protocol/item.ts';
import type { ModelProvider } from '../../provider/provider.ts';
import type { ModelRequest } from '../client.ts';
import type { ModelEvent } from '../event.ts';
import type { ModelObserver } from '../observer.ts';
import type { ClientIdentity, RequestContext } from '../request/headers.ts';
import type { AskTools } from './ask.ts';
import { compact } from './compact.ts';
import { createCookieJar } from './cookies.ts';
import type { CookieJar } from './cookies.ts';
import { streamResponse } from './stream-response.ts';

export interface HttpTransportOptions {
  readonly network: Pick<Network, 'dispatcher' | 'proxies'>;
  readonly provider: ModelProvider;
  readonly identity: ClientIdentity;
  /** The feature `enable_request_compression`. */
  readonly compressesRequests: boolean;
  readonly observer: ModelObserver;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Waits between retries; rejects with the reason of `signal`. Default: a timer. */
  readonly wait?: (delayMs: number, signal: AbortSignal) => Promise<void>;
}

/** The Responses API over HTTP (spec/transport.md 1). Keeps nothing from request to request. */
export interface HttpTransport {
  /**
   * One response, in batches of what one read of the connection brought. Retries of the request and the recovery from a
   * 401 happen inside, before the first batch. Ends after `completed`. Leaving the loop ends the connection.
   * @throws ModelError, or the reason of `signal`
   */
  stream(
    request: ModelRequest,
    context: RequestContext,
    signal: AbortSignal,
  ): AsyncIterable<readonly ModelEvent[]>;
  /**
   * `POST responses/compact`: the conversation in the provider's own short form. Empty input asks nobody.
   * @throws ModelError, or the reason of `signal`
   */
  compact(
    request: ModelRequest,
    context: RequestContext,
    signal: AbortSignal,
  ): Promise<readonly ResponseItem[]>;
}

/** What requests are made with. */
export type RequestTools = Omit<AskTools, 'maxRetries'> &
  Pick<HttpTransportOptions, 'provider' | 'identity' | 'compressesRequests'>;

/** Opens nothing before the first request. */
export function createHttpTransport(options: HttpTransportOptions): HttpTransport {
  const { network, wait = waitFor, ...rest } = options;
  const cookies = cookiesOf(network, options.clock);
  const prepare = async (): Promise<RequestTools> => ({
    ...rest,
    wait,
    cookies,
    dispatcher: await network.dispatcher(),
    proxyCredential: (url) => {
      const proxy = forwardingProxy(url, network.proxies().routeFor(url));
      return proxy && proxyAuthorization(proxy);
    },
  });
  return {
    async *stream(request, context, signal) {
      yield* streamResponse(request, context, await prepare(), signal);
    },
    compact: async (request, context, signal) => compact(request, context, await prepare(), signal),
  };
}

async function waitFor(delayMs: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(delayMs, undefined, { signal });
  } catch {
    signal.throwIfAborted();
  }
}

/** Cookies belong to a way out: all threads of a process are one client to Cloudflare. */
const jars = new WeakMap<Pick<Network, 'dispatcher'>, CookieJar>();

function cookiesOf(network: Pick<Network, 'dispatcher'>, clock: Clock): CookieJar {
  const known = jars.get(network);
  if (known) return known;
  const jar = createCookieJar(clock);
  jars.set(network, jar);
  return jar;
}
