import type { JsonObject } from '../../../host/json.ts';
import type { ModelError, ModelFailure } from '../error.ts';
import { modelError, streamError } from './failure.ts';
import { objectAt, stringAt } from './json-parts.ts';
import { retryDelayMs } from './retry-delay.ts';

export const OVERLOADED_CODES: ReadonlySet<string> = new Set(['server_is_overloaded', 'slow_down']);

/** For a refusal that comes without words. */
export const CYBER_POLICY_MESSAGE =
  'the provider refuses this request because it may be about attacks on computers';
const INVALID_PROMPT_MESSAGE = 'the provider refuses this request as invalid';

/**
 * What `response.failed` means to the turn, by `response.error.code` (spec/transport.md 1.5).
 * @param nowMs wall time
 */
export function errorOfFailedResponse(response: JsonObject | undefined, nowMs: number): ModelError {
  const error = objectAt(response, 'error');
  if (!error) return streamError('the provider ended the response as failed, without a reason');
  const code = stringAt(error, 'code');
  const message = stringAt(error, 'message');
  const failure = failureOfCode(code, message);
  if (failure) return modelError(failure, nowMs);
  const delayMs = code === 'rate_limit_exceeded' ? retryDelayMs(message ?? '') : undefined;
  return streamError(message ?? 'the provider ended the response as failed', delayMs);
}

function failureOfCode(code: string | undefined, message: string | undefined): ModelFailure | undefined {
  switch (code) {
    case 'context_length_exceeded':
      return { kind: 'context_window_exceeded' };
    case 'insufficient_quota':
      return { kind: 'quota_exceeded' };
    case 'usage_not_included':
      return { kind: 'usage_not_included' };
    case 'cyber_policy':
      return { kind: 'cyber_policy', message: message?.trim() || CYBER_POLICY_MESSAGE };
    case 'invalid_prompt':
      return { kind: 'invalid_request', message: message ?? INVALID_PROMPT_MESSAGE };
    default:
      return code !== undefined && OVERLOADED_CODES.has(code) ? { kind: 'server_overloaded' } : undefined;
  }
}

/** What `response.incomplete` means: the answer stopped before its end. */
export const errorOfIncompleteResponse = (response: JsonObject | undefined): ModelError =>
  streamError(
    `the response is incomplete: ${stringAt(objectAt(response, 'incomplete_details'), 'reason') ?? 'unknown'}`,
  );
