/** Tokens of one response, or of a whole thread (spec/agent-core.md 1.6). */
export interface TokenUsage {
  readonly input_tokens: number;
  readonly cached_input_tokens: number;
  readonly output_tokens: number;
  readonly reasoning_output_tokens: number;
  readonly total_tokens: number;
}

export const NO_USAGE: TokenUsage = {
  input_tokens: 0,
  cached_input_tokens: 0,
  output_tokens: 0,
  reasoning_output_tokens: 0,
  total_tokens: 0,
};

/** What the provider says about one limit of the account (spec/transport.md 1.8). */
export interface RateLimitWindow {
  readonly used_percent: number;
  readonly window_minutes: number | null;
  /** Unix seconds. */
  readonly resets_at: number | null;
}

export interface RateLimitSnapshot {
  readonly limit_id: string | null;
  readonly limit_name: string | null;
  readonly primary: RateLimitWindow | null;
  readonly secondary: RateLimitWindow | null;
  readonly credits: {
    readonly has_credits: boolean;
    readonly unlimited: boolean;
    readonly balance: string | null;
  } | null;
  readonly individual_limit: RateLimitWindow | null;
  readonly plan_type: string | null;
  readonly rate_limit_reached_type: string | null;
}
