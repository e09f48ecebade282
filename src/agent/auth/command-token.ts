import type { Clock } from '../../host/clock.ts';
import type { Secret } from '../../redact/secret.ts';
import { isHeaderText } from '../../target/request/header-text.ts';
import type { TokenCommandOutcome } from '../../target/request/token-command.ts';
import { ModelError } from '../model/error.ts';

/** The agent's own default of `refresh_interval_ms`. */
export const DEFAULT_REFRESH_INTERVAL_MS = 300_000;

export interface CommandToken {
  /** The token, printed anew when it is too old; undefined when the command fails: the request goes out without (trap 33). */
  token(): Promise<Secret | undefined>;
  /**
   * Runs the command whatever the age of the token.
   * @throws ModelError `input_output` that says how the command failed, and nothing that it printed
   */
  renew(): Promise<void>;
}

/**
 * A token that a command prints (spec/transport.md 4.4). Whoever asks while it runs waits for that run (DECISIONS 13).
 * @param refreshIntervalMs 0: it is printed anew only after a 401
 */
export function createCommandToken(options: {
  readonly run: () => Promise<TokenCommandOutcome>;
  readonly refreshIntervalMs: number;
  readonly clock: Clock;
}): CommandToken {
  const { run, refreshIntervalMs, clock } = options;
  let kept: { readonly token: Secret; readonly atMs: number } | undefined;
  let running: Promise<TokenCommandOutcome> | undefined;

  const print = (): Promise<TokenCommandOutcome> =>
    (running ??= run()
      .then((printed) => {
        const outcome = usable(printed);
        if (outcome.kind === 'printed') kept = { token: outcome.token, atMs: clock.elapsed() };
        return outcome;
      })
      .finally(() => {
        running = undefined;
      }));
  const isFresh = ({ atMs }: { readonly atMs: number }): boolean =>
    refreshIntervalMs === 0 || clock.elapsed() - atMs < refreshIntervalMs;

  return {
    token: async () => {
      if (kept && isFresh(kept)) return kept.token;
      const outcome = await print();
      return outcome.kind === 'printed' ? outcome.token : undefined;
    },
    renew: async () => {
      const outcome = await print();
      if (outcome.kind === 'printed') return;
      const message = `The command that prints the provider's token failed: ${outcome.problem}.`;
      throw new ModelError({ kind: 'input_output', message }, message);
    },
  };
}

const usable = (outcome: TokenCommandOutcome): TokenCommandOutcome =>
  outcome.kind === 'failed' || isHeaderText(outcome.token.reveal())
    ? outcome
    : { kind: 'failed', problem: 'the command printed what no HTTP header can carry' };
