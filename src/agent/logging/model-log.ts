import { bare } from '../../store/logs/logger.ts';
import type { LogFields, Logger } from '../../store/logs/logger.ts';
import type { ModelObserver } from '../model/observer.ts';
import type { AnswerIds, AttemptFacts, RecoveryFacts } from '../../telemetry/facts/attempt.ts';

/** Puts what happened to requests on record, under the names that telemetry gives the facts (spec/transport.md 5.2). */
export function modelLog(logger: Logger): ModelObserver {
  return {
    attempt: (facts) => logger.log(facts.success ? 'INFO' : 'WARN', 'model request', fieldsOfAttempt(facts)),
    recovery: (facts) =>
      logger.log(
        facts.outcome === 'recovery_succeeded' ? 'INFO' : 'WARN',
        'recovery from a 401',
        fieldsOfRecovery(facts),
      ),
    fallback: () => logger.log('WARN', 'WebSockets were given up for HTTP'),
  };
}

const fieldsOfAttempt = (facts: AttemptFacts): LogFields => ({
  kind: bare(facts.kind),
  endpoint: facts.endpoint,
  attempt: facts.attempt,
  duration_ms: Math.round(facts.durationMs),
  'http.response.status_code': facts.httpStatus,
  'error.message': facts.error,
  request_id: facts.upstreamRequestId,
  'auth.header_attached': facts.authHeaderAttached,
  'auth.mode': facts.authMode,
  'auth.retry_after_unauthorized': facts.retryAfterUnauthorized,
  'auth.recovery_mode': facts.recovery?.mode,
  'auth.recovery_phase': facts.recovery?.phase,
  'auth.connection_reused': facts.connectionReused,
  ...fieldsOfAnswer(facts),
});

const fieldsOfRecovery = (facts: RecoveryFacts): LogFields => ({
  'auth.mode': facts.mode,
  'auth.step': facts.phase,
  'auth.outcome': facts.outcome,
  'auth.recovery_reason': facts.reason,
  'auth.state_changed': facts.authStateChanged,
  ...fieldsOfAnswer(facts),
});

const fieldsOfAnswer = (ids: AnswerIds): LogFields => ({
  'auth.request_id': ids.requestId,
  'auth.cf_ray': ids.cfRay,
  'auth.error': ids.authorizationError,
  'auth.error_code': ids.authorizationErrorCode,
});
