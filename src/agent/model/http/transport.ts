import type { Clock } from '../../../host/clock.ts';
import type { Network } from '../../../net/network.ts';
import type { ResponseItem } from '../../protocol/item.ts';
import type { ModelProvider } from '../../provider/provider.ts';
import type { ModelRequest } from '../client.ts';
import type { ModelEvent } from '../event.ts';
import type { ModelObserver } from '../observer.ts';
import type { ClientIdentity, RequestContext } from '../request/headers.ts';

export interface HttpTransportOptions {
  readonly network: Pick<Network, 'dispatcher'>;
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
   * 401 happen inside, before the first batch. Ends after `completed`.
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

export function createHttpTransport(_options: HttpTransportOptions): HttpTransport {
  throw new Error('being written');
}
