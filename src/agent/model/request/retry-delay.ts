const TRY_AGAIN = /try again in\s*(?<amount>\d+(?:\.\d+)?)\s*(?<unit>ms|seconds?|s)\b/i;

/**
 * Milliseconds that the text of a rate limit asks to wait; the only place where a provider says so (spec/transport.md
 * 1.5). Mixed forms such as `1m30s` are not understood, and give no delay.
 */
export function retryDelayMs(message: string): number | undefined {
  const { amount, unit } = TRY_AGAIN.exec(message)?.groups ?? {};
  if (amount === undefined || unit === undefined) return undefined;
  const number = Number(amount);
  return unit.toLowerCase() === 'ms' ? Math.trunc(number) : number * 1_000;
}
