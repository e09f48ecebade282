import type { TokenUsageInfo } from '../../protocol/event.ts';
import type { TokenUsage } from '../../protocol/usage.ts';

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const numberOf = (value: unknown): number =>
  typeof value === 'number' && Number.isFinite(value) ? value : 0;

/** What a `token_count` event in a file says was used; undefined where it says nothing. */
export function storedUsage(info: unknown): TokenUsageInfo | undefined {
  if (!isObject(info) || !isObject(info['total_token_usage'])) return undefined;
  const { total_token_usage: total, last_token_usage: last, model_context_window: window } = info;
  return {
    total_token_usage: usageOf(total),
    last_token_usage: usageOf(last),
    model_context_window: typeof window === 'number' ? window : null,
  };
}

function usageOf(value: unknown): TokenUsage {
  const usage = isObject(value) ? value : {};
  return {
    input_tokens: numberOf(usage['input_tokens']),
    cached_input_tokens: numberOf(usage['cached_input_tokens']),
    output_tokens: numberOf(usage['output_tokens']),
    reasoning_output_tokens: numberOf(usage['reasoning_output_tokens']),
    total_tokens: numberOf(usage['total_tokens']),
  };
}
