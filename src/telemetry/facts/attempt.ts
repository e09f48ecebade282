/** Ids of an error answer, from its headers alone (spec/transport.md 5.3). */
export interface AnswerIds {
  readonly requestId?: string;
  readonly cfRay?: string;
  readonly authorizationError?: string;
  readonly authorizationErrorCode?: string;
}

export interface AttemptFacts extends AnswerIds {
  readonly kind: 'http' | 'websocket_connect' | 'websocket_request';
  /** `/responses`, `/responses/compact`, `/models`. */
  readonly endpoint: string;
  /** 0 for the first attempt of a request. */
  readonly attempt: number;
  readonly durationMs: number;
  readonly httpStatus?: number;
  /** `http <status>`, or the transport's own words; never the body. */
  readonly error?: string;
  readonly success: boolean;
  readonly authHeaderAttached: boolean;
  readonly authHeaderName?: string;
  readonly authMode?: string;
  readonly retryAfterUnauthorized: boolean;
  /** The step of the recovery that this attempt follows. */
  readonly recovery?: { readonly mode: RecoveryMode; readonly phase: RecoveryPhase };
  readonly connectionReused?: boolean;
  /** `x-request-id` of an HTTP answer that was no error, for a stream that may still fail or be left (trap 6). */
  readonly upstreamRequestId?: string;
}

export type RecoveryMode = 'managed' | 'external' | 'none';
export type RecoveryPhase = 'reload' | 'refresh_token' | 'external_refresh' | 'done' | 'none';
export type RecoveryOutcome =
  | 'recovery_succeeded'
  | 'recovery_failed_permanent'
  | 'recovery_failed_transient'
  | 'recovery_not_run';
export type RecoveryNotRunReason =
  | 'auth_manager_missing'
  | 'not_refreshable_auth'
  | 'not_chatgpt_auth'
  | 'no_external_auth'
  | 'recovery_exhausted';

export interface RecoveryFacts extends AnswerIds {
  readonly mode: RecoveryMode;
  /** The step before it ran. */
  readonly phase: RecoveryPhase;
  readonly outcome: RecoveryOutcome;
  readonly reason?: RecoveryNotRunReason;
  /** Only on success. */
  readonly authStateChanged?: boolean;
}

export interface StreamEventFacts {
  readonly transport: 'http' | 'websocket';
  /** `type` of the event, `parse_error`, `unknown`. */
  readonly kind: string;
  readonly durationMs: number;
  readonly error?: string;
  /** `timing_metrics` of `responsesapi.websocket_timing`. */
  readonly timing?: Readonly<Record<string, number>>;
}

/** Which credential variables are set: names and presence, never values (spec/transport.md 5.1, last rows). */
export interface AuthEnvironmentFacts {
  readonly openaiApiKeyPresent: boolean;
  readonly codexApiKeyPresent: boolean;
  readonly codexApiKeyEnabled: boolean;
  /** Never the real name: users paste secrets into `env_key` (trap 37). */
  readonly providerKeyName: 'configured' | undefined;
  readonly providerKeyPresent: boolean | undefined;
  readonly refreshTokenUrlOverridePresent: boolean;
}
