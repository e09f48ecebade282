import { first } from '../../../net/http/answer.ts';
import type { AnswerHeaders } from '../../../net/http/answer.ts';
import type { AnswerIds } from '../../../telemetry/facts/attempt.ts';
import { objectAt, parseJson, stringAt } from './json-parts.ts';

/** `x-request-id`, the only name under which a successful answer is known upstream (trap 6). */
export const upstreamRequestIdOf = (headers: AnswerHeaders): string | null =>
  first(headers, 'x-request-id') ?? null;

/** What identifies an error answer, from its headers alone (spec/transport.md 5.3). */
export function answerIds(headers: AnswerHeaders): AnswerIds {
  const requestId = first(headers, 'x-request-id') ?? first(headers, 'x-oai-request-id');
  const cfRay = first(headers, 'cf-ray');
  const authorizationError = first(headers, 'x-openai-authorization-error');
  const authorizationErrorCode = errorCodeOf(first(headers, 'x-error-json'));
  return {
    ...(requestId !== undefined && { requestId }),
    ...(cfRay !== undefined && { cfRay }),
    ...(authorizationError !== undefined && { authorizationError }),
    ...(authorizationErrorCode !== undefined && { authorizationErrorCode }),
  };
}

/** Standard base64, not the kind for URLs; what cannot be decoded hides nothing else (trap 38). */
function errorCodeOf(value: string | undefined): string | undefined {
  if (value === undefined || value.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(value))
    return undefined;
  const decoded = parseJson(Buffer.from(value, 'base64').toString('utf8'));
  return stringAt(objectAt(decoded, 'error'), 'code');
}
