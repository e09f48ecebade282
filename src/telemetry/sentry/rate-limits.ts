/** Until when nothing of a category is to be sent, in milliseconds since the epoch; `all` is every category. */
export type RateLimits = ReadonlyMap<string, number>;

interface LimitAnswer {
  readonly status: number;
  readonly rateLimits: string | undefined;
  /** `Retry-After`, read. */
  readonly retryAfterMs: number | undefined;
}

const TOO_MANY_REQUESTS = 429;
/** What an unreadable limit means (https://develop.sentry.dev/sdk/expected-features/rate-limiting/). */
const DEFAULT_LIMIT_MS = 60_000;
/** A longer one is a mistake, and would keep a report from its reader for ever. */
const LONGEST_LIMIT_MS = 24 * 60 * 60 * 1_000;
/** A server does not name more. */
const MAX_LIMITS = 50;

/**
 * What an answer says of when to come back: `X-Sentry-Rate-Limits`, else `Retry-After`, else a minute after a 429. The
 * first may come with any status.
 */
export function readRateLimits({ status, rateLimits, retryAfterMs }: LimitAnswer, nowMs: number): RateLimits {
  const until = (delayMs: number): number => nowMs + Math.min(Math.max(delayMs, 0), LONGEST_LIMIT_MS);
  if (rateLimits !== undefined) {
    const limits = new Map<string, number>();
    for (const limit of rateLimits.split(',').slice(0, MAX_LIMITS)) {
      const [seconds = '', categories = ''] = limit.trim().split(':');
      const delayMs = /^\d+(?:\.\d+)?$/.test(seconds) ? Number(seconds) * 1_000 : DEFAULT_LIMIT_MS;
      for (const category of categories === '' ? ['all'] : categories.split(';'))
        limits.set(category, Math.max(limits.get(category) ?? 0, until(delayMs)));
    }
    return limits;
  }
  if (status !== TOO_MANY_REQUESTS) return new Map();
  return new Map([['all', until(retryAfterMs ?? DEFAULT_LIMIT_MS)]]);
}

/** Until when one of these categories is limited; undefined where none is. */
export function limitedUntil(
  limits: RateLimits,
  categories: readonly string[],
  nowMs: number,
): number | undefined {
  const latest = Math.max(...['all', ...categories].map((category) => limits.get(category) ?? 0));
  return latest > nowMs ? latest : undefined;
}

/** Both, the later end of each. */
export function joinLimits(one: RateLimits, other: RateLimits): RateLimits {
  const joined = new Map(one);
  for (const [category, until] of other) joined.set(category, Math.max(joined.get(category) ?? 0, until));
  return joined;
}
