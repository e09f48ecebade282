import { ModelError } from '../error.ts';
import type { ModelFailure } from '../error.ts';
import { describeStatus } from './describe-status.ts';
import { describeUsageLimit } from './usage-limit.ts';

/**
 * A failure with the words for the user.
 * @param nowMs wall time, for failures that tell when they end
 */
export const modelError = (failure: ModelFailure, nowMs: number): ModelError =>
  new ModelError(failure, describeFailure(failure, nowMs));

/** The common case: the stream broke, and asking again may help. */
export const streamError = (message: string, delayMs?: number): ModelError =>
  new ModelError({ kind: 'stream', message, ...(delayMs !== undefined && { delayMs }) }, message);

function describeFailure(failure: ModelFailure, nowMs: number): string {
  switch (failure.kind) {
    case 'stream':
    case 'timeout':
    case 'input_output':
    case 'cyber_policy':
    case 'invalid_request':
    case 'refresh_failed':
    case 'fatal':
      return failure.message;
    case 'unexpected_status':
      return describeStatus(failure.facts);
    case 'internal_server_error':
      return "the model's provider is having trouble (HTTP 500); please try again";
    case 'server_overloaded':
      return 'the chosen model is overloaded; try another one, or wait a little';
    case 'context_window_exceeded':
      return "the conversation no longer fits into the model's context window; start a new thread or compact this one";
    case 'quota_exceeded':
      return 'the quota of the account is used up; look at its plan and billing';
    case 'usage_not_included':
      return 'the plan of the account does not include this use';
    case 'invalid_image':
      return 'the provider cannot read an image of the conversation';
    case 'usage_limit_reached':
      return describeUsageLimit(failure, nowMs);
    case 'retry_limit':
      return `the provider asks for fewer requests (HTTP ${failure.status})${failure.requestId === undefined ? '' : `, request id ${failure.requestId}`}`;
    case 'credential_variable_missing':
      return [
        `the variable ${failure.variable} is not set`,
        ...(failure.instructions === undefined ? [] : [failure.instructions]),
      ].join('. ');
  }
}
