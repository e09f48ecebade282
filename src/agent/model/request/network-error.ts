import { classify } from '../../../net/classify/classify.ts';
import type { HttpOutcome, WebSocketOutcome } from '../../../net/outcome.ts';
import { ModelError } from '../error.ts';
import type { ModelFailure } from '../error.ts';

/**
 * A connection that did not come about, or broke before an answer: the same words as the doctor's. A faulty setting is
 * `fatal`, since asking again meets the same setting (DECISIONS 7).
 * @param outcome anything but an answer or a healthy upgrade
 */
export function errorOfOutcome(
  outcome: HttpOutcome | WebSocketOutcome,
  as: 'http' | 'websocket',
): ModelError {
  const failure = failureOfOutcome(outcome, as);
  return new ModelError(failure, failure.message);
}

function failureOfOutcome(
  outcome: HttpOutcome | WebSocketOutcome,
  as: 'http' | 'websocket',
): ModelFailure & { readonly message: string } {
  const meaning = classify(outcome, as);
  switch (meaning.kind) {
    case 'bad_trust':
      return { kind: 'fatal', message: meaning.error.message };
    case 'bad_proxy':
      return {
        kind: 'fatal',
        message: `the proxy variable ${meaning.variable} cannot be used: ${meaning.problem}`,
      };
    case 'bad_request':
      return { kind: 'fatal', message: `the request to the model cannot be sent: ${meaning.problem}` };
    case 'failed':
      return outcome.kind === 'silent'
        ? { kind: 'timeout', message: meaning.failure.message }
        : { kind: 'stream', message: meaning.failure.message };
    case 'fine':
      return { kind: 'stream', message: 'the connection ended' };
  }
}
