import type { VerdictIssue } from '../../../src/doctor/check.ts';
import { classify } from '../../../src/net/classify/classify.ts';
import type { Meaning } from '../../../src/net/classify/classify.ts';
import type { NetworkFailure } from '../../../src/net/failure.ts';
import type { HttpObservation } from '../../../src/net/network.ts';
import type { Hop, HttpAnswer, HttpOutcome, WebSocketOutcome } from '../../../src/net/outcome.ts';
import type { FailedAttempt } from './failed-attempt.ts';
import { proxyValueIssue, requestIssue, trustIssue } from './setting-issues.ts';

/** One observation, sorted by who has to say something about it. */
export type Reading =
  | { readonly kind: 'unasked' }
  | SettingReading
  /** The endpoint gave no answer. */
  | { readonly kind: 'failed'; readonly attempt: FailedAttempt }
  /** It answered; the failure is absent for a status of 2xx without an error. */
  | { readonly kind: 'answered'; readonly answer: HttpAnswer; readonly failure: NetworkFailure | undefined };

/** Nothing was sent, because of a file or a setting that another check reports. */
export interface SettingReading {
  readonly kind: 'setting';
  readonly issue: VerdictIssue;
  readonly causedBy: string;
}

export function readObservation(seen: HttpObservation | undefined): Reading {
  if (!seen) return { kind: 'unasked' };
  const { outcome, trace, durationMs } = seen;
  const meaning = classify(outcome, 'http', trace);
  switch (meaning.kind) {
    case 'bad_trust':
    case 'bad_proxy':
    case 'bad_request':
      return readSetting(meaning);
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

export function readSetting(
  meaning: Extract<Meaning, { readonly kind: 'bad_trust' | 'bad_proxy' | 'bad_request' }>,
): SettingReading {
  const kind = 'setting';
  switch (meaning.kind) {
    case 'bad_trust':
      return { kind, issue: trustIssue(meaning.error), causedBy: 'network.ca' };
    case 'bad_proxy':
      return { kind, issue: proxyValueIssue(meaning.variable, meaning.problem), causedBy: 'network.env' };
    case 'bad_request':
      return { kind, issue: requestIssue(meaning.problem), causedBy: 'network.env' };
  }
}

/** The machine at which an attempt ended. */
export function hopOf(outcome: HttpOutcome | WebSocketOutcome): Hop {
  if (outcome.kind === 'proxy_answered' || outcome.kind === 'proxy_rejected') return 'proxy';
  return 'hop' in outcome ? outcome.hop : 'endpoint';
}
