import { unlessAborted } from '../../../host/unless-aborted.ts';
import type { RequestHeaders } from '../../../net/network.ts';
import { joinAddress } from '../../../target/provider/address.ts';
import type { ModelProvider } from '../../provider/provider.ts';
import { compress, isCompressed } from '../request/compress.ts';
import { streamError } from '../request/failure.ts';
import { mergeHeaders } from '../request/headers.ts';
import type { ClientIdentity } from '../request/headers.ts';
import type { PreparedRequest } from './attempt.ts';

export interface Draft {
  /** Below the base URL, without a slash in front: `responses`. */
  readonly path: string;
  readonly headers: RequestHeaders;
  readonly body: Uint8Array;
  readonly mayCompress: boolean;
}

/**
 * A request with the provider's address, headers and credential of this moment.
 * @throws ModelError of `provider.resolve()`, or `stream` where headers and body contradict each other; the reason of
 *   `signal`, since a login may have to be renewed first
 */
export async function prepareRequest(
  { path, headers, body, mayCompress }: Draft,
  { provider, identity }: { readonly provider: ModelProvider; readonly identity: ClientIdentity },
  signal: AbortSignal,
): Promise<Omit<PreparedRequest, 'inference'>> {
  const resolved = await unlessAborted(provider.resolve(), signal);
  const merged = mergeHeaders(resolved, headers, identity);
  if (!merged.has('content-type')) merged.set('content-type', 'application/json');
  const compresses = isCompressed(provider, resolved.auth, { isEnabled: mayCompress });
  if (compresses) {
    if (merged.has('content-encoding'))
      throw streamError('the provider sets the header content-encoding, and the request is to be compressed');
    merged.set('content-encoding', 'zstd');
  }
  return {
    url: joinAddress(resolved.baseUrl, path, resolved.queryParameters),
    headers: Object.fromEntries(merged),
    auth: resolved.auth,
    body: compresses ? await compress(body) : body,
    endpoint: `/${path}`,
  };
}
