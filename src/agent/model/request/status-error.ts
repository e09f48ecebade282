import { first } from '../../../net/http/answer.ts';
import type { AnswerHeaders } from '../../../net/http/answer.ts';
import type { ModelError, ModelFailure } from '../error.ts';
import { answerIds } from './answer-ids.ts';
import { shownBody } from './describe-status.ts';
import { CYBER_POLICY_MESSAGE, OVERLOADED_CODES } from './failed-response.ts';
import { modelError } from './failure.ts';
import { numberAt, objectAt, parseJson, stringAt } from './json-parts.ts';
import { activeLimitOf, promoMessageOf, rateLimitOfHeaders, reachedTypeOf } from './rate-limits.ts';

/** An answer of another status than 2xx, or an error frame of a WebSocket, which tells of one. */
export interface ErrorAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: AnswerHeaders;
  /** As far as it was read; of a frame its whole text, so that its `error` is found (trap 14). */
  readonly body: string;
  /** As `describeUrl` shows it. */
  readonly url: string;
}

/** How the API words it; there is no code for it. */
const INVALID_IMAGE = 'The image data you provided does not represent a valid image';

/**
 * What the status of an answer means to the turn (spec/transport.md 1.6).
 * @param nowMs wall time
 */
export const errorOfStatus = (answer: ErrorAnswer, nowMs: number): ModelError =>
  modelError(failureOfStatus(answer), nowMs);

function failureOfStatus(answer: ErrorAnswer): ModelFailure {
  const { status, body } = answer;
  const error = objectAt(parseJson(body), 'error');
  const code = stringAt(error, 'code');
  switch (status) {
    case 400:
      if (code === 'cyber_policy')
        return { kind: 'cyber_policy', message: stringAt(error, 'message')?.trim() || CYBER_POLICY_MESSAGE };
      if (code === 'context_length_exceeded') return { kind: 'context_window_exceeded' };
      if (body.includes(INVALID_IMAGE)) return { kind: 'invalid_image' };
      return { kind: 'invalid_request', message: shownBody(answer) };
    case 404:
      // Asking again does not bring a model into being. Codex 0.169 ends the turn here as well.
      return code === 'model_not_found'
        ? { kind: 'invalid_request', message: shownBody(answer) }
        : unexpected(answer);
    case 429:
      return failureOfTooMany(answer);
    case 500:
      return { kind: 'internal_server_error' };
    case 503:
      return code !== undefined && OVERLOADED_CODES.has(code)
        ? { kind: 'server_overloaded' }
        : unexpected(answer);
    default:
      return unexpected(answer);
  }
}

function failureOfTooMany({ status, headers, body }: ErrorAnswer): ModelFailure {
  const error = objectAt(parseJson(body), 'error');
  switch (stringAt(error, 'type')) {
    case 'usage_limit_reached': {
      const planType = stringAt(error, 'plan_type') ?? null;
      const reachedType = reachedTypeOf(headers);
      return {
        kind: 'usage_limit_reached',
        planType,
        resetsAt: numberAt(error, 'resets_at') ?? null,
        rateLimits: {
          ...rateLimitOfHeaders(headers, activeLimitOf(headers)),
          rate_limit_reached_type: reachedType,
        },
        promoMessage: promoMessageOf(headers),
        reachedType,
      };
    }
    case 'usage_not_included':
      return { kind: 'usage_not_included' };
    default: {
      if (stringAt(error, 'code') === 'insufficient_quota') return { kind: 'quota_exceeded' };
      const { requestId = first(headers, 'cf-ray') } = answerIds(headers);
      return { kind: 'retry_limit', status, ...(requestId !== undefined && { requestId }) };
    }
  }
}

const unexpected = ({ status, headers, body, url }: ErrorAnswer): ModelFailure => ({
  kind: 'unexpected_status',
  facts: { status, body: shownBody({ status, body }), url, ...answerIds(headers) },
});
