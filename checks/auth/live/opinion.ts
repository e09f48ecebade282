import { classify } from '../../../src/net/classify/classify.ts';
import type { NetworkFailure, NetworkFailureClass } from '../../../src/net/failure.ts';
import type { HttpObservation, WebSocketObservation } from '../../../src/net/network.ts';
import type { HttpAnswer } from '../../../src/net/outcome.ts';

/** What one route says about the credential that it was sent. */
export type Opinion =
  | { readonly kind: 'accepted'; readonly status: number }
  | { readonly kind: 'refused'; readonly answer: HttpAnswer; readonly failure: NetworkFailure }
  /** Too many requests: not refused, and not served either. */
  | { readonly kind: 'limited'; readonly status: number }
  /** Somebody else answered, or nobody, or a provider that is ill. */
  | { readonly kind: 'unheard' }
  /** An answer that has nothing to do with the credential, such as 404. */
  | { readonly kind: 'mute'; readonly status: number }
  /** There is no such route. */
  | { readonly kind: 'unasked' };

export const opinionOfModels = (seen: HttpObservation | undefined): Opinion => opinionOf(seen, 'http');
export const opinionOfUpgrade = (seen: WebSocketObservation | undefined): Opinion =>
  opinionOf(seen, 'websocket');

function opinionOf(
  seen: HttpObservation | WebSocketObservation | undefined,
  as: 'http' | 'websocket',
): Opinion {
  if (!seen) return { kind: 'unasked' };
  const { outcome } = seen;
  if (outcome.kind === 'upgraded') return { kind: 'accepted', status: outcome.upgrade.status };
  if (outcome.kind !== 'answered') return { kind: 'unheard' };
  const { answer } = outcome;
  const meaning = classify(outcome, as, seen.trace);
  if (meaning.kind === 'fine') return { kind: 'accepted', status: answer.status };
  if (meaning.kind !== 'failed') return { kind: 'unheard' };
  const { class: failureClass } = meaning.failure;
  if (failureClass === 'http_unauthorized' || failureClass === 'http_forbidden')
    return { kind: 'refused', answer, failure: meaning.failure };
  if (failureClass === 'http_rate_limited') return { kind: 'limited', status: answer.status };
  return SAYS_NOTHING.has(failureClass) ? { kind: 'mute', status: answer.status } : { kind: 'unheard' };
}

/** Answers about the address or the question, given whoever asks. */
const SAYS_NOTHING: ReadonlySet<NetworkFailureClass> = new Set([
  'http_not_found',
  'http_other',
  'ws_rejected',
]);
