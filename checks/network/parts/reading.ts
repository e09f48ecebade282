import type { VerdictIssue } from '../../../src/doctor/check.ts';
import { classify } from '../../../src/net/classify/classify.ts';
import type { NetworkFailure } from '../../../src/net/failure.ts';
import type { HttpObservation } from '../../../src/net/network.ts';
import type { Hop, HttpAnswer, HttpOutcome } from '../../../src/net/outcome.ts';
import type { FailedAttempt } from './failed-attempt.ts';
import { proxyValueIssue, requestIssue, trustIssue } from './setting-issues.ts';

/** One observation, sorted by who has to say something about it. */
export type Reading =
  | { readonly kind: 'unasked' }
  /** Nothing was sent, because of a file or a setting that another check reports. */
  | { readonly kind: 'setting'; readonly issue: VerdictIssue; readonly causedBy: string }
  /** The endpoint gave no answer. */
  | { readonly kind: 'failed'; readonly attempt: FailedAttempt }
  /** It answered; the failure is absent for a status of 2xx. */
  | { readonly kind: 'answered'; readonly answer: HttpAnswer; readonly failure: NetworkFailure | undefined };

export function readObservation(seen: HttpObservation | undefined): Reading {
  if (!seen) return { kind: 'unasked' };
  const { outcome, trace, durationMs } = seen;
  const meaning = classify(outcome, 'http', trace);
  switch (meaning.kind) {
    case 'bad_trust':
      return { kind: 'setting', issue: trustIssue(meaning.error), causedBy: 'network.ca' };
    case 'bad_proxy':
      return {
        kind: 'setting',
        issue: proxyValueIssue(meaning.variable, meaning.problem),
        causedBy: 'network.env',
      };
    case 'bad_request':
      return { kind: 'setting', issue: requestIssue(meaning.problem), causedBy: 'config.load' };
    case 'fine':
    case 'failed': {
      const failure = meaning.kind === 'failed' ? meaning.failure : undefined;
      if (outcome.kind === 'answered') return { kind: 'answered', answer: outcome.answer, failure };
      return failure
        ? { kind: 'failed', attempt: { failure, hop: hopOf(outcome), trace, durationMs } }
        : { kind: 'unasked' };
    }
  }
}

function hopOf(outcome: HttpOutcome): Hop {
  if (outcome.kind === 'proxy_answered' || outcome.kind === 'proxy_rejected') return 'proxy';
  return 'hop' in outcome ? outcome.hop : 'endpoint';
}
