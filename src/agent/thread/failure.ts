import { isRetryable, ModelError } from '../model/error.ts';
import type { ModelFailure } from '../model/error.ts';
import type { ErrorInfo } from '../protocol/error-info.ts';

/** Why a turn ended before it was done. */
export interface TurnError {
  readonly message: string;
  readonly info: ErrorInfo;
}

/** What an error means for the turn that it ends. */
export function turnErrorOf(error: unknown): TurnError {
  const message = error instanceof Error ? error.message : 'something failed that gave no reason';
  return { message, info: error instanceof ModelError ? infoOf(error.failure) : { kind: 'other' } };
}

/** The request is worth another try; a bug of ours is not. */
export const isWorthRetrying = (error: unknown): error is ModelError =>
  error instanceof ModelError && isRetryable(error.failure);

/** spec/transport.md 1.6, last lines: only a login that is gone for good is `unauthorized`, a spent 401 is `other`. */
function infoOf(failure: ModelFailure): ErrorInfo {
  switch (failure.kind) {
    case 'context_window_exceeded':
    case 'server_overloaded':
    case 'cyber_policy':
    case 'internal_server_error':
      return { kind: failure.kind };
    case 'usage_limit_reached':
    case 'quota_exceeded':
    case 'usage_not_included':
      return { kind: 'usage_limit_exceeded' };
    case 'retry_limit':
      return { kind: 'response_too_many_failed_attempts', http_status_code: failure.status };
    case 'refresh_failed':
      return { kind: 'unauthorized' };
    case 'invalid_image':
      return { kind: 'bad_request' };
    case 'stream':
    case 'timeout':
    case 'unexpected_status':
    case 'input_output':
    case 'invalid_request':
    case 'credential_variable_missing':
    case 'fatal':
      return { kind: 'other' };
  }
}

/** The same for the log, which repeats no words of a server; those of a fault of ours it does. */
export function causeOf(error: unknown): string {
  if (!(error instanceof ModelError)) return turnErrorOf(error).message;
  const status = statusOf(error.failure);
  return status === null ? error.failure.kind : `${error.failure.kind} ${status}`;
}

/** The same without any words: the kind of failure, or the name of what was thrown. */
export function classOf(error: unknown): string {
  if (error instanceof ModelError) return causeOf(error);
  return error instanceof Error ? error.name : 'unknown';
}

/** The HTTP status behind a failure, where one is known. */
export function statusOf(failure: ModelFailure): number | null {
  switch (failure.kind) {
    case 'stream':
      return failure.httpStatus ?? null;
    case 'unexpected_status':
      return failure.facts.status;
    case 'internal_server_error':
      return 500;
    default:
      return null;
  }
}
