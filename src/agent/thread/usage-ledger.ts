import type { EventMsg } from '../protocol/event.ts';
import { NO_USAGE } from '../protocol/usage.ts';
import type { RateLimitSnapshot, TokenUsage } from '../protocol/usage.ts';
import type { History } from './history.ts';
import { addUsage, onlyTotal } from './tokens.ts';

/** What a thread has used so far, and how full its window is. */
export interface UsageLedger {
  /** A response has told its usage. */
  note(usage: TokenUsage | undefined): void;
  noteRateLimits(snapshot: RateLimitSnapshot): void;
  /** The history was replaced: its size is an estimate until the next response. */
  reestimate(): void;
  /** The provider says that the window is full. */
  fill(window: number): void;
  /** Tokens in the window: what the last response counted, and an estimate of what came after it. */
  inWindow(): number;
  /** Without what stood there before the conversation: instructions, tools, context. */
  inBody(): number;
  tokenCount(window: number | undefined): EventMsg;
}

export interface UsageBefore {
  readonly total: TokenUsage;
  readonly last: TokenUsage;
}

/** @param before what a resumed thread had used already; the total goes on from there (trap 31) */
export function createUsageLedger(history: History, before?: UsageBefore): UsageLedger {
  let total = before?.total ?? NO_USAGE;
  let last = before?.last ?? NO_USAGE;
  /** Items that `last` counts. */
  let counted = before ? history.items.length : 0;
  /** Input of the window's first response. */
  let prefix: number | undefined;
  let rateLimits: RateLimitSnapshot | null = null;
  return {
    note(usage) {
      if (!usage) return;
      total = addUsage(total, usage);
      last = usage;
      prefix ??= usage.input_tokens;
      counted = history.items.length;
    },
    noteRateLimits(snapshot) {
      rateLimits = mergeRateLimits(rateLimits, snapshot);
    },
    reestimate() {
      last = onlyTotal(history.tokensFrom(0));
      counted = history.items.length;
      prefix = undefined;
    },
    fill(window) {
      last = onlyTotal(window);
      counted = history.items.length;
    },
    inWindow: () => last.total_tokens + history.tokensFrom(counted),
    inBody() {
      return Math.max(0, this.inWindow() - (prefix ?? 0));
    },
    tokenCount: (window) => ({
      type: 'token_count',
      info:
        total.total_tokens === 0 && last.total_tokens === 0
          ? null
          : { total_token_usage: total, last_token_usage: last, model_context_window: window ?? null },
      rate_limits: rateLimits,
    }),
  };
}

/** Windows are replaced, also by nothing; what belongs to the account stays when the news are silent (trap 22). */
function mergeRateLimits(known: RateLimitSnapshot | null, news: RateLimitSnapshot): RateLimitSnapshot {
  return {
    ...news,
    credits: news.credits ?? known?.credits ?? null,
    individual_limit: news.individual_limit ?? known?.individual_limit ?? null,
    plan_type: news.plan_type ?? known?.plan_type ?? null,
  };
}
