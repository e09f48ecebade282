import type { Dispatcher } from 'undici';
import type { Clock } from '../../../host/clock.ts';
import { unlessAborted } from '../../../host/unless-aborted.ts';
import { dialErrorOf, outcomeOfError } from '../../../net/http/failed.ts';
import type { RequestHeaders } from '../../../net/network.ts';
import { describeUrl } from '../../../redact/places.ts';
import { Secret } from '../../../redact/secret.ts';
import type { RequestAuth } from '../../provider/provider.ts';
import { ModelError } from '../error.ts';
import type { Inference } from '../inference/inference.ts';
import type { ModelObserver } from '../observer.ts';
import type { AttemptFacts } from '../../../telemetry/facts/attempt.ts';
import { answerIds, upstreamRequestIdOf } from '../request/answer-ids.ts';
import { credentialFacts } from '../request/credential-facts.ts';
import { revealed, stampedHeaders, writableRequest } from '../request/headers.ts';
import { hiddenHeaders, hidingOf } from '../request/hiding.ts';
import type { Hide } from '../request/hiding.ts';
import { errorOfOutcome } from '../request/network-error.ts';
import { errorOfStatus } from '../request/status-error.ts';
import type { ErrorAnswer } from '../request/status-error.ts';
import type { CookieJar } from './cookies.ts';
import { exchange } from './exchange.ts';
import type { Exchange } from './exchange.ts';
import { readBody } from './read-body.ts';

/** A request that is ready but for its signature. */
export interface PreparedRequest {
  readonly url: string;
  readonly headers: RequestHeaders;
  readonly auth: RequestAuth;
  /** The final bytes. */
  readonly body: Uint8Array;
  /** As facts name it, such as `/responses`. */
  readonly endpoint: string;
  /** The step of the recovery that this request follows. */
  readonly recovery?: NonNullable<AttemptFacts['recovery']>;
  /** What the request is told as. */
  readonly inference: Inference;
}

export interface AttemptTools {
  readonly dispatcher: Dispatcher;
  /** What a proxy is sent that a request is handed to: the answer may be the proxy's own. */
  readonly proxyCredential: (url: URL) => Secret | undefined;
  readonly cookies: CookieJar;
  readonly observer: ModelObserver;
  readonly clock: Clock;
}

export type AttemptOutcome =
  | {
      readonly kind: 'answered';
      /** Its headers may be told of, with nothing in them that the request carried. */
      readonly answer: Exchange;
      /** For what the body says. */
      readonly hide: Hide;
    }
  | { readonly kind: 'refused'; readonly answer: ErrorAnswer; readonly error: ModelError }
  /** No answer: nobody knows whether the request arrived. */
  | { readonly kind: 'failed'; readonly error: ModelError };

/** Of an error answer more is of no use: what matters stands at its beginning. */
const MAX_ERROR_BYTES = 64 * 1024;
/** An error whose text is not there by then is told without it. */
const ERROR_TIMEOUT_MS = 10_000;

/**
 * Sends a request once, signed, and tells the observer how it went.
 * @throws ModelError `fatal` where it cannot be sent, or the reason of `signal`
 */
export async function attemptOnce(
  request: PreparedRequest,
  attempt: number,
  tools: AttemptTools,
  signal: AbortSignal,
): Promise<AttemptOutcome> {
  const { observer, clock } = tools;
  const startedAt = clock.elapsed();
  let facts: Partial<AttemptFacts> = {};
  try {
    const outcome = await send(request, tools, signal);
    facts = factsOf(outcome);
    return outcome;
  } catch (error) {
    facts = { error: error instanceof ModelError ? error.message : 'cancelled' };
    throw error;
  } finally {
    const told: AttemptFacts = {
      kind: 'http',
      endpoint: request.endpoint,
      attempt,
      durationMs: clock.elapsed() - startedAt,
      success: false,
      ...credentialFacts(request.auth),
      retryAfterUnauthorized: request.recovery !== undefined,
      ...(request.recovery && { recovery: request.recovery }),
      ...facts,
    };
    observer.attempt(told, request.inference.scope);
  }
}

function factsOf(outcome: AttemptOutcome): Partial<AttemptFacts> {
  switch (outcome.kind) {
    case 'answered': {
      const { status, headers } = outcome.answer;
      const upstreamRequestId = upstreamRequestIdOf(headers);
      return { httpStatus: status, success: true, ...(upstreamRequestId !== null && { upstreamRequestId }) };
    }
    case 'refused': {
      const { status, headers } = outcome.answer;
      return { httpStatus: status, error: `http ${status}`, ...answerIds(headers) };
    }
    case 'failed':
      return { error: outcome.error.message };
  }
}

async function send(
  { url, headers: prepared, auth, body, inference }: PreparedRequest,
  { dispatcher, proxyCredential, cookies, clock }: AttemptTools,
  signal: AbortSignal,
): Promise<AttemptOutcome> {
  const headers = stampedHeaders(prepared, inference);
  const { url: address } = writableRequest(url, headers);
  const cookie = 'cookie' in headers ? undefined : cookies.cookieFor(address);
  const plain = cookie === undefined ? headers : { ...headers, cookie };
  try {
    // Whoever signs says which headers go: what it leaves out would invalidate the signature (trap 28).
    const sent = auth.sign
      ? await unlessAborted(
          auth.sign({ method: 'POST', url: address.href, headers: revealed(plain), body }),
          signal,
        )
      : plain;
    const written = writableRequest(url, sent);
    const received = await exchange(dispatcher, { ...written, method: 'POST', body }, signal);
    cookies.keep(address, received.headers);
    const proxy = proxyCredential(address);
    const hide = hidingOf(url, headers, sent, cookieValues(cookie), proxy ? { proxy } : {});
    const answer = { ...received, headers: hiddenHeaders(received.headers, hide) };
    if (answer.status < 300) return { kind: 'answered', answer, hide };
    return await refusalOf(answer, { url: describeUrl(url), hide, nowMs: () => clock.now() }, signal);
  } catch (error) {
    signal.throwIfAborted();
    return { kind: 'failed', error: errorOfExchange(error, url) };
  }
}

/** Of the header `Cookie`, each by its name. */
const cookieValues = (cookie = ''): RequestHeaders =>
  Object.fromEntries(
    cookie.split('; ').map((pair) => {
      const [name = '', ...value] = pair.split('=');
      return [name, new Secret(value.join('='))];
    }),
  );

interface Asked {
  /** As `describeUrl` shows it. */
  readonly url: string;
  readonly hide: Hide;
  readonly nowMs: () => number;
}

async function refusalOf(answer: Exchange, asked: Asked, signal: AbortSignal): Promise<AttemptOutcome> {
  const text = await readBody(answer, { maxBytes: MAX_ERROR_BYTES, timeoutMs: ERROR_TIMEOUT_MS }, signal);
  const refused: ErrorAnswer = {
    status: answer.status,
    headers: answer.headers,
    body: asked.hide(text),
    url: asked.url,
  };
  return { kind: 'refused', answer: refused, error: errorOfStatus(refused, asked.nowMs()) };
}

/** What an error means that came instead of an answer. */
function errorOfExchange(error: unknown, url: string): ModelError {
  if (error instanceof ModelError) return error;
  const outcome = outcomeOfError(error, { hop: 'endpoint', receivedBytes: 0 });
  return errorOfOutcome(outcome, 'http', { url, trace: dialErrorOf(error)?.trace });
}
