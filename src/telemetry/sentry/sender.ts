import type { Clock } from '../../host/clock.ts';
import type { NetworkFailureClass } from '../../net/failure.ts';
import type { Network } from '../../net/network.ts';
import type { Dsn } from './dsn.ts';
import type { SdkEnvelope } from './envelopes.ts';
import type { SentryLimits } from './limits.ts';
import { OUT_OF_TIME, postEnvelope } from './post.ts';
import type { Posted } from './post.ts';
import { joinLimits, limitedUntil } from './rate-limits.ts';
import type { RateLimits } from './rate-limits.ts';
import { sealEnvelope } from './seal.ts';
import type { EnvelopeItem, Sealed } from './seal.ts';

/** Categories of Sentry's rate limits (https://develop.sentry.dev/sdk/expected-features/rate-limiting/). */
export const CATEGORIES = {
  event: ['error', 'default'],
  feedback: ['feedback'],
  attachment: ['attachment', 'attachment_item'],
} as const satisfies Record<string, readonly string[]>;
export type Category = keyof typeof CATEGORIES;

export interface SenderOptions {
  readonly dsn: Dsn;
  readonly network: Pick<Network, 'askHttp'>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly limits: SentryLimits;
  readonly knownLimits?: RateLimits;
  /** Name and version of who sends, such as `stethos/1.0.0`. */
  readonly client: string;
}

/** Sends the envelopes of one report, one after the other, and keeps to what the server says about the next one. */
export interface Sender {
  /** Never rejects for what the network does. */
  send(
    envelope: Pick<SdkEnvelope, 'header'>,
    items: readonly EnvelopeItem[],
    category: Category,
  ): Promise<Posted | Exclude<Sealed, { kind: 'sealed' }>>;
  /** The server wants nothing of this kind for now. */
  isLimited(category: Category): boolean;
  limits(): RateLimits;
}

export function createSender(options: SenderOptions): Sender {
  const { dsn, network, clock, signal, limits, client } = options;
  let serverLimits = options.knownLimits ?? new Map<string, number>();
  const isLimited = (category: Category): boolean =>
    limitedUntil(serverLimits, CATEGORIES[category], clock.now()) !== undefined;
  return {
    isLimited,
    limits: () => serverLimits,
    send: async (envelope, items, category) => {
      if (signal.aborted) return OUT_OF_TIME;
      if (isLimited(category)) return LIMITED;
      // Written when it is sent: the server tells the error of our clock by it.
      const header = { ...envelope.header, sent_at: new Date(clock.now()).toISOString() };
      const sealed = await sealEnvelope(header, items, limits);
      if (sealed.kind !== 'sealed') return sealed;
      const posted = await postEnvelope(sealed.body, {
        dsn,
        network,
        signal,
        timeoutMs: limits.requestTimeoutMs,
        nowMs: () => clock.now(),
        client,
      });
      if ('limits' in posted) serverLimits = joinLimits(serverLimits, posted.limits);
      return posted;
    },
  };
}

const LIMITED = {
  kind: 'failed',
  reason: 'the server takes no more of this kind for now',
  failureClass: 'http_rate_limited' satisfies NetworkFailureClass,
  limits: new Map(),
} as const satisfies Posted;
