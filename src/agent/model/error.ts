import type { RateLimitSnapshot } from '../protocol/usage.ts';

/** Facts of an answer that is neither success nor one of the named failures. Holds no credential. */
export interface UnexpectedStatus {
  readonly status: number;
  /** What of it a user is shown, at most 1,000 bytes; never for telemetry. */
  readonly body: string;
  /** As `describeUrl` shows it. */
  readonly url: string;
  readonly cfRay?: string;
  readonly requestId?: string;
  readonly authorizationError?: string;
  readonly authorizationErrorCode?: string;
}

/** Why a model request failed, in the words of the core (spec/transport.md 1.5, 1.6). */
export type ModelFailure =
  | {
      readonly kind: 'stream';
      readonly message: string;
      readonly delayMs?: number;
      readonly httpStatus?: number;
    }
  | { readonly kind: 'timeout'; readonly message: string }
  | { readonly kind: 'unexpected_status'; readonly facts: UnexpectedStatus }
  | { readonly kind: 'internal_server_error' }
  | { readonly kind: 'input_output'; readonly message: string }
  | { readonly kind: 'server_overloaded' }
  | { readonly kind: 'context_window_exceeded' }
  | { readonly kind: 'quota_exceeded' }
  | { readonly kind: 'usage_not_included' }
  | { readonly kind: 'cyber_policy'; readonly message: string }
  | { readonly kind: 'invalid_image' }
  | { readonly kind: 'invalid_request'; readonly message: string }
  | {
      readonly kind: 'usage_limit_reached';
      readonly planType: string | null;
      /** Unix seconds. */
      readonly resetsAt: number | null;
      readonly rateLimits: RateLimitSnapshot | null;
      readonly promoMessage: string | null;
      readonly reachedType: string | null;
    }
  | { readonly kind: 'retry_limit'; readonly status: number; readonly requestId?: string }
  /** The login is gone for good: `reason` says how (spec/transport.md 4.5). */
  | {
      readonly kind: 'refresh_failed';
      readonly reason: 'expired' | 'exhausted' | 'revoked' | 'other';
      readonly message: string;
    }
  | {
      readonly kind: 'credential_variable_missing';
      readonly variable: string;
      readonly instructions?: string;
    }
  | { readonly kind: 'fatal'; readonly message: string };

/** A model request that failed. `message` is for the user; `failure` is for code. */
export class ModelError extends Error {
  override readonly name = 'ModelError';
  readonly failure: ModelFailure;

  constructor(failure: ModelFailure, message: string) {
    super(message);
    this.failure = failure;
  }
}

const RETRYABLE: ReadonlySet<ModelFailure['kind']> = new Set([
  'stream',
  'timeout',
  'unexpected_status',
  'internal_server_error',
  'input_output',
]);

/** The turn loop makes the request again (last column of spec/transport.md 1.6). */
export const isRetryable = ({ kind }: ModelFailure): boolean => RETRYABLE.has(kind);
