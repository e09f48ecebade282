import type { Dispatcher } from 'undici';
import { classify } from '../../net/classify/classify.ts';
import type { NetworkFailureClass } from '../../net/failure.ts';
import { first, readAnswer } from '../../net/http/answer.ts';
import { describeBody, MAX_BODY_BYTES } from '../../net/http/body.ts';
import { outcomeOfError } from '../../net/http/failed.ts';
import { createShown } from '../../net/http/shown.ts';
import type { Network } from '../../net/network.ts';
import type { HttpOutcome } from '../../net/outcome.ts';
import { forwardingProxy } from '../../net/proxy/forward.ts';
import { Secret } from '../../redact/secret.ts';
import type { Dsn } from './dsn.ts';
import { readRateLimits } from './rate-limits.ts';
import type { RateLimits } from './rate-limits.ts';

/** What a server said to an envelope, or what happened instead. */
export type Posted =
  | { readonly kind: 'accepted'; readonly limits: RateLimits }
  /** The same would be refused again. */
  | { readonly kind: 'refused'; readonly reason: string; readonly failureClass?: NetworkFailureClass }
  | { readonly kind: 'too_large'; readonly reason: string }
  /** Worth another try, after `limits` where it names one. */
  | {
      readonly kind: 'failed';
      readonly reason: string;
      readonly failureClass?: NetworkFailureClass;
      readonly limits: RateLimits;
    };

export interface PostOptions {
  readonly dsn: Dsn;
  readonly network: Pick<Network, 'dispatcher' | 'proxies'>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Wall time, for limits. */
  readonly nowMs: () => number;
  /** Name and version of who sends. */
  readonly client: string;
}

const PAYLOAD_TOO_LARGE = 413;
/** The client was too slow, came too early or too often: nothing is wrong with what it sent. */
const PASSING_STATUSES: readonly number[] = [408, 425, 429];

/** Sends a packed envelope once. Never rejects, and tells nothing of the key. */
export async function postEnvelope(body: Buffer, options: PostOptions): Promise<Posted> {
  const { dsn, network, timeoutMs, signal, client } = options;
  const url = new URL(dsn.envelopeUrl);
  const headers = {
    'x-sentry-auth': new Secret(
      `Sentry sentry_version=7, sentry_client=${client}, sentry_key=${dsn.publicKey.reveal()}`,
    ),
    'content-type': 'application/x-sentry-envelope',
    'content-encoding': 'gzip',
    'user-agent': client,
  };
  const proxy = forwardingProxy(url, network.proxies().routeFor(url));
  const hop = proxy ? 'proxy' : 'endpoint';
  const limit = AbortSignal.timeout(timeoutMs);
  let outcome: HttpOutcome;
  let limits: RateLimits = new Map();
  try {
    const dispatcher = await network.dispatcher();
    const answered = await dispatcher.request({
      origin: url.origin,
      path: url.pathname,
      method: 'POST',
      headers: revealed(headers),
      body,
      signal: AbortSignal.any([signal, limit]),
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    const shown = createShown(url, headers, proxy);
    const { statusCode: status } = answered;
    const read = await beginningOf(answered.body);
    const contentType = first(answered.headers, 'content-type');
    const facts = describeBody(read, { status, contentType, shown });
    const answer = readAnswer(
      { status, httpVersion: '1.1', headers: answered.headers, atMs: options.nowMs() },
      facts,
      { url, shown },
    );
    const rateLimits = first(answered.headers, 'x-sentry-rate-limits');
    limits = readRateLimits({ status, rateLimits, retryAfterMs: answer.retryAfterMs }, options.nowMs());
    outcome = { kind: 'answered', answer };
  } catch (error) {
    if (signal.aborted)
      return {
        kind: 'failed',
        reason: 'the time for it ran out',
        failureClass: 'timeout',
        limits: new Map(),
      };
    outcome = limit.aborted
      ? { kind: 'silent', hop, phase: 'http', afterMs: timeoutMs }
      : outcomeOfError(error, { hop, receivedBytes: 0 });
  }
  return judge(outcome, limits);
}

const revealed = (headers: Readonly<Record<string, string | Secret>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, value instanceof Secret ? value.reveal() : value]),
  );

async function beginningOf(
  body: Dispatcher.ResponseData['body'],
): Promise<{ readonly bytes: Buffer; readonly wireBytes: number; readonly isTruncated: boolean }> {
  const pieces: Buffer[] = [];
  let size = 0;
  let isTruncated = false;
  try {
    for await (const piece of body as AsyncIterable<Buffer>) {
      pieces.push(piece);
      size += piece.length;
      if (size > MAX_BODY_BYTES) break;
    }
  } catch {
    // Its status has said what became of the envelope.
    isTruncated = true;
  }
  return { bytes: Buffer.concat(pieces), wireBytes: size, isTruncated: isTruncated || size > MAX_BODY_BYTES };
}

function judge(outcome: HttpOutcome, limits: RateLimits): Posted {
  const meaning = classify(outcome, 'http');
  const status = outcome.kind === 'answered' ? outcome.answer.status : undefined;
  switch (meaning.kind) {
    case 'fine':
      return { kind: 'accepted', limits };
    // Settings of this machine: whoever puts them right can send the report then.
    case 'bad_trust':
      return { kind: 'failed', reason: meaning.error.message, limits };
    case 'bad_proxy':
      return {
        kind: 'failed',
        reason: `the proxy variable ${meaning.variable} cannot be used: ${meaning.problem}`,
        limits,
      };
    case 'bad_request':
      return { kind: 'refused', reason: meaning.problem };
    case 'failed': {
      const { message: reason, class: failureClass } = meaning.failure;
      if (status === PAYLOAD_TOO_LARGE)
        return { kind: 'too_large', reason: 'larger than the server takes (HTTP 413)' };
      const isFinal =
        failureClass !== 'intercepted' &&
        failureClass !== 'proxy_auth' &&
        status !== undefined &&
        status >= 400 &&
        status < 500 &&
        !PASSING_STATUSES.includes(status);
      return isFinal
        ? { kind: 'refused', reason, failureClass }
        : { kind: 'failed', reason, failureClass, limits };
    }
  }
}
