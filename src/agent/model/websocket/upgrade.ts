import type { RequestHeaders } from '../../../net/network.ts';
import type { ResolvedProvider } from '../../provider/provider.ts';
import type { ModelRequest } from '../client.ts';
import { mergeHeaders, threadHeaders } from '../request/headers.ts';
import type { ClientIdentity, RequestContext } from '../request/headers.ts';

export interface UpgradeOptions {
  readonly request: ModelRequest;
  readonly context: RequestContext;
  readonly identity: ClientIdentity;
  /** Asks the provider for frames that tell where time went. */
  readonly asksForTiming: boolean;
}

/** Names what the upgrade speaks. */
const BETA = 'responses_websockets=2026-02-06';

/** The headers of an upgrade (spec/transport.md 2.2): those of a request without what tells of a body or a single request. */
export function upgradeHeaders(
  resolved: ResolvedProvider,
  { request, context, identity, asksForTiming }: UpgradeOptions,
): RequestHeaders {
  const own = {
    ...threadHeaders(context, request),
    'openai-beta': BETA,
    ...(asksForTiming && { 'x-responsesapi-include-timing-metrics': 'true' }),
  };
  const merged = mergeHeaders(resolved, own, identity);
  // An upgrade has no body and asks for no kind of answer, whatever is configured for requests.
  for (const name of merged.keys()) if (name === 'accept' || name.startsWith('content-')) merged.delete(name);
  return Object.fromEntries(merged);
}
