import type { NetworkFailure, NetworkFailureClass } from '../failure.ts';
import type { HttpAnswer } from '../outcome.ts';
import { findEdge } from './edge.ts';
import { failed } from './failed.ts';
import type { Names } from './names.ts';

/** Why an answer is a failure, or undefined when it is none. */
export function classifyAnswer(
  answer: HttpAnswer,
  as: 'http' | 'websocket',
  names: Names,
): NetworkFailure | undefined {
  const { status } = answer;
  if (status === 407)
    return failed('proxy_auth', `${names.of('proxy')} asks for credentials (HTTP 407)`, factsOf(answer));
  const interception = sayInterception(answer, as);
  if (interception !== undefined) return failed('intercepted', interception, factsOf(answer));
  const failureClass = classOf(answer, as);
  if (failureClass === undefined) return undefined;
  return failed(failureClass, say(answer, failureClass), factsOf(answer));
}

function classOf({ status, body }: HttpAnswer, as: 'http' | 'websocket'): NetworkFailureClass | undefined {
  switch (status) {
    case 401:
      return 'http_unauthorized';
    case 403:
      return 'http_forbidden';
    case 404:
      return 'http_not_found';
    case 429:
      return 'http_rate_limited';
    default:
      if (status >= 500) return 'http_server_error';
      // An upgrade is answered 101 or not at all.
      if (as === 'websocket') return 'ws_rejected';
      // LM Studio says 200 to every address, with an error in the body where it knows none.
      return status >= 200 && status <= 299 && body.kind !== 'json_error' ? undefined : 'http_other';
  }
}

/** Who answered in place of the endpoint, in words; undefined where nothing says that somebody did. */
function sayInterception(answer: HttpAnswer, as: 'http' | 'websocket'): string | undefined {
  const { status, redirect, body } = answer;
  const edge = findEdge(answer);
  if (edge?.product !== undefined)
    return `a page of ${edge.product} came in place of the endpoint's answer (${evidenceOf(answer)})`;
  if (edge) return `the network wants a log-in or blocks the endpoint (${evidenceOf(answer)})`;
  // Only the answer to an ordinary request: an upgrade that is redirected or gets a page is a rejected upgrade.
  if (as === 'websocket') return undefined;
  if (redirect && !redirect.isSameSite)
    return `the request is sent on to a stranger, ${redirect.origin} (HTTP ${status})`;
  if (status <= 299 && body.kind === 'html')
    return `a web page came where an API answers (${evidenceOf(answer)})`;
  return undefined;
}

function evidenceOf({ status, body }: HttpAnswer): string {
  return body.title === undefined ? `HTTP ${status}` : `HTTP ${status}, "${body.title}"`;
}

const SAYINGS: Partial<Record<NetworkFailureClass, string>> = {
  http_unauthorized: 'the endpoint does not accept the credential',
  http_forbidden: 'the endpoint does not allow this',
  http_not_found: 'the endpoint knows no such address',
  http_rate_limited: 'the endpoint takes no more requests for now',
  http_server_error: 'the endpoint itself is in trouble',
  ws_rejected: 'the endpoint answered the WebSocket upgrade as an ordinary request',
};
/** RFC 9110; the agent takes it as the word to go on over HTTP (spec/transport.md 2.2). */
const UPGRADE_REQUIRED = 426;

function say(answer: HttpAnswer, failureClass: NetworkFailureClass): string {
  const { status, redirect } = answer;
  const code = codeOf(answer);
  const evidence = code === undefined ? `(HTTP ${status})` : `(HTTP ${status}, ${code})`;
  if (failureClass === 'ws_rejected' && status === UPGRADE_REQUIRED)
    return `the endpoint wants plain HTTP in place of a WebSocket ${evidence}`;
  if (redirect) return `the endpoint redirects the request to ${redirect.origin} ${evidence}`;
  return `${SAYINGS[failureClass] ?? 'the endpoint refuses the request'} ${evidence}`;
}

/** The endpoint's own word for what is wrong, header before body. */
const codeOf = ({ authErrorCode, body }: HttpAnswer): string | undefined => authErrorCode ?? body.errorCode;

function factsOf(answer: HttpAnswer): Partial<NetworkFailure> {
  const { status, requestId, cfRay, retryAfterMs } = answer;
  const code = codeOf(answer);
  return {
    httpStatus: status,
    ...(code !== undefined && { code }),
    ...(requestId !== undefined && { requestId }),
    ...(cfRay !== undefined && { cfRay }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}
