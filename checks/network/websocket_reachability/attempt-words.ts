import { DEFAULT_WEBSOCKET_TIMEOUT_MS } from '../../../src/target/provider/facts.ts';
import { nameOf } from '../parts/failed-attempt.ts';
import type { FailedAttempt, Words } from '../parts/failed-attempt.ts';
import type { WebSocketEvidence } from './evidence.ts';
import { overHttp } from './over-http.ts';
import { fallsBack, letThrough } from './words.ts';

type CauseAndRemedy = Pick<Words, 'cause' | 'remedy'>;

/** An answer of which the head has begun, or that is none. The shared words know only those that never came. */
export function causeOfHalfAnswer(attempt: FailedAttempt, seen: WebSocketEvidence): string | undefined {
  const { outcome } = seen.websocket;
  const name = nameOf(attempt, seen.situation);
  if (outcome.kind === 'not_http' && attempt.hop === 'endpoint' && overHttp(seen).state === 'works')
    return `${name} answers the upgrade with something that is not HTTP`;
  const isHalf = 'receivedBytes' in outcome && (outcome.receivedBytes ?? 0) > 0;
  if (!isHalf) return undefined;
  return outcome.kind === 'silent'
    ? `${name} begins to answer the upgrade and stops in the middle of the head`
    : `The connection to ${name} ends in the middle of the answer to the upgrade`;
}

/** HTTP to the same host works, which tells more about who is at fault. */
export function besideWorkingHttp(
  { cause, remedy }: CauseAndRemedy,
  attempt: FailedAttempt,
  seen: WebSocketEvidence,
): CauseAndRemedy {
  const { failure, trace } = attempt;
  const { name, variable } = overHttp(seen);
  if (variable !== trace.proxy?.variable) {
    const way = variable === undefined ? 'without a proxy' : `through the proxy of ${variable}`;
    return {
      cause: `${cause}, while ${name} works ${way}`,
      remedy: `Send both the same way: network.env says which variable or entry of NO_PROXY divides them. Or else: ${remedy} ${fallsBack(seen)}`,
    };
  }
  const isAnswered = failure.phase === 'websocket' || failure.phase === 'protocol';
  return {
    cause: `${cause}, while ${name} works`,
    remedy: `${waitLonger(attempt, seen)}${
      isAnswered && attempt.hop === 'endpoint' ? letThrough(seen) : `${remedy} ${fallsBack(seen)}`
    }`,
  };
}

/** Where the user has set a shorter limit than the agent has by itself. */
function waitLonger({ failure }: FailedAttempt, { provider }: WebSocketEvidence): string {
  const limitMs = provider.websocketConnectTimeoutMs;
  return failure.class === 'timeout' && limitMs < DEFAULT_WEBSOCKET_TIMEOUT_MS
    ? `If the way is only slow, raise websocket_connect_timeout_ms of model_providers.${provider.id} (${limitMs}). `
    : '';
}
