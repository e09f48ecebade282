import type { AttemptFacts, AuthEnvironmentFacts, RecoveryFacts } from './facts/attempt.ts';

/** Every tag of spec/transport.md 5.1; a value that is not known is an empty string, so that nothing stale stays. */
export type AuthTags = Readonly<Record<string, string>>;

/**
 * What is known of authentication, from one source: `auth_*` is the latest attempt, `auth_401_*` the evidence of the latest
 * 401, which later attempts preserve, `auth_recovery_*` what recovery did and how its follow-up went (DESIGN 5).
 * OpenTelemetry, feedback tags and the rollout trace all take their facts from here.
 */
export interface AuthFacts {
  /** The tags that this attempt sets, which are also kept. */
  attempt(facts: AttemptFacts): AuthTags;
  recovery(facts: RecoveryFacts): AuthTags;
  /** All tags as they stand now. */
  tags(): AuthTags;
}

export type CreateAuthFacts = (environment: AuthEnvironmentFacts) => AuthFacts;
