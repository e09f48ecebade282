import type { Clock } from '../../../host/clock.ts';
import { unlessAborted } from '../../../host/unless-aborted.ts';
import { first } from '../../../net/http/answer.ts';
import type { AnswerHeaders } from '../../../net/http/answer.ts';
import type { Network } from '../../../net/network.ts';
import { WebSocketError } from '../../../net/websocket/error.ts';
import type { OpenWebSocket } from '../../../net/websocket/connected.ts';
import { describeUrl } from '../../../redact/places.ts';
import { joinAddress, webSocketAddress } from '../../../target/provider/address.ts';
import type { ModelProvider, ResolvedProvider } from '../../provider/provider.ts';
import type { ModelRequest } from '../client.ts';
import { recoverOnce } from '../recover.ts';
import type { Unauthorized } from '../recover.ts';
import type { AskedFor, ModelObserver } from '../observer.ts';
import type { AttemptFacts } from '../../../telemetry/facts/attempt.ts';
import { answerIds } from '../request/answer-ids.ts';
import { credentialFacts } from '../request/credential-facts.ts';
import type { ClientIdentity, RequestContext } from '../request/headers.ts';
import { hiddenHeaders, hidingOf } from '../request/hiding.ts';
import type { Hide } from '../request/hiding.ts';
import { errorOfOutcome } from '../request/network-error.ts';
import { errorOfStatus } from '../request/status-error.ts';
import { TURN_STATE } from '../request/turn-state.ts';
import { connectionOver } from './connection.ts';
import type { Connection } from './connection.ts';
import { upgradeHeaders } from './upgrade.ts';
import type { UpgradeOptions } from './upgrade.ts';

type RecoveredBy = NonNullable<AttemptFacts['recovery']>;

export interface ConnectOptions {
  readonly network: Pick<Network, 'openWebSocket'>;
  readonly provider: ModelProvider;
  readonly identity: ClientIdentity;
  readonly observer: ModelObserver;
  readonly clock: Clock;
  readonly asksForTiming: UpgradeOptions['asksForTiming'];
}

/** What a connection was opened with; later requests on it are told of with the same facts (trap 20). */
export type ConnectionFacts = Pick<
  AttemptFacts,
  'endpoint' | 'authHeaderAttached' | 'authHeaderName' | 'authMode' | 'retryAfterUnauthorized' | 'recovery'
>;

export interface Connected {
  readonly connection: Connection;
  /** Of the answer 101; nothing in them that the upgrade carried. */
  readonly headers: AnswerHeaders;
  /** As `describeUrl` shows it. */
  readonly url: string;
  /** May be secret. */
  readonly baseUrl: string;
  /** Takes the credential of the upgrade out of what the server says. */
  readonly hide: Hide;
  readonly facts: ConnectionFacts;
}

/** The provider answered the upgrade with 426: it wants HTTP. */
export class HttpRequiredError extends Error {
  override readonly name = 'HttpRequiredError';
}

const UNAUTHORIZED = 401;
const UPGRADE_REQUIRED = 426;
const ENDPOINT = '/responses';

/**
 * Opens the WebSocket of a thread (spec/transport.md 2.2), recovering from a 401 as often as there is something to try.
 * @throws ModelError, HttpRequiredError, or the reason of `signal`
 */
export async function connect(
  request: ModelRequest,
  context: RequestContext,
  { signal, ...options }: ConnectOptions & { readonly signal: AbortSignal },
): Promise<Connected> {
  const { provider, observer } = options;
  const recovery = provider.recovery();
  const scope = turnOf(request);
  let recoveredBy: RecoveredBy | undefined;
  for (let attempt = 0; ; attempt += 1) {
    const resolved = await unlessAborted(provider.resolve(), signal);
    const tried = await tryOnce(resolved, { ...options, request, context, signal, attempt, recoveredBy });
    if ('connection' in tried) return tried;
    recoveredBy = await unlessAborted(recoverOnce(recovery, tried, { observer, scope }), signal);
  }
}

interface Attempt extends ConnectOptions {
  readonly request: ModelRequest;
  readonly context: RequestContext;
  readonly signal: AbortSignal;
  readonly attempt: number;
  readonly recoveredBy: RecoveredBy | undefined;
}

async function tryOnce(resolved: ResolvedProvider, attempt: Attempt): Promise<Connected | Unauthorized> {
  const { network, provider, clock, observer, signal, recoveredBy, context } = attempt;
  const url = webSocketAddress(joinAddress(resolved.baseUrl, 'responses', resolved.queryParameters));
  const facts: ConnectionFacts = {
    endpoint: ENDPOINT,
    ...credentialFacts(resolved.auth),
    retryAfterUnauthorized: recoveredBy !== undefined,
    ...(recoveredBy && { recovery: recoveredBy }),
  };
  const startedAt = clock.elapsed();
  const tell = (end: Pick<AttemptFacts, 'success'> & Partial<AttemptFacts>): void =>
    observer.attempt(
      {
        kind: 'websocket_connect',
        attempt: attempt.attempt,
        durationMs: Math.round(clock.elapsed() - startedAt),
        connectionReused: false,
        ...facts,
        ...end,
      },
      turnOf(attempt.request),
    );
  const headers = upgradeHeaders(resolved, attempt);
  const hide = hidingOf(url, headers);
  let open: OpenWebSocket;
  try {
    const timeoutMs = provider.limits.websocketConnectTimeoutMs;
    open = await network.openWebSocket({ url, headers, timeoutMs, signal });
  } catch (error) {
    if (!(error instanceof WebSocketError)) {
      tell({ success: false, error: 'cancelled' });
      throw error;
    }
    if (!error.refusal) {
      const failure = errorOfOutcome(error.outcome, 'websocket', { url });
      tell({ success: false, error: failure.message });
      throw failure;
    }
    const { status } = error.refusal;
    const refusal = { ...error.refusal, headers: hiddenHeaders(error.refusal.headers, hide) };
    tell({ success: false, httpStatus: status, error: `http ${status}`, ...answerIds(refusal.headers) });
    if (status === UPGRADE_REQUIRED) throw new HttpRequiredError('the provider answers WebSockets with 426');
    const answer = { ...refusal, body: hide(refusal.body), url: describeUrl(url) };
    const failure = errorOfStatus(answer, clock.now());
    if (status === UNAUTHORIZED) return { error: failure, answer };
    throw failure;
  }
  tell({ success: true });
  context.turnState.offer(first(open.headers, TURN_STATE));
  const answered = hiddenHeaders(open.headers, hide);
  const shown = { url: describeUrl(url), baseUrl: resolved.baseUrl };
  return { connection: connectionOver(open), headers: answered, ...shown, hide, facts };
}

/** A connection is made for a turn, and no inference has begun. */
const turnOf = ({ turnId }: Pick<ModelRequest, 'turnId'>): AskedFor =>
  turnId === undefined ? {} : { turnId };
