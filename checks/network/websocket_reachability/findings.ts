import { fail, warn } from '../../../src/doctor/check.ts';
import type { VerdictIssue } from '../../../src/doctor/check.ts';
import type { NetworkFailure } from '../../../src/net/failure.ts';
import { isLoginExpected } from '../parts/credential.ts';
import type { FailedAttempt, Words } from '../parts/failed-attempt.ts';
import { transportIssue } from '../parts/transport-issue.ts';
import { besideWorkingHttp, causeOfHalfAnswer } from './attempt-words.ts';
import { afterUpgradeWords } from './after-upgrade-words.ts';
import type { WebSocketEvidence } from './evidence.ts';
import { isFaultOfHttp, listAccepts, overHttp, severityOverHttp } from './over-http.ts';
import type { WebSocketReading } from './reading.ts';
import { forbiddenOnTheWayWords, isForbiddenOnTheWay, refusalWords } from './refusal-words.ts';
import { fallsBack } from './words.ts';

export interface Finding {
  readonly issue?: VerdictIssue;
  /** Said when there is no issue. */
  readonly summary: string;
  readonly causedBy?: string;
}

const REACHABILITY = 'network.provider_reachability';

/**
 * What the upgrade came to. The agent does without a WebSocket where HTTP works, so a failure is a warning then; a fault
 * that HTTP has as well is as bad as it is there, and one root cause with it.
 */
export function findingOf(reading: WebSocketReading, seen: WebSocketEvidence): Finding {
  switch (reading.kind) {
    case 'open':
      return {
        summary: `connected (HTTP 101 Switching Protocols) · ${seen.provider.websocketConnectTimeoutMs / 1_000}s timeout`,
      };
    case 'setting':
      return settingFinding(reading, seen);
    case 'failed':
      return attemptFinding(reading.attempt, seen);
    case 'refused': {
      const { answer, failure } = reading;
      if (failure.class === 'http_forbidden' && isForbiddenOnTheWay(answer, seen))
        return answeredFinding(forbiddenOnTheWayWords(answer, seen), failure, seen, warn);
      const wantsLogin = failure.class === 'http_unauthorized' || failure.class === 'http_forbidden';
      if (wantsLogin && isLoginExpected(seen.credential))
        return { summary: `the route answers and wants a login (HTTP ${answer.status})` };
      const finding = answeredFinding(refusalWords(answer, failure, seen), failure, seen);
      // What the model list takes, auth.live does not call refused.
      if (!wantsLogin || finding.causedBy !== undefined || listAccepts(seen)) return finding;
      return { ...finding, causedBy: 'auth.live' };
    }
    case 'ended':
      return answeredFinding(afterUpgradeWords(reading.outcome, seen), reading.failure, seen);
  }
}

/** The endpoint, or somebody in its place, answered. */
function answeredFinding(
  words: Words,
  failure: NetworkFailure,
  seen: WebSocketEvidence,
  alone: typeof fail = severityAlone(failure, seen),
): Finding {
  const { class: failureClass, ...facts } = failure;
  const isShared = isFaultOfHttp(failure, 'endpoint', seen);
  const severity = isShared ? severityOverHttp(failure, seen) : alone;
  return {
    summary: '',
    issue: severity({ ...words, class: failureClass, failure: facts, fields: ['handshake result'] }),
    ...(isShared && { causedBy: REACHABILITY }),
  };
}

function severityAlone(failure: NetworkFailure, seen: WebSocketEvidence): typeof fail {
  // The provider's own word about the credential: HTTP would get the same one when the model is asked.
  if (failure.class === 'http_unauthorized' || failure.class === 'http_forbidden') return fail;
  return overHttp(seen).state === 'fails' ? fail : warn;
}

function attemptFinding(attempt: FailedAttempt, seen: WebSocketEvidence): Finding {
  const { failure, hop, trace } = attempt;
  const http = overHttp(seen);
  const isShared = isFaultOfHttp(failure, hop, seen);
  const severity = isShared ? severityOverHttp(failure, seen) : severityAlone(failure, seen);
  const shared = transportIssue(attempt, seen.situation, severity);
  const cause = causeOfHalfAnswer(attempt, seen) ?? shared.cause;
  const isAlone = http.state === 'works' && !isShared;
  const isSplit = isAlone && http.variable !== trace.proxy?.variable;
  const issue = {
    ...shared,
    cause,
    measured: `${shared.measured}${ownLimit(failure, seen)}`,
    expected: 'HTTP 101 Switching Protocols',
    ...(isAlone && besideWorkingHttp({ cause, remedy: shared.remedy }, attempt, seen)),
  };
  return {
    summary: '',
    issue,
    ...(isShared ? { causedBy: REACHABILITY } : isSplit && { causedBy: 'network.env' }),
  };
}

/** Our limit may be shorter than the agent's own. */
function ownLimit(
  { class: failureClass }: NetworkFailure,
  { provider, timeLimitMs, situation }: WebSocketEvidence,
): string {
  return failureClass === 'timeout' && provider.websocketConnectTimeoutMs > timeLimitMs
    ? `; ${situation.agent} waits ${provider.websocketConnectTimeoutMs} ms`
    : '';
}

/** Nothing was sent. A proxy of a kind that only the HTTP client takes leaves the agent with HTTP. */
function settingFinding(
  { issue, causedBy }: Extract<WebSocketReading, { kind: 'setting' }>,
  seen: WebSocketEvidence,
): Finding {
  const { state, name } = overHttp(seen);
  return {
    summary: '',
    issue:
      state === 'works'
        ? {
            ...issue,
            severity: 'warning',
            cause: `${issue.cause}; ${name} works`,
            remedy: `${issue.remedy} ${fallsBack(seen)}`,
          }
        : issue,
    causedBy,
  };
}
