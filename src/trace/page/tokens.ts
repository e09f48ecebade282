import { formatNumber } from '../../host/units.ts';
import type { TokenUsage } from '../model/inference.ts';

export interface TokenSum {
  readonly input: number;
  readonly cached: number;
  readonly output: number;
  readonly reasoning: number;
}

export const sumTokens = (usages: readonly (TokenUsage | null)[]): TokenSum =>
  usages.reduce<TokenSum>(
    (sum, usage) => ({
      input: sum.input + (usage?.input_tokens ?? 0),
      cached: sum.cached + (usage?.cached_input_tokens ?? 0),
      output: sum.output + (usage?.output_tokens ?? 0),
      reasoning: sum.reasoning + (usage?.reasoning_output_tokens ?? 0),
    }),
    { input: 0, cached: 0, output: 0, reasoning: 0 },
  );

export const tokenText = ({ input, cached, output, reasoning }: TokenSum): string =>
  `${formatNumber(input)} in (${formatNumber(cached)} cached), ` +
  `${formatNumber(output)} out (${formatNumber(reasoning)} reasoning)`;
