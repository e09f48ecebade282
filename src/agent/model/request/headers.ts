import type { RequestHeaders } from '../../../net/network.ts';
import { prepareRequest } from '../../../net/http/request.ts';
import { Secret } from '../../../redact/secret.ts';
import type { ResolvedProvider } from '../../provider/provider.ts';
import type { ModelRequest } from '../client.ts';
import { ModelError } from '../error.ts';
import type { Inference } from '../inference/inference.ts';
import { TURN_METADATA, asciiJson } from './turn-metadata.ts';
import { TURN_STATE } from './turn-state.ts';
import type { TurnState } from './turn-state.ts';

/** Who asks. */
export interface ClientIdentity {
  readonly originator: string;
  /** Printable ASCII. */
  readonly userAgent: string;
  readonly installationId: string;
  /** Where the data of the account have to stay, such as `us`. */
  readonly residency?: string;
}

/** On whose behalf: what outlives a single request. */
export interface RequestContext {
  readonly threadId: string;
  readonly sessionId: string;
  /** `{thread_id}:{window_generation}`. */
  readonly windowId: string;
  /** Keys of the experimental features that are on. */
  readonly betaFeatures?: readonly string[];
  readonly turnState: TurnState;
}

/**
 * The headers that HTTP requests and WebSocket upgrades of a thread share (spec/transport.md 1.2, 2.2).
 * @param request absent for a connection that no turn asked for
 */
export function threadHeaders(
  { threadId, sessionId, windowId, betaFeatures = [], turnState }: RequestContext,
  request: Pick<ModelRequest, 'turnMetadata'> | undefined,
): Record<string, string> {
  const token = turnState.token();
  return {
    'x-client-request-id': threadId,
    'session-id': sessionId,
    'thread-id': threadId,
    'x-codex-window-id': windowId,
    ...(betaFeatures.length > 0 && { 'x-codex-beta-features': betaFeatures.join(',') }),
    ...(token !== undefined && { [TURN_STATE]: token }),
    ...(request?.turnMetadata && { [TURN_METADATA]: asciiJson(request.turnMetadata) }),
  };
}

/** What `POST responses` says besides. */
export const streamHeaders = (request: ModelRequest, context: RequestContext): Record<string, string> => ({
  accept: 'text/event-stream',
  ...threadHeaders(context, request),
  ...(request.model.usesResponsesLite && { 'x-openai-internal-codex-responses-lite': 'true' }),
  ...traceHeaders(request),
});

export const traceHeaders = ({ trace }: Pick<ModelRequest, 'trace'>): Record<string, string> => ({
  ...(trace && { traceparent: trace.traceparent }),
  ...(trace?.tracestate !== undefined && { tracestate: trace.tracestate }),
});

/**
 * With the context and the name that whoever listens gives to one attempt. A context is replaced as a whole: the state of
 * another one would be wrong.
 */
export function stampedHeaders(headers: RequestHeaders, inference: Stamp): RequestHeaders {
  const { callId } = inference;
  const named = callId === undefined ? headers : { ...headers, [INFERENCE_CALL_ID]: callId };
  const trace = inference.traceContext();
  if (!trace) return named;
  const { tracestate: _, ...others } = named;
  return { ...others, ...traceHeaders({ trace }) };
}

type Stamp = Pick<Inference, 'traceContext' | 'callId'>;

/** Over HTTP alone; a WebSocket never names its inferences (measured with codex 0.169). */
const INFERENCE_CALL_ID = 'x-codex-inference-call-id';

/**
 * All headers of a request, names in lower case: the provider's are overridden by those of the request, the client's own
 * fill what is absent, and the credential comes last, so that nothing configured replaces it (trap 49).
 */
export function mergeHeaders(
  provider: Pick<ResolvedProvider, 'headers' | 'auth'>,
  request: RequestHeaders,
  identity: ClientIdentity,
): Map<string, string | Secret> {
  const merged = new Map<string, string | Secret>();
  const set = (headers: RequestHeaders): void => {
    for (const [name, value] of Object.entries(headers)) merged.set(name.toLowerCase(), value);
  };
  set(provider.headers);
  set(request);
  for (const [name, value] of Object.entries(defaultHeaders(identity)))
    if (!merged.has(name)) merged.set(name, value);
  set(provider.auth.headers);
  return merged;
}

const defaultHeaders = ({ originator, userAgent, residency }: ClientIdentity): Record<string, string> => ({
  originator,
  'user-agent': userAgent,
  ...(residency !== undefined && { 'x-openai-internal-codex-residency': residency }),
});

/** Headers as text, for who signs them. */
export const revealed = (headers: RequestHeaders): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, value instanceof Secret ? value.reveal() : value]),
  );

/** A request as it can be written to the wire: secrets revealed, user and password of the address as a header. */
export interface WritableRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
}

/** @throws ModelError `fatal` naming the header that no request can carry; asking again would not help (DECISIONS 12) */
export function writableRequest(url: string, headers: RequestHeaders): WritableRequest {
  const prepared = prepareRequest({ url, headers });
  if (prepared.kind === 'sendable') return prepared;
  const message = `the request to the model cannot be sent: ${prepared.problem}`;
  throw new ModelError({ kind: 'fatal', message }, message);
}
