import { classify } from '../../../net/classify/classify.ts';
import type { Meaning } from '../../../net/classify/classify.ts';
import type { DialTrace } from '../../../net/dial/trace.ts';
import type { HttpOutcome, WebSocketOutcome } from '../../../net/outcome.ts';
import { ModelError } from '../error.ts';
import type { ModelFailure } from '../error.ts';

/**
 * A connection that did not come about, or broke before an answer: the same words as the doctor's. A faulty setting is
 * `fatal`, since asking again meets the same setting (DECISIONS 7).
 * @param outcome anything but an answer or a healthy upgrade
 * @param place the address that was asked, whose host is named, and how the connection came about, where that is known:
 * its proxy is named then
 */
export function errorOfOutcome(
  outcome: HttpOutcome | WebSocketOutcome,
  as: 'http' | 'websocket',
  { url, trace }: { readonly url: string; readonly trace?: DialTrace | undefined },
): ModelError {
  const failure = failureOfOutcome(outcome, classify(outcome, as, trace, url));
  return new ModelError(failure, failure.message);
}

function failureOfOutcome(
  outcome: HttpOutcome | WebSocketOutcome,
  meaning: Meaning,
): ModelFailure & { readonly message: string } {
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
