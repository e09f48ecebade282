import type { AnswerIds, AttemptFacts, AuthEnvironmentFacts, RecoveryFacts } from './facts/attempt.ts';

/** Every tag of spec/transport.md 5.1; a value that is not known is an empty string, so that nothing stale stays. */
export type AuthTags = Readonly<Record<string, string>>;

/**
 * What is known of authentication, from one source: `auth_*` is the latest attempt, `auth_401_*` the evidence of the latest
 * 401, which later attempts preserve, `auth_recovery_*` what recovery did and how its follow-up went (DESIGN 5).
 * OpenTelemetry, feedback tags and the rollout trace all take their facts from here.
 */
export interface AuthFacts {
  /** The tags that this attempt sets, which are also kept; the id of its answer is among them where it has one. */
  attempt(facts: AttemptFacts): AuthTags;
  recovery(facts: RecoveryFacts): AuthTags;
  /** Ids of the latest answer of the model; what an answer does not say stays as it was. */
  response(ids: ResponseIds): AuthTags;
  /** All tags as they stand now. */
  tags(): AuthTags;
}

export interface ResponseIds {
  readonly responseId?: string | null;
  readonly upstreamRequestId?: string | null;
}

/** The list of models: no recovery follows it, and it is not what a conversation was answered with. */
const MODELS = '/models';

/**
 * Values are plain: `true`, `http`, no quotes around them. Nothing of a body and no error text is among them.
 * @param environment which credential variables are set; the same for every attempt
 */
export function createAuthFacts(environment: AuthEnvironmentFacts): AuthFacts {
  const fixed = tagsOfEnvironment(environment);
  const kept = new Map<string, string>();
  const keep = (tags: AuthTags): AuthTags => {
    for (const [name, value] of Object.entries(tags)) kept.set(name, value);
    return tags;
  };
  return {
    attempt: (facts) => keep({ ...tagsOfAttempt(facts), ...fixed, ...tagsOfResponse(answerOf(facts)) }),
    recovery: (facts) => keep(tagsOfRecovery(facts)),
    response: (ids) => keep(tagsOfResponse(ids)),
    tags: () => Object.fromEntries(kept),
  };
}

/** The group that every attempt writes whole (trap 35). It has no tag of `auth_401_*`, which outlives attempts (trap 36). */
function tagsOfAttempt(facts: AttemptFacts): AuthTags {
  const { endpoint, retryAfterUnauthorized, recovery } = facts;
  const isFollowUp = retryAfterUnauthorized;
  return {
    endpoint,
    auth_header_attached: String(facts.authHeaderAttached),
    auth_header_name: facts.authHeaderName ?? '',
    auth_mode: facts.authMode ?? '',
    auth_retry_after_unauthorized: endpoint === MODELS ? '' : String(retryAfterUnauthorized),
    auth_recovery_mode: recovery?.mode ?? '',
    auth_recovery_phase: recovery?.phase ?? '',
    auth_connection_reused: textOf(facts.connectionReused),
    ...tagsOfAnswer('auth', facts),
    auth_recovery_followup_success: isFollowUp ? String(facts.success) : '',
    // A WebSocket that opened has no status (trap 46).
    auth_recovery_followup_status: isFollowUp ? textOf(facts.httpStatus) : '',
  };
}

const answerOf = ({ endpoint, upstreamRequestId, requestId }: AttemptFacts): ResponseIds =>
  endpoint === MODELS ? {} : { upstreamRequestId: upstreamRequestId ?? requestId ?? null };

const tagsOfResponse = ({ responseId, upstreamRequestId }: ResponseIds): AuthTags => ({
  ...(upstreamRequestId && { last_model_request_id: upstreamRequestId }),
  ...(responseId && { last_model_response_id: responseId }),
});

/** What every handled 401 writes, also where nothing could be tried; the next 401 replaces all of it. */
const tagsOfRecovery = (facts: RecoveryFacts): AuthTags => ({
  auth_recovery_mode: facts.mode,
  auth_recovery_phase: facts.phase,
  auth_recovery_outcome: facts.outcome,
  ...tagsOfAnswer('auth_401', facts),
});

const tagsOfAnswer = (prefix: 'auth' | 'auth_401', ids: AnswerIds): AuthTags => ({
  [`${prefix}_request_id`]: ids.requestId ?? '',
  [`${prefix}_cf_ray`]: ids.cfRay ?? '',
  [`${prefix}_error`]: ids.authorizationError ?? '',
  [`${prefix}_error_code`]: ids.authorizationErrorCode ?? '',
});

const tagsOfEnvironment = (environment: AuthEnvironmentFacts): AuthTags => ({
  auth_env_openai_api_key_present: String(environment.openaiApiKeyPresent),
  auth_env_codex_api_key_present: String(environment.codexApiKeyPresent),
  auth_env_codex_api_key_enabled: String(environment.codexApiKeyEnabled),
  auth_env_provider_key_name: environment.providerKeyName ?? '',
  auth_env_provider_key_present: textOf(environment.providerKeyPresent),
  auth_env_refresh_token_url_override_present: String(environment.refreshTokenUrlOverridePresent),
});

const textOf = (value: boolean | number | undefined): string => (value === undefined ? '' : String(value));
