import { classify } from '../../../src/net/classify/classify.ts';
import type { NetworkFailure } from '../../../src/net/failure.ts';
import type { WebSocketObservation } from '../../../src/net/network.ts';
import type { HttpAnswer, WebSocketOutcome } from '../../../src/net/outcome.ts';
import type { FailedAttempt } from '../parts/failed-attempt.ts';
import { hopOf, readSetting } from '../parts/reading.ts';
import type { SettingReading } from '../parts/reading.ts';

/** After 101: the upgrade itself, or what came after it, is wrong. */
export type AfterUpgrade = Extract<
  WebSocketOutcome,
  { readonly kind: 'bad_upgrade' | 'closed' | 'dropped' | 'malformed_frame' }
>;

/** One observation, sorted by how far it came. */
export type WebSocketReading =
  | { readonly kind: 'open' }
  | SettingReading
  /** The endpoint gave no answer. */
  | { readonly kind: 'failed'; readonly attempt: FailedAttempt }
  /** It answered something else than 101. */
  | { readonly kind: 'refused'; readonly answer: HttpAnswer; readonly failure: NetworkFailure }
  | { readonly kind: 'ended'; readonly outcome: AfterUpgrade; readonly failure: NetworkFailure };

export function readWebSocket({ outcome, trace, durationMs }: WebSocketObservation): WebSocketReading {
  const meaning = classify(outcome, 'websocket', trace);
  switch (meaning.kind) {
    case 'fine':
      return { kind: 'open' };
    case 'bad_trust':
    case 'bad_proxy':
    case 'bad_request':
      return readSetting(meaning);
    case 'failed': {
      const { failure } = meaning;
      if (outcome.kind === 'answered') return { kind: 'refused', answer: outcome.answer, failure };
      if (isAfterUpgrade(outcome)) return { kind: 'ended', outcome, failure };
      return { kind: 'failed', attempt: { failure, hop: hopOf(outcome), trace, durationMs } };
    }
  }
}

const isAfterUpgrade = (outcome: WebSocketOutcome): outcome is AfterUpgrade =>
  ['bad_upgrade', 'closed', 'dropped', 'malformed_frame'].includes(outcome.kind);
