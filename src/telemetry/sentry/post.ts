import { classify } from '../../net/classify/classify.ts';
import type { NetworkFailureClass } from '../../net/failure.ts';
import type { Network } from '../../net/network.ts';
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
  readonly network: Pick<Network, 'askHttp'>;
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

/** Name of the header that says what the server does not want for now. */
const RATE_LIMITS = 'x-sentry-rate-limits';

/** Sends a packed envelope once. Never rejects, and tells nothing of the key. */
export async function postEnvelope(
  body: Buffer,
  { dsn, network, timeoutMs, signal, nowMs, client }: PostOptions,
): Promise<Posted> {
  const { outcome, trace, headers } = await network.askHttp({
    url: dsn.envelopeUrl,
    method: 'POST',
    headers: {
      'x-sentry-auth': new Secret(
        `Sentry sentry_version=7, sentry_client=${client}, sentry_key=${dsn.publicKey.reveal()}`,
      ),
      'content-type': 'application/x-sentry-envelope',
      'content-encoding': 'gzip',
      'user-agent': client,
    },
    body,
    timeoutMs,
    readHeaders: [RATE_LIMITS],
    signal,
  });
  if (outcome.kind !== 'answered')
    return signal.aborted ? OUT_OF_TIME : judge(classify(outcome, 'http', trace), { limits: NO_LIMITS });
  const { status, retryAfterMs } = outcome.answer;
  const limits = readRateLimits({ status, rateLimits: headers?.[RATE_LIMITS], retryAfterMs }, nowMs());
  return judge(classify(outcome, 'http', trace), { status, limits });
}

const NO_LIMITS: RateLimits = new Map();

/** Whoever sends has given it up; it may go another time. */
export const OUT_OF_TIME = {
  kind: 'failed',
  reason: 'the time for it ran out',
  failureClass: 'timeout' satisfies NetworkFailureClass,
  limits: NO_LIMITS,
} as const satisfies Posted;

function judge(
  meaning: ReturnType<typeof classify>,
  { status, limits }: { readonly status?: number; readonly limits: RateLimits },
): Posted {
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
