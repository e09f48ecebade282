import { fail, warn } from '../../../src/doctor/check.ts';
import type { VerdictIssue } from '../../../src/doctor/check.ts';
import type { HttpAnswer } from '../../../src/net/outcome.ts';
import { isFaultOfDetour, withDetour } from '../parts/detour.ts';
import { isLoginExpected } from '../parts/credential.ts';
import { readObservation } from '../parts/reading.ts';
import type { Reading } from '../parts/reading.ts';
import type { FailedAttempt } from '../parts/failed-attempt.ts';
import { describeFlaw } from '../parts/flaw-words.ts';
import { transportIssue } from '../parts/transport-issue.ts';
import { answerIssue } from './answer-issue.ts';
import type { ReachabilityEvidence } from './evidence.ts';

export interface Finding {
  /** Said when there is no issue. */
  readonly summary: string;
  readonly issue?: VerdictIssue;
  readonly causedBy?: string;
}

/**
 * What the two requests say together. The model list is what the agent itself asks for, so its word counts; a bare base
 * URL may answer anything, so it counts only where the list says nothing.
 */
export function findingOf(seen: ReachabilityEvidence): Finding {
  const models = readObservation(seen.models);
  const base = readObservation(seen.base);
  for (const reading of [models, base])
    if (reading.kind === 'setting') return { summary: '', issue: reading.issue, causedBy: reading.causedBy };
  if (models.kind === 'failed') return transportFinding(models.attempt, seen);
  if (models.kind === 'answered' && !saysNothing(models.answer, seen)) {
    const finding = findingOfModels(models, base, seen);
    // One request of two that fails is a network that comes and goes, or a server that knows no HEAD.
    return !finding.issue && base.kind === 'failed'
      ? { ...finding, issue: transportIssue(base.attempt, seen.situation, warn) }
      : finding;
  }
  if (base.kind === 'failed') return transportFinding(base.attempt, seen);
  return findingOfBase(base, seen);
}

/** Whom connections trust is the matter of `network.ca`, which shows the issuer and the bundle side by side. */
function transportFinding(attempt: FailedAttempt, { situation, detour }: ReachabilityEvidence): Finding {
  const issue = transportIssue(attempt, situation);
  if (attempt.failure.class === 'tls_untrusted') return { summary: '', issue, causedBy: 'network.ca' };
  if (!detour) return { summary: '', issue };
  return {
    summary: '',
    issue: { ...issue, remedy: withDetour(issue.remedy, attempt, detour) },
    ...(isFaultOfDetour(attempt, detour) && { causedBy: 'network.env' }),
  };
}

const saysNothing = ({ status }: HttpAnswer, { hasModelList }: ReachabilityEvidence): boolean =>
  status === 404 && !hasModelList;

function findingOfModels(
  { answer, failure }: Extract<Reading, { kind: 'answered' }>,
  base: Reading,
  seen: ReachabilityEvidence,
): Finding {
  const { status } = answer;
  const reachable = (what: string): Finding => ({ summary: `reachable; ${what} (HTTP ${status})` });
  if (!failure)
    return { summary: `reachable (HTTP ${status} in ${Math.round(seen.models?.durationMs ?? 0)} ms)` };
  const issue = (severity: typeof fail, causedBy?: string): Finding => ({
    summary: '',
    issue: answerIssue({ answer, failure, route: 'models' }, seen, severity),
    ...(causedBy !== undefined && { causedBy }),
  });
  const { class: failureClass } = failure;
  if (failureClass === 'http_unauthorized' || failureClass === 'http_forbidden') {
    if (isLoginExpected(seen.credential)) return reachable('the route exists and wants a login');
    return seen.inferenceIsOpen && status === 403
      ? reachable('the route exists, and the model list is closed to this credential')
      : issue(fail, 'auth.live');
  }
  if (failureClass === 'http_not_found') {
    if (seen.inferenceIsOpen) return reachable('the inference route exists, a model list does not');
    return issue(
      seen.situation.addressSource === undefined ? warn : fail,
      describeFlaw(seen.flaw) && 'network.env',
    );
  }
  if (failureClass === 'http_rate_limited') return issue(warn);
  if (failureClass === 'http_server_error') return issue(isIll(base) ? fail : warn);
  if (failureClass !== 'http_other') return issue(fail);
  if (status === METHOD_NOT_ALLOWED) return reachable('the route exists');
  return issue(leadsAstray(answer) ? fail : warn);
}

const METHOD_NOT_ALLOWED = 405;

function findingOfBase(base: Reading, seen: ReachabilityEvidence): Finding {
  if (base.kind !== 'answered') return { summary: 'no answer was asked for' };
  const { answer, failure } = base;
  const counts = failure && ['proxy_auth', 'http_server_error', 'intercepted'].includes(failure.class);
  return {
    summary: `reachable (HTTP ${answer.status} in ${Math.round(seen.base?.durationMs ?? 0)} ms)`,
    ...(counts && {
      issue: answerIssue({ answer, failure, route: 'base' }, seen, fail),
    }),
  };
}

const isIll = (base: Reading): boolean =>
  base.kind === 'failed' || (base.kind === 'answered' && base.answer.status >= 500);

/**
 * Whether a redirect of requests like this one would end the agent's work: it follows 301 to 303 with a GET in place of
 * its POST, and leaves the credential behind on the way to another origin (measured on codex 0.169).
 */
function leadsAstray({ status, redirect }: HttpAnswer): boolean {
  const isFollowed = (status === 307 || status === 308) && redirect?.isSameOrigin === true;
  return status >= 300 && status < 400 && !isFollowed;
}
