import { bare } from '../../store/logs/logger.ts';
import type { LogFields, Logger } from '../../store/logs/logger.ts';
import type { AuthFacts } from '../../telemetry/auth-facts.ts';
import type { AttemptFacts, RecoveryFacts } from '../../telemetry/facts/attempt.ts';
import type { AskedFor, ModelObserver } from '../model/observer.ts';
import { turnSpan } from './turn-span.ts';
import { logTags } from './tag-log.ts';

export interface ModelLogOptions {
  /** What the tags are made of. */
  readonly authFacts: AuthFacts;
  /** Hears the same afterwards, and decides what else is told. */
  readonly next: ModelObserver;
}

/**
 * Puts what happened to requests on record: a line under the names of telemetry (spec/transport.md 5.2), and beside it, for
 * feedback, the tags of 5.1, which alone say what was known of the credential.
 */
export function modelLog(logger: Logger, { authFacts, next }: ModelLogOptions): ModelObserver {
  const spanOf = (scope: AskedFor | undefined): Logger => turnSpan(logger, scope?.turnId);
  return {
    ...next,
    attempt(facts, scope) {
      const span = spanOf(scope);
      span.log(facts.success ? 'INFO' : 'WARN', 'model request', fieldsOfAttempt(facts));
      logTags(span, authFacts.attempt(facts));
      next.attempt(facts, scope);
    },
    recovery(facts, scope) {
      const span = spanOf(scope);
      const level = facts.outcome === 'recovery_succeeded' ? 'INFO' : 'WARN';
      span.log(level, 'recovery from a 401', fieldsOfRecovery(facts));
      logTags(span, authFacts.recovery(facts));
      next.recovery(facts, scope);
    },
    fallback() {
      logger.log('WARN', 'WebSockets were given up for HTTP');
      next.fallback?.();
    },
  };
}

const fieldsOfAttempt = (facts: AttemptFacts): LogFields => ({
  kind: bare(facts.kind),
  endpoint: facts.endpoint,
  attempt: facts.attempt,
  duration_ms: Math.round(facts.durationMs),
  'http.response.status_code': facts.httpStatus,
  'error.message': facts.error,
  request_id: facts.upstreamRequestId ?? facts.requestId,
});

const fieldsOfRecovery = (facts: RecoveryFacts): LogFields => ({
  'auth.mode': facts.mode,
  'auth.step': facts.phase,
  'auth.outcome': facts.outcome,
  'auth.recovery_reason': facts.reason,
  'auth.state_changed': facts.authStateChanged,
});
