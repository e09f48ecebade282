import { isLoginExpected } from '../parts/credential.ts';
import type { WebSocketEvidence } from './evidence.ts';
import { isFaultOfHttp, overHttp } from './over-http.ts';
import type { WebSocketReading } from './reading.ts';
import { blocker } from './words.ts';

/** HTTP and WebSocket side by side, in one line that names the hop; undefined where HTTP was not asked. */
export function compareWithHttp(reading: WebSocketReading, seen: WebSocketEvidence): string | undefined {
  const { state, name, failureClass } = overHttp(seen);
  if (state === 'unknown') return undefined;
  const isRoute = reading.kind === 'refused' && isLoginExpected(seen.credential) && isLogin(reading);
  if (reading.kind === 'open' || isRoute)
    return state === 'works'
      ? `${name} and WebSocket both get through`
      : `WebSocket gets through, ${name} fails${failureClass === undefined ? '' : ` (${failureClass})`}`;
  const failureClassHere =
    reading.kind === 'setting'
      ? reading.issue.failure?.class
      : reading.kind === 'failed'
        ? reading.attempt.failure.class
        : reading.failure.class;
  if (isShared(reading, seen)) return `${name} and WebSocket fail alike (${failureClassHere ?? 'setting'})`;
  if (state === 'works') return `${name} works, WebSocket ${endOf(reading, seen)}`;
  return `both fail: ${name} with ${failureClass ?? 'no answer'}, WebSocket with ${failureClassHere ?? 'setting'}`;
}

const isLogin = ({ failure }: Extract<WebSocketReading, { kind: 'refused' }>): boolean =>
  failure.class === 'http_unauthorized' || failure.class === 'http_forbidden';

function isShared(reading: WebSocketReading, seen: WebSocketEvidence): boolean {
  switch (reading.kind) {
    case 'open':
      return false;
    case 'setting':
      return overHttp(seen).failureClass === reading.issue.failure?.class;
    case 'failed':
      return isFaultOfHttp(reading.attempt.failure, reading.attempt.hop, seen);
    case 'refused':
    case 'ended':
      return isFaultOfHttp(reading.failure, 'endpoint', seen);
  }
}

/** Where the WebSocket ends. */
function endOf(reading: Exclude<WebSocketReading, { kind: 'open' }>, seen: WebSocketEvidence): string {
  const { host } = seen.situation;
  const variable = seen.websocket.trace.proxy?.variable;
  switch (reading.kind) {
    case 'setting':
      return `is stopped by a setting, see ${reading.causedBy}`;
    case 'failed':
      if (reading.attempt.hop === 'proxy')
        return `is blocked by ${variable === undefined ? 'the proxy' : `the proxy named by ${variable}`}`;
      return reading.attempt.failure.phase === 'websocket' || reading.attempt.failure.phase === 'protocol'
        ? `is blocked by ${blocker(seen)}`
        : `fails on the way to ${host}`;
    case 'refused':
      return `is blocked by ${isOfServer(reading) ? host : blocker(seen)}`;
    case 'ended':
      return `is ended by ${reading.outcome.kind === 'closed' ? host : blocker(seen)}`;
  }
}

/** Statuses that only the endpoint itself has a reason to send. */
function isOfServer({ failure, answer }: Extract<WebSocketReading, { kind: 'refused' }>): boolean {
  return (
    ['http_unauthorized', 'http_forbidden', 'http_rate_limited', 'http_server_error'].includes(
      failure.class,
    ) || answer.status === 426
  );
}
