import type { ModelInfo } from '../model/info.ts';
import { NO_USAGE } from '../protocol/usage.ts';
import type { TokenUsage } from '../protocol/usage.ts';

/** The rest of the window is kept free for what the provider adds (spec/agent-core.md 1.6). */
const USABLE_PERCENT = 95;
const AUTO_COMPACT_PERCENT = 90;
/** Instructions and tools are there before anybody said a word: they count on neither side of the percentage. */
const BASELINE_TOKENS = 12_000;

export interface TokenLimits {
  /** What a conversation may fill; undefined when nobody knows the model's window. */
  readonly window: number | undefined;
  /** Where it is compacted by itself; undefined: never. */
  readonly autoCompact: number | undefined;
}

export interface LimitSettings {
  /** The configuration's word against the catalogue's. */
  readonly contextWindow: number | undefined;
  readonly autoCompactTokenLimit: number | undefined;
}

export function limitsOf(model: ModelInfo, settings: LimitSettings): TokenLimits {
  const whole = settings.contextWindow ?? model.contextWindow;
  const asked = settings.autoCompactTokenLimit ?? model.autoCompactTokenLimit;
  const most = percentOf(whole, AUTO_COMPACT_PERCENT);
  return {
    window: percentOf(whole, USABLE_PERCENT),
    autoCompact: asked === undefined || most === undefined ? (asked ?? most) : Math.min(asked, most),
  };
}

const percentOf = (whole: number | undefined, percent: number): number | undefined =>
  whole === undefined ? undefined : Math.floor((whole * percent) / 100);

export function addUsage(sum: TokenUsage, more: TokenUsage): TokenUsage {
  return {
    input_tokens: sum.input_tokens + more.input_tokens,
    cached_input_tokens: sum.cached_input_tokens + more.cached_input_tokens,
    output_tokens: sum.output_tokens + more.output_tokens,
    reasoning_output_tokens: sum.reasoning_output_tokens + more.reasoning_output_tokens,
    total_tokens: sum.total_tokens + more.total_tokens,
  };
}

/** What a user pays attention to: input that no cache held, and output. */
export const blendedTotal = (usage: TokenUsage): number =>
  Math.max(0, usage.input_tokens - usage.cached_input_tokens) + usage.output_tokens;

/** How much of the window a user has left, 0 to 100. */
export function percentLeft({ used, window }: { readonly used: number; readonly window: number }): number {
  const usable = window - BASELINE_TOKENS;
  if (usable <= 0) return 0;
  const spent = Math.max(0, used - BASELINE_TOKENS);
  return Math.min(100, Math.max(0, Math.round(((usable - spent) / usable) * 100)));
}

/** Nothing but a total is known: after a compaction it is an estimate, after an overflow the whole window. */
export const onlyTotal = (total: number): TokenUsage => ({ ...NO_USAGE, total_tokens: total });
