import type { Clock } from '../../host/clock.ts';
import type { ExportFailure, OtlpSender, Sent } from './sender.ts';

/** As the reference exporters do; the limit of an export usually ends it sooner. */
const MAX_ATTEMPTS = 5;
const FIRST_PAUSE_MS = 1_000;
const PAUSE_GROWTH = 1.5;
const LONGEST_PAUSE_MS = 5_000;
/** A collector that asks for more is mistaken, and an agent may live for weeks. */
const LONGEST_REST_MS = 60 * 60 * 1_000;
/** Up to a fifth more or less, so that many machines do not come back at once. */
const JITTER = 0.2;

export interface RetryTools {
  readonly clock: Clock;
  readonly random: () => number;
  /** Resolves after that time, or at once when everything ends. */
  readonly pause: (delayMs: number) => Promise<void>;
  readonly isEnded: () => boolean;
}

/**
 * Repeats what may succeed a moment later, within the limit of the export. A collector that says when it wants to be asked
 * again is left alone until then, by later exports as well.
 */
export function retrying(sender: OtlpSender, { clock, random, pause, isEnded }: RetryTools): OtlpSender {
  let lastFailure: ExportFailure | undefined;
  let rest: { readonly untilMs: number; readonly failure: ExportFailure } | undefined;
  return {
    close: () => sender.close(),
    lastFailure: () => lastFailure,
    send: async (bytes, timeoutMs) => {
      const endsAtMs = clock.elapsed() + timeoutMs;
      let nextPauseMs = FIRST_PAUSE_MS;
      let sent: Sent | undefined;
      for (let attempt = 1; ; attempt += 1) {
        const waitMs = rest ? rest.untilMs - clock.elapsed() : 0;
        if (rest && waitMs > 0) {
          if (clock.elapsed() + waitMs >= endsAtMs) return sent ?? { kind: 'refused', failure: rest.failure };
          await pause(waitMs);
        }
        rest = undefined;
        if (isEnded() && sent) return sent;
        sent = await sender.send(bytes, Math.max(1, endsAtMs - clock.elapsed()));
        lastFailure = sent.kind === 'refused' ? sent.failure : undefined;
        if (sent.kind === 'accepted') return sent;
        const { failure } = sent;
        if (failure.isRetryable && failure.retryAfterMs !== undefined)
          rest = { untilMs: clock.elapsed() + Math.min(failure.retryAfterMs, LONGEST_REST_MS), failure };
        if (!failure.isRetryable || attempt === MAX_ATTEMPTS || isEnded()) return sent;
        if (rest) continue;
        const pauseMs = nextPauseMs * (1 - JITTER + 2 * JITTER * random());
        if (clock.elapsed() + pauseMs >= endsAtMs) return sent;
        await pause(pauseMs);
        nextPauseMs = Math.min(nextPauseMs * PAUSE_GROWTH, LONGEST_PAUSE_MS);
      }
    },
  };
}
